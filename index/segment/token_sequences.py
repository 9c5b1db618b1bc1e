"""The words of documents in the order of their texts."""

from collections.abc import Sequence

import numpy as np

from index.segment.array_file import Array, ArrayFile
from index.segment.doc_lists import Docs, ranges, taken
from index.segment.doc_sets import Rows, places_of

# The lower bits of a word's number stand in an array of their own, and tell most words apart.
LOW_BITS = 16


class Sequences:
    """Which words stand where, document by document: what a page of hits is marked from."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._arrays = arrays
        self._starts = arrays["span/starts"]
        self._low, self._high = arrays["span/words"], arrays["span/words_high"]
        self._last: tuple[bytes, tuple[Array, Array, Array]] = (
            b"\0",
            (self._starts, self._starts, self._starts),
        )
        self.bases: list[int] = [base for base, _ in arrays.meta["parts"]]

    def counts(self, docs: Docs) -> Array:
        """Return how many tokens each part of each of *docs* has."""
        columns = [self._arrays[f"part/{base}"][docs] for base in self.bases]
        return np.array(columns, np.int64).reshape(len(columns), len(docs)).T

    def extents(self, docs: Docs) -> tuple[Array, Array]:
        """Return the first token of each of *docs* and how many there are."""
        firsts = self._starts[docs].astype(np.int64)
        return firsts, self._starts[docs + 1].astype(np.int64) - firsts

    def words(self, docs: Docs) -> Array:
        """Return the words of *docs*, one text after another."""
        extents = self.extents(docs)
        return _joined(taken(self._low, *extents), taken(self._high, *extents))

    def bearing(self, words: Sequence[int], docs: Docs) -> tuple[Rows, Docs]:
        """Return pairs of a row of *docs* and a token there that is one of the ascending *words*."""
        firsts, lengths = self.extents(docs)
        numbers = np.array(words, np.int64)
        low = taken(self._low, firsts, lengths)
        sieve = np.zeros(1 << LOW_BITS, bool)
        sieve[numbers & ((1 << LOW_BITS) - 1)] = True
        some = sieve.take(low).nonzero()[0]
        ends = np.cumsum(lengths)
        rows = ends.searchsorted(some, "right")
        tokens = some + (firsts - ends + lengths)[rows]
        kept = places_of(words, _joined(low[some], self._high[tokens]))
        return rows[kept], tokens[kept]

    def words_near(self, tokens: Docs, shift: int) -> Array:
        """Return the words so many tokens after each of *tokens*, or before it; at the edges anything."""
        places = (tokens + shift).clip(0, len(self._low) - 1)
        return _joined(self._low[places], self._high[places])

    def tokens(self, docs: Docs, positions: Array) -> Array:
        """Return which token stands at each of *positions* of *docs*, pair by pair."""
        part = self._parts(positions)
        tokens: Array = self._starts[docs] + (positions - np.array(self.bases)[part])
        for number, base in enumerate(self.bases[:-1]):
            later = (part > number).nonzero()[0]
            tokens[later] += self._arrays[f"part/{base}"][docs[later]]
        return tokens

    def part_of(self, docs: Docs, tokens: Docs) -> tuple[Array, Array]:
        """Return the first token of the part that each of *tokens* of *docs* is in, and its end."""
        counts = self.counts(docs)
        ends = self._starts[docs].astype(np.int64)[:, None] + np.cumsum(counts, axis=1)
        part = (ends <= tokens[:, None]).sum(axis=1)
        every = np.arange(len(docs))
        return (ends - counts)[every, part], ends[every, part]

    def _parts(self, positions: Array) -> Array:
        return np.searchsorted(np.array(self.bases), positions, "right") - 1

    def read(self, docs: Docs) -> tuple[Array, Array, Array]:
        """Return the words of *docs*, and for each the row of its document and its position."""
        key = docs.tobytes()
        last = self._last
        if last[0] != key:
            # Each word of a query asks for the same page; another thread's page in between costs only time.
            last = self._last = key, self._read(docs)
        return last[1]

    def _read(self, docs: Docs) -> tuple[Array, Array, Array]:
        words, (_, lengths) = self.words(docs), self.extents(docs)
        counts = self.counts(docs)
        positions = ranges(np.tile(np.array(self.bases), len(docs)), counts.reshape(-1))
        return words, np.repeat(np.arange(len(docs)), lengths), positions


def _joined(low: Array, high: Array) -> Array:
    words = high.astype(np.int64)
    words <<= LOW_BITS
    words |= low
    return words
