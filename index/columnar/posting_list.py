"""Where one term stands: its documents and how often, across the segments of a generation."""

from functools import cached_property

import numpy as np

from index.columnar.format import Array
from index.columnar.lists import Docs
from index.columnar.sets import Sets

# A term in a larger share of the documents is looked up in a table by document: a byte for every one of them
# then costs little more than sixteen for each of the term's.
COMMON_SHARE = 1 / 32


class PostingList:
    """The documents of a term, ascending, and its weighted frequency in each."""

    def __init__(self, docs: Docs, frequencies: Array, sets: Sets) -> None:
        self.docs = docs
        self.frequencies = frequencies
        self._sets = sets
        self.is_common = len(docs) > COMMON_SHARE * sets.count
        self.nbytes = docs.nbytes + frequencies.nbytes + 256
        if self.is_common:
            self.nbytes += sets.count * frequencies.itemsize

    def __len__(self) -> int:
        return len(self.docs)

    @cached_property
    def _table(self) -> Array:
        """The frequency in every document, 0 where the term does not stand."""
        table = np.zeros(self._sets.count, self.frequencies.dtype)
        table[self.docs] = self.frequencies
        return table

    def stands_in(self, docs: Docs) -> "tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Array]":
        """Return the rows of *docs* where the term stands, and its frequency in each of these."""
        if docs is self.docs:
            return np.arange(len(docs)), self.frequencies
        if self.is_common:
            found = self._table[docs]
            rows = found.nonzero()[0]
            return rows, found[rows]
        rows, places = self._sets.intersect(docs, self.docs)
        return rows, self.frequencies[places]

    def frequency_in(self, docs: Docs) -> Array | None:
        """Return the frequency in each of *docs*, 0 where there is none; None where that is not at hand."""
        if docs is self.docs:
            return self.frequencies
        return self._table[docs] if self.is_common else None
