# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Reads the document lists that `index/segment/doc_lists.py` describes."""

import numpy as np  # for `column_of`

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint64_t

from index.search.compiled.columns cimport Column, at, column_of

from index.segment import doc_lists

cdef enum:
    LOW_MAX = 1 << 16


cdef class DocListArrays:
    """The document lists of a segment of so many *documents*; *lists* are the same ones in Python."""

    def __init__(self, arrays, name, lists, documents):
        self.kept, self.documents = [], documents
        self.starts = column_of(arrays[f"{name}/starts"], self.kept)
        self.low = column_of(arrays[f"{name}/low"], self.kept)
        self.blocks, self.block_bits = doc_lists.block_count(documents), doc_lists.BLOCK_BITS
        self.row_pays_at = doc_lists.ROW_PAYS_AT
        if not self.starts.length or (self.low.length and self.low.size != 2):
            raise ValueError(f"{name}: document lists without extents, or of a wrong type")
        if self.blocks > 1:
            self.high = column_of(arrays[f"{name}/high"], self.kept)
            self.rows = column_of(arrays[f"{name}/rows"], self.kept)
            postings_before, rows_before = lists.before
            self.high_starts = column_of(postings_before, self.kept)
            self.row_numbers = column_of(rows_before, self.kept)

    def __len__(self):
        return self.starts.length - 1

    cdef Py_ssize_t extent(self, int64_t number, int64_t* first) except -1:
        """Set *first* to the first posting of a list, and return its length."""
        cdef int64_t end = at(self.starts, number + 1)
        first[0] = at(self.starts, number)
        if not 0 <= first[0] <= end <= self.low.length:
            raise ValueError("a posting list outside its array")
        return end - first[0]

    cdef int read(self, int64_t number, int32_t base, int32_t* docs) except -1:
        """Set *docs* to the documents of a list, ascending, each plus *base*."""
        cdef int64_t first
        cdef Py_ssize_t length = self.extent(number, &first), row
        cdef const uint16_t* low = <const uint16_t*>self.low.bytes + first
        # Loops as plain as these are compiled to instructions for many numbers at a time.
        cdef bint is_ascending = True
        if self.blocks > 1:
            self.read_blocks(number, low, length, base, docs)
        else:
            for row in range(length):
                docs[row] = base + low[row]
        for row in range(1, length):
            is_ascending &= docs[row - 1] < docs[row]
        if length and not (is_ascending and docs[0] >= base and docs[length - 1] < base + self.documents):
            raise ValueError("documents of a term that do not ascend")
        return 0

    cdef int64_t blocks_of(self, int64_t number, Py_ssize_t length) except -1:
        """Return where the blocks of a list begin: one for each posting or, if it is long, the end of each."""
        cdef int64_t place
        if length < self.row_pays_at * self.blocks:
            place = at(self.high_starts, number)
            if place + length > self.high.length:
                raise ValueError("blocks of documents outside their array")
        else:
            place = at(self.row_numbers, number) * (self.blocks + 1)
            if place + self.blocks >= self.rows.length:
                raise ValueError("blocks of documents outside their array")
        return place

    cdef int read_blocks(
        self, int64_t number, const uint16_t* low, Py_ssize_t length, int32_t base, int32_t* docs
    ) except -1:
        cdef int64_t place = self.blocks_of(number, length)
        cdef Py_ssize_t first = 0, end, row, block
        cdef int32_t before
        if length < self.row_pays_at * self.blocks:
            for row in range(length):
                docs[row] = base + low[row] + (<int32_t>at(self.high, place + row) << self.block_bits)
            return 0
        for block in range(self.blocks):
            end, before = at(self.rows, place + block + 1), base + (<int32_t>block << self.block_bits)
            if not first <= end <= length:
                raise ValueError("blocks of documents that do not ascend")
            for row in range(first, end):
                docs[row] = before + low[row]
            first = end
        if first != length:
            raise ValueError("blocks of documents that end before their list")
        return 0

    cdef Py_ssize_t find(
        self, int64_t number, const uint64_t* wanted, int32_t* rows, int32_t* docs
    ) except -1:
        """Set *rows* and *docs* to those postings of a list whose documents are wanted, and return their number.

        *wanted* has ``wanted_bits`` bits, one for each document. *rows* and *docs* have room for the whole list.
        """
        cdef int64_t first, place, end
        cdef Py_ssize_t length = self.extent(number, &first), row = 0, block, found = 0
        cdef const uint16_t* low = <const uint16_t*>self.low.bytes + first
        if self.blocks == 1:
            return find_in_block(low, 0, length, 0, wanted, rows, docs, 0)
        place = self.blocks_of(number, length)
        if length < self.row_pays_at * self.blocks:
            for row in range(length):
                block = at(self.high, place + row)
                if block >= self.blocks:
                    raise ValueError("a document in an unknown block")
                found = find_in_block(low, row, row + 1, block << self.block_bits, wanted, rows, docs, found)
            return found
        for block in range(self.blocks):
            end = at(self.rows, place + block + 1)
            if not row <= end <= length:
                raise ValueError("blocks of documents that do not ascend")
            found = find_in_block(low, row, end, block << self.block_bits, wanted, rows, docs, found)
            row = end
        return found

    cdef Py_ssize_t wanted_bits(self) noexcept:
        """Return how many documents there may be in a list, as far as ``find`` checks it: the file may be damaged."""
        return (self.blocks << self.block_bits) + LOW_MAX


cdef inline Py_ssize_t find_in_block(
    const uint16_t* low, Py_ssize_t row, Py_ssize_t end, Py_ssize_t base, const uint64_t* wanted,
    int32_t* rows, int32_t* docs, Py_ssize_t found
) noexcept:
    cdef Py_ssize_t doc
    # Without a branch, which the processor would often mispredict.
    while row < end:
        doc = base + low[row]
        rows[found], docs[found] = <int32_t>row, <int32_t>doc
        found += wanted[doc >> 6] >> (doc & 63) & 1
        row += 1
    return found
