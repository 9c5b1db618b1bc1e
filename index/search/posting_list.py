"""Where one term stands: its documents and how often, across the segments of a generation."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.segment import Array
from index.segment.doc_lists import Docs
from index.segment.doc_sets import Rows, Sets

# A term in a larger share of the documents is looked up in a table by document: a byte for every one of them
# then costs little more than nine for each of the term's.
COMMON_SHARE = 1 / 32


class PostingList:
    """The documents of a term, ascending, and its weighted frequency in each, never 0."""

    def __init__(self, docs: Docs, frequencies: Array, sets: Sets) -> None:
        self.docs = docs
        self._frequencies = frequencies
        self._sets = sets
        self._is_common = len(docs) > COMMON_SHARE * sets.count
        self.nbytes = docs.nbytes + frequencies.nbytes + 256
        if self._is_common:
            self.nbytes += sets.count * frequencies.itemsize

    def __len__(self) -> int:
        return len(self.docs)

    def stands_in(self, docs: Docs) -> NDArray[np.bool_]:
        """Tell for each of *docs* whether the term stands in it."""
        if self._has_table(docs):
            met: NDArray[np.bool_] = self._table[docs] != 0
            return met
        there = np.zeros(len(docs), bool)
        there[self._sets.intersect(docs, self.docs)[0]] = True
        return there

    def frequencies_in(self, docs: Docs) -> tuple[Rows | None, Array]:
        """Return the rows of *docs* where the term stands, and its frequency in each.

        No rows are all of *docs*, where that is the quickest; then a frequency may be 0.
        """
        if docs is self.docs:
            return None, self._frequencies
        if self._has_table(docs):
            return None, self._table[docs]
        rows, places = self._sets.intersect(docs, self.docs)
        return rows, self._frequencies[places]

    def _has_table(self, docs: Docs) -> bool:
        """Tell whether there is a table, or one would pay for looking up *docs*."""
        return "_table" in self.__dict__ or (self._is_common and self._sets.is_large(docs, self.docs))

    @cached_property
    def _table(self) -> Array:
        """The frequency in every document, 0 where the term does not stand."""
        table = np.zeros(self._sets.count, self._frequencies.dtype)
        table[self.docs] = self._frequencies
        return table
