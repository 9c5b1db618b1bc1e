"""Where words stand side by side: beside the rarest of them its neighbours are read from the texts."""

from collections.abc import Sequence

import numpy as np

from index.columnar.lists import Docs
from index.columnar.postings import Words
from index.columnar.sets import NONE, Rows, places_of


def side_by_side(words: Words, phrase: Sequence[Sequence[int]], docs: Docs) -> Rows:
    """Return the rows of *docs* where the words of *phrase* stand one after another.

    For each of its words *phrase* holds the numbers, ascending, that it may have.
    """
    sizes = [sum(map(words.size, one)) for one in phrase]
    rarest = sizes.index(min(sizes))
    rows, positions = words.positions(phrase[rarest], docs)
    tokens, first, end = words.sequences.tokens(docs[rows], positions)
    beside = [(place - rarest, one) for place, one in enumerate(phrase) if place != rarest]
    for shift, one in sorted(beside, key=lambda shifted: abs(shifted[0])):
        there = tokens + shift
        inside = ((there >= first) & (there < end)).nonzero()[0]
        kept = inside[places_of(one, words.sequences.words_at(there[inside]))]
        rows, tokens, first, end = rows[kept], tokens[kept], first[kept], end[kept]
    return np.unique(rows) if len(rows) else NONE
