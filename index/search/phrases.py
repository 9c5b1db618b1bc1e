"""Phrase matching: words in order and near one another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.layout import PART_RANGE
from index.query import Part, Phrase, Word
from index.segment.doc_lists import Docs
from index.segment.doc_sets import Rows, find_any
from index.segment.postings import WordPostings

Ints = NDArray[np.int64]

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

    def among(self, chosen: NDArray[np.bool_]) -> "PhraseMatches":
        """Return only the *chosen* occurrences."""
        return PhraseMatches(self.rows[chosen], tuple(word[chosen] for word in self.words))


def find_phrase(phrase: Phrase, places: Callable[[Word], tuple[Ints, Ints]]) -> PhraseMatches:
    """Return the occurrences of *phrase*; *places* returns the rows and positions of a word."""
    keys = []
    for word in phrase.words:
        rows, positions = places(word)
        if word.part is not None:
            kept = is_in_part(positions, word.part).nonzero()[0]
            rows, positions = rows[kept], positions[kept]
        keys.append(keys_of(rows, positions))
    found = match_in_order(keys, phrase.slop)
    if phrase.part is None:
        return found
    first, last = PART_RANGE[phrase.part]
    return found.among((found.starts >= first) & (found.ends < last))


def is_in_part(positions: Ints, part: Part) -> NDArray[np.bool_]:
    """Tell which positions belong to a part."""
    first, last = PART_RANGE[part]
    return (positions >= first) & (positions < last)


def match_in_order(words: Sequence[Ints], slop: int) -> PhraseMatches:
    """Return the occurrences of words in order with at most *slop* others between the first and the last.

    *words* are the keys of each word. From each occurrence of the first word the nearest next word is taken,
    and so on: no other choice ends earlier.
    """
    chosen = [words[0]]
    for keys in words[1:]:
        nearest = np.searchsorted(keys, chosen[-1], "right")
        there = np.flatnonzero(nearest < len(keys))
        following = keys[nearest[there]]
        near = following - chosen[0][there] <= slop + len(words) - 1
        # Usually a key of another document is beyond the slop, but a huge slop can be typed.
        near &= following >> ROW_BITS == chosen[0][there] >> ROW_BITS
        chosen = [before[there[near]] for before in chosen]
        chosen.append(following[near])
    return PhraseMatches(chosen[0] >> ROW_BITS, tuple(keys & _POSITION for keys in chosen))


def find_adjacent(words: WordPostings, phrase: Sequence[Sequence[int]], docs: Docs) -> Rows:
    """Return the rows of *docs* with the words of *phrase* one directly after another.

    For each of its words, *phrase* has the ascending numbers that match it.
    """
    sizes = [words.sizes(one) for one in phrase]
    rarest = sizes.index(min(sizes))
    rows, tokens = words.tokens(phrase[rarest], docs)
    beside = [(place - rarest, one) for place, one in enumerate(phrase) if place != rarest]
    for shift, one in sorted(beside, key=lambda shifted: abs(shifted[0])):
        kept = find_any(one, words.sequences.words_beside(tokens, shift))
        rows, tokens = rows[kept], tokens[kept]
    # A neighbouring token may belong to another part or text. Few candidates are left to check.
    first, end = words.sequences.part_of(docs[rows], tokens)
    inside = (tokens - rarest >= first) & (tokens - rarest + len(phrase) <= end)
    return np.unique(rows[inside])
