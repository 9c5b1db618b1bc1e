"""Where words stand in order and near one another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.layout import PART_RANGE
from index.query import Part, Phrase, Word
from index.segment.doc_lists import Docs
from index.segment.doc_sets import Rows, places_of
from index.segment.postings import Words

Ints = NDArray[np.int64]

# A row of the candidate documents and a position in one number. No text has as many positions.
ROW_BITS = 40
_POSITION = (1 << ROW_BITS) - 1


def keys_of(rows: Ints, positions: Ints) -> Ints:
    """Return sorted, distinct keys of (row, position)."""
    keys = (rows << ROW_BITS) | positions
    keys.sort()
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys


@dataclass(frozen=True, slots=True)
class Standing:
    """Each place where a phrase stands: the row of the document and the position of each word."""

    rows: Ints
    words: tuple[Ints, ...]

    @property
    def starts(self) -> Ints:
        """Positions of the first word."""
        return self.words[0]

    @property
    def ends(self) -> Ints:
        """Positions of the last word."""
        return self.words[-1]

    def among(self, chosen: NDArray[np.bool_]) -> "Standing":
        """Return only these places."""
        return Standing(self.rows[chosen], tuple(word[chosen] for word in self.words))


def standing(phrase: Phrase, places: Callable[[Word], tuple[Ints, Ints]]) -> Standing:
    """Return where *phrase* stands; *places* gives the rows and positions of a word, pair by pair."""
    keys = []
    for word in phrase.words:
        rows, positions = places(word)
        if word.part is not None:
            kept = within(positions, word.part).nonzero()[0]
            rows, positions = rows[kept], positions[kept]
        keys.append(keys_of(rows, positions))
    found = in_order(keys, phrase.slop)
    if phrase.part is None:
        return found
    first, last = PART_RANGE[phrase.part]
    return found.among((found.starts >= first) & (found.ends < last))


def within(positions: Ints, part: Part) -> NDArray[np.bool_]:
    """Tell which positions are those of a part."""
    first, last = PART_RANGE[part]
    return (positions >= first) & (positions < last)


def in_order(words: Sequence[Ints], slop: int) -> Standing:
    """Return where words stand in order with at most *slop* others between the first and the last.

    *words* are the keys of each word. From every place of the first word the nearest of the next is taken,
    and so on: no other choice ends earlier.
    """
    chosen = [words[0]]
    for keys in words[1:]:
        nearest = np.searchsorted(keys, chosen[-1], "right")
        there = np.flatnonzero(nearest < len(keys))
        following = keys[nearest[there]]
        near = following - chosen[0][there] <= slop + len(words) - 1
        # A key of another document is further than any slop, but not further than every slop that is typed.
        near &= following >> ROW_BITS == chosen[0][there] >> ROW_BITS
        chosen = [before[there[near]] for before in chosen]
        chosen.append(following[near])
    return Standing(chosen[0] >> ROW_BITS, tuple(keys & _POSITION for keys in chosen))


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
