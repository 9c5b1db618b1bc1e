"""Collocations: words that often follow each other in the texts of a segment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.segment import Array
from index.segment.doc_lists import Docs, take_ranges
from index.segment.token_sequences import TokenSequences
from index.segment.token_spans import LENGTHS

WORDS_MAX = 5
"""Longer sequences are sentences of a template rather than phrases."""
SEQUENCES_MAX = 10_000
"""About the most sequences of each size; the most frequent."""
# Multipliers of the hash of a sequence: fixed, arbitrary and odd.
_MULTIPLIERS = np.random.default_rng(2018).integers(0, 2**63, WORDS_MAX, np.uint64) * np.uint64(
    2
) + np.uint64(1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of some documents in reading order."""

    words: Array
    follows: Array
    """Whether only a space separates the token from the one before it."""

    @classmethod
    def read(cls, sequences: TokenSequences, codes: Array, docs: Docs) -> "Tokens":
        """Read the tokens of *docs*; *codes* are the packed spans of the segment."""
        codes = take_ranges(codes, *sequences.extents(docs))
        follows = (codes >= 1) & (codes <= LENGTHS)  # a gap of one character
        counts = sequences.counts(docs).reshape(-1)
        heads = np.cumsum(counts) - counts
        follows[heads[counts > 0]] = False
        return cls(sequences.words(docs), follows)


class Collocation(NamedTuple):
    """Words that follow each other in at least one form."""

    stems: tuple[int, ...]
    words: tuple[int, ...]
    """The most frequent of its forms."""
    occurrences: int


def collocations(
    tokens: Tokens, stem_of: Array, is_function_word: Array, *, occurrences_min: int
) -> Iterator[Collocation]:
    """Yield the most frequent sequences of two to `WORDS_MAX` words.

    They occur at least *occurrences_min* times. *stem_of* numbers the stem of each word: its forms count
    together. *is_function_word* marks the words that can be neither first nor last.
    """
    edge = ~is_function_word[tokens.words]
    stems = stem_of[tokens.words]
    starts = np.flatnonzero(edge)
    for size in range(2, WORDS_MAX + 1):
        starts = starts[starts < len(tokens.words) - size + 1]
        starts = starts[tokens.follows[starts + size - 1]]
        ends_well = starts[edge[starts + size - 1]]
        frequent = _frequent(ends_well, _hash(stems, ends_well, size), occurrences_min)
        hashes = _hash(tokens.words, frequent.starts, size)
        for start, count in _commonest_forms(frequent, hashes):
            yield Collocation(
                tuple(stems[start : start + size].tolist()),
                tuple(tokens.words[start : start + size].tolist()),
                count,
            )


def _hash(words: Array, starts: Array, size: int) -> Array:
    total = np.zeros(len(starts), np.uint64)
    for place in range(size):
        total += words[starts + place].astype(np.uint64) * _MULTIPLIERS[place]
    return total


class _Frequent(NamedTuple):
    """The occurrences of frequent sequences: where each starts, and the number of its sequence."""

    starts: Array
    numbers: Array


def _frequent(starts: Array, hashes: Array, occurrences_min: int) -> _Frequent:
    distinct, counts = np.unique(hashes, return_counts=True)
    least = np.sort(counts)[-SEQUENCES_MAX] if len(counts) > SEQUENCES_MAX else 0
    distinct = distinct[counts >= max(occurrences_min, least)]
    if not len(distinct):
        return _Frequent(starts[:0], starts[:0])
    numbers = np.searchsorted(distinct, hashes).clip(max=len(distinct) - 1)
    found = np.flatnonzero(distinct[numbers] == hashes)
    return _Frequent(starts[found], numbers[found])


def _commonest_forms(frequent: _Frequent, hashes: Array) -> Iterator[tuple[int, int]]:
    """Yield where the commonest form of each sequence starts, and how often it occurs in all forms."""
    if not len(hashes):
        return
    order = np.lexsort((hashes, frequent.numbers))
    numbers, hashes = frequent.numbers[order], hashes[order]
    is_new = np.concatenate(([True], (numbers[1:] != numbers[:-1]) | (hashes[1:] != hashes[:-1])))
    firsts = np.flatnonzero(is_new)
    counts = np.diff(np.append(firsts, len(order)))
    totals = np.bincount(frequent.numbers)
    # The last of the forms of a sequence is its commonest.
    ranked = np.lexsort((counts, numbers[firsts]))
    best = ranked[np.append(np.diff(numbers[firsts][ranked]) != 0, True)]
    for place in best.tolist():
        first = int(firsts[place])
        yield int(frequent.starts[order[first]]), int(totals[numbers[first]])
