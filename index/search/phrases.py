"""Phrase matching: words in order and near one another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.layout import PART_RANGE
from index.query import Part, Phrase, Word
from index.segment import Ints

# A key combines a document row and a position. No text has 2 ** ROW_BITS positions.
ROW_BITS = 40
_POSITION = (1 << ROW_BITS) - 1


def keys_of(rows: Ints, positions: Ints) -> Ints:
    """Return the sorted, distinct keys of (row, position)."""
    keys = (rows << ROW_BITS) | positions
    keys.sort()
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys


@dataclass(frozen=True, slots=True)
class PhraseMatches:
    """The occurrences of a phrase: the document row and the position of each word."""

    rows: Ints
    words: tuple[Ints, ...]

    @property
    def starts(self) -> Ints:
        """The positions of the first word."""
        return self.words[0]

    @property
    def ends(self) -> Ints:
        """The positions of the last word."""
        return self.words[-1]

    def among(self, mask: NDArray[np.bool_]) -> "PhraseMatches":
        """Return the occurrences that *mask* selects."""
        return PhraseMatches(self.rows[mask], tuple(word[mask] for word in self.words))


def find_phrase(phrase: Phrase, places: Callable[[Word], tuple[Ints, Ints]]) -> PhraseMatches:
    """Return the occurrences of *phrase*; *places* returns the rows and positions of a word."""
    keys = []
    for word in phrase.words:
        rows, positions = places(word)
        if word.part is not None:
            is_inside = is_in_part(positions, word.part).nonzero()[0]
            rows, positions = rows[is_inside], positions[is_inside]
        keys.append(keys_of(rows, positions))
    occurrences = match_in_order(keys, phrase.slop)
    if phrase.part is None:
        return occurrences
    first, last = PART_RANGE[phrase.part]
    return occurrences.among((occurrences.starts >= first) & (occurrences.ends < last))


def is_in_part(positions: Ints, part: Part) -> NDArray[np.bool_]:
    """Return which positions belong to a part."""
    first, last = PART_RANGE[part]
    return (positions >= first) & (positions < last)


def match_in_order(words: Sequence[Ints], slop: int) -> PhraseMatches:
    """Return the occurrences of words in order with at most *slop* others between the first and the last.

    *words* are the keys of each word. After each occurrence of the first word, the nearest occurrence of each
    next word is taken; no other choice ends earlier.
    """
    matched = [words[0]]
    for keys in words[1:]:
        nearest = keys.searchsorted(matched[-1], "right")
        has_next = np.flatnonzero(nearest < len(keys))
        following = keys[nearest[has_next]]
        is_near = following - matched[0][has_next] <= slop + len(words) - 1
        # A key of another document is beyond any usual slop, but a huge slop can be typed.
        is_near &= following >> ROW_BITS == matched[0][has_next] >> ROW_BITS
        matched = [before[has_next[is_near]] for before in matched]
        matched.append(following[is_near])
    return PhraseMatches(matched[0] >> ROW_BITS, tuple(keys & _POSITION for keys in matched))
