"""Collocations: words that often follow each other in the texts of a segment."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.segment import Array
from index.segment.doc_lists import Docs, take_ranges
from index.segment.token_sequences import TokenSequences
from index.writer.token_buffer import LENGTHS

WORDS_MAX = 4
"""Longer sequences are sentences of a template rather than phrases."""
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


def collocations(
    tokens: Tokens, is_function_word: Array, *, occurrences_min: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield sequences of two to `WORDS_MAX` words, each with its number of occurrences.

    *is_function_word* tells by word which ones can be neither first nor last.
    """
    edge = ~is_function_word[tokens.words]
    starts = np.flatnonzero(edge)
    for size in range(2, WORDS_MAX + 1):
        starts = starts[starts < len(tokens.words) - size + 1]
        starts = starts[tokens.follows[starts + size - 1]]
        hashes_of = _hash(tokens.words, starts, size)
        ends_well = edge[starts + size - 1]
        yield from _frequent(tokens.words, starts[ends_well], hashes_of[ends_well], size, occurrences_min)


def _hash(words: Array, starts: Array, size: int) -> Array:
    total = np.zeros(len(starts), np.uint64)
    for place in range(size):
        total += words[starts + place].astype(np.uint64) * _MULTIPLIERS[place]
    return total


def _frequent(
    words: Array, starts: Array, hashes: Array, size: int, occurrences_min: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    if not len(hashes):
        return
    distinct, counts = np.unique(hashes, return_counts=True)
    is_frequent = counts >= occurrences_min
    distinct, counts = distinct[is_frequent], counts[is_frequent]
    if not len(distinct):
        return
    places = np.searchsorted(distinct, hashes).clip(max=len(distinct) - 1)
    found = np.flatnonzero(distinct[places] == hashes)
    first = np.empty(len(distinct), np.int64)
    first[places[found][::-1]] = starts[found][::-1]  # the first of each is written last
    for start, count in zip(first.tolist(), counts.tolist(), strict=True):
        yield tuple(words[start : start + size].tolist()), count
