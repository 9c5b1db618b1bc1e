"""Where one term stands: its documents and how often, across the segments of a generation."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.columnar.format import Array
from index.columnar.lists import Docs
from index.columnar.sets import Rows, Sets

# A term in a larger share of the documents is looked up in a table by document: a byte for every one of them
# then costs little more than ten for each of the term's.
COMMON_SHARE = 1 / 32
# What BM25 makes of a frequency is below 1; an impact counts it in so many parts, rounded up.
IMPACT_PARTS = 255

Impacts = NDArray[np.uint8]


class PostingList:
    """The documents of a term, ascending; in each its weighted frequency and its impact, never 0."""

    def __init__(self, docs: Docs, frequencies: Array, norms: NDArray[np.float32], sets: Sets) -> None:
        self.docs = docs
        self.frequencies = frequencies
        self._norms = norms
        self._sets = sets
        self._is_common = len(docs) > COMMON_SHARE * sets.count
        self.nbytes = docs.nbytes + frequencies.nbytes + len(docs) + 256
        if self._is_common:
            self.nbytes += sets.count

    def __len__(self) -> int:
        return len(self.docs)

    @cached_property
    def _impacts(self) -> Impacts:
        worth = self._norms[self.docs] + self.frequencies
        np.divide(self.frequencies, worth, out=worth, casting="same_kind")
        worth *= IMPACT_PARTS
        return np.ceil(worth, out=worth).astype(np.uint8)

    @cached_property
    def _table(self) -> Impacts:
        """The impact in every document, 0 where the term does not stand."""
        table = np.zeros(self._sets.count, np.uint8)
        table[self.docs] = self._impacts
        return table

    def stands_in(self, docs: Docs) -> NDArray[np.bool_]:
        """Tell for each of *docs* whether the term stands in it."""
        if self._is_common and self._sets.is_large(docs, self.docs):
            met: NDArray[np.bool_] = self._table[docs] != 0
            return met
        there = np.zeros(len(docs), bool)
        there[self._sets.intersect(docs, self.docs)[0]] = True
        return there

    def frequencies_in(self, docs: Docs) -> tuple[Rows, Array]:
        """Return the rows of *docs* where the term stands and its frequency in each."""
        rows, places = self._sets.intersect(docs, self.docs)
        return rows, self.frequencies[places]

    def impacts_in(self, docs: Docs) -> tuple[Rows | None, Impacts]:
        """Return the rows of *docs* where the term stands and its impact in each.

        No rows are all of *docs*, where that is the quickest; then an impact may be 0.
        """
        if docs is self.docs:
            return None, self._impacts
        if self._is_common and self._sets.is_large(docs, self.docs):
            return None, self._table[docs]
        rows, places = self._sets.intersect(docs, self.docs)
        return rows, self._impacts[places]
