"""The words of documents in the order of their texts."""

import numpy as np

from index.columnar.format import Array, ArrayFile
from index.columnar.lists import Docs, ranges


class Sequences:
    """Which words stand where, document by document: what a page of hits is marked from."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._arrays = arrays
        self._starts = arrays["span/starts"]
        self._low, self._high = arrays["span/words"], arrays["span/words_high"]
        self.bases: list[int] = [base for base, _ in arrays.meta["parts"]]

    def counts(self, docs: Docs) -> Array:
        """Return how many tokens each part of each of *docs* has."""
        columns = [self._arrays[f"part/{base}"][docs] for base in self.bases]
        return np.array(columns, np.int64).reshape(len(columns), len(docs)).T

    def extents(self, docs: Docs) -> tuple[Array, Array]:
        """Return the first token of each of *docs* and how many there are."""
        firsts = self._starts[docs].astype(np.int64)
        return firsts, self._starts[docs + 1].astype(np.int64) - firsts

    def read(self, docs: Docs) -> tuple[Array, Array, Array]:
        """Return the words of *docs*, and for each the row of its document and its position."""
        firsts, lengths = self.extents(docs)
        places = ranges(firsts, lengths)
        words = self._low[places].astype(np.int64) | self._high[places].astype(np.int64) << 16
        counts = self.counts(docs)
        positions = ranges(np.tile(np.array(self.bases), len(docs)), counts.reshape(-1))
        return words, np.repeat(np.arange(len(docs)), lengths), positions
