"""Where words stand side by side: beside the rarest of them its neighbours are read from the texts."""

from collections.abc import Sequence

import numpy as np

from index.segment.doc_lists import Docs
from index.segment.doc_sets import Rows, places_of
from index.segment.postings import Words


def side_by_side(words: Words, phrase: Sequence[Sequence[int]], docs: Docs) -> Rows:
    """Return the rows of *docs* where the words of *phrase* stand one after another.

    For each of its words *phrase* holds the numbers, ascending, that it may have.
    """
    sizes = [words.sizes(one) for one in phrase]
    rarest = sizes.index(min(sizes))
    rows, tokens = words.tokens(phrase[rarest], docs)
    beside = [(place - rarest, one) for place, one in enumerate(phrase) if place != rarest]
    for shift, one in sorted(beside, key=lambda shifted: abs(shifted[0])):
        kept = places_of(one, words.sequences.words_near(tokens, shift))
        rows, tokens = rows[kept], tokens[kept]
    # A neighbour may be the end of another part, or of another text: now there are few to look at.
    first, end = words.sequences.part_of(docs[rows], tokens)
    inside = (tokens - rarest >= first) & (tokens - rarest + len(phrase) <= end)
    return np.unique(rows[inside])
