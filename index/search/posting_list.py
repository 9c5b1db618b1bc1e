"""The posting list of a term, across the segments of a generation."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.segment import Array
from index.segment.doc_lists import Docs
from index.segment.doc_sets import DocSets, Rows

# A term in a larger share of the documents gets a table with a byte per document, which is then little larger
# than the list with nine bytes per posting.
COMMON_SHARE = 1 / 32


class PostingList:
    """The documents of a term, ascending, and its weighted frequency in each, never 0."""

    def __init__(self, docs: Docs, frequencies: Array, sets: DocSets) -> None:
        self.docs = docs
        self._frequencies = frequencies
        self._sets = sets
        self._is_common = len(docs) > COMMON_SHARE * sets.count
        self.nbytes = docs.nbytes + frequencies.nbytes + 256
        if self._is_common:
            self.nbytes += sets.count * frequencies.itemsize

    def __len__(self) -> int:
        return len(self.docs)

    def occurs_in(self, docs: Docs) -> NDArray[np.bool_]:
        """Return, for each of *docs*, whether it contains the term."""
        if self._has_table(docs):
            occurs: NDArray[np.bool_] = self._table[docs] != 0
            return occurs
        occurs = np.zeros(len(docs), bool)
        occurs[self._sets.intersect(docs, self.docs)[0]] = True
        return occurs

    def frequencies_in(self, docs: Docs) -> tuple[Rows | None, Array]:
        """Return the rows of *docs* that contain the term, and its frequency in each.

        If that is faster, the rows are None, which means all of *docs*; frequencies may then be 0.
        """
        if docs is self.docs:
            return None, self._frequencies
        if self._has_table(docs):
            return None, self._table[docs]
        rows, places = self._sets.intersect(docs, self.docs)
        return rows, self._frequencies[places]

    def _has_table(self, docs: Docs) -> bool:
        """Return whether there is a table, or looking up *docs* justifies one."""
        return "_table" in self.__dict__ or (self._is_common and self._sets.is_large(docs, self.docs))

    @cached_property
    def _table(self) -> Array:
        """The frequency of the term in every document; 0 if it does not occur."""
        table = np.zeros(self._sets.count, self._frequencies.dtype)
        table[self.docs] = self._frequencies
        return table
