"""The forward index: the words of each document in reading order."""

import numpy as np

from index.segment.array_file import Array, ArrayFile
from index.segment.doc_lists import Docs, expand_ranges, take_ranges

# The low bits of word numbers have a separate array; they suffice to reject most words.
LOW_BITS = 16


class TokenSequences:
    """The words of each document in reading order, for highlighting and phrases."""

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
        """Return the number of tokens of each part of each of *docs*."""
        columns = [self._arrays[f"part/{base}"][docs] for base in self.bases]
        return np.array(columns, np.int64).reshape(len(columns), len(docs)).T

    def extents(self, docs: Docs) -> tuple[Array, Array]:
        """Return the first token of each of *docs*, and the number of tokens."""
        firsts = self._starts[docs].astype(np.int64)
        return firsts, self._starts[docs + 1].astype(np.int64) - firsts

    def words(self, docs: Docs) -> Array:
        """Return the words of *docs*, concatenated."""
        extents = self.extents(docs)
        return _combine_bits(take_ranges(self._low, *extents), take_ranges(self._high, *extents))

    def read(self, docs: Docs) -> tuple[Array, Array, Array]:
        """Return the words of *docs*, and for each word the row of its document and its position."""
        key = docs.tobytes()
        last = self._last
        if last[0] != key:
            # Every word of a query reads the same page. If another thread replaces it, it is read again.
            last = self._last = key, self._read(docs)
        return last[1]

    def _read(self, docs: Docs) -> tuple[Array, Array, Array]:
        words, (_, lengths) = self.words(docs), self.extents(docs)
        counts = self.counts(docs)
        positions = expand_ranges(np.tile(np.array(self.bases), len(docs)), counts.reshape(-1))
        return words, np.repeat(np.arange(len(docs)), lengths), positions


def _combine_bits(low: Array, high: Array) -> Array:
    words = high.astype(np.int64)
    words <<= LOW_BITS
    words |= low
    return words
