# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The documents that match a query, while it is answered."""

import numpy as np

from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcpy

from index.search.compiled.posting_lists cimport DecodedList, first_from

# As in `posting_lists`.
cdef enum:
    BLOCK = 256
    SPAN = 1 << 14
    DENSE = 12


cdef class Matches:
    """Documents that match, ascending, with their scores, and those of clusters, while a query is answered.

    At first they are those of the list *whole*.
    """

    def __cinit__(self, DecodedList whole not None):
        self.docs = <int32_t*>malloc(4 * (whole.count + 1))
        self.scores = <double*>malloc(8 * (whole.count + 1))
        if self.docs == NULL or self.scores == NULL:
            raise MemoryError
        self.whole, self.count = whole, whole.count
        memcpy(self.docs, whole.docs, 4 * whole.count)

    def __dealloc__(self):
        free(self.docs)
        free(self.scores)
        free(self.members)

    def array(self):
        """Return the documents as NumPy has them."""
        found = np.empty(self.count, np.int64)
        cdef int64_t[::1] docs = found
        cdef Py_ssize_t i
        for i in range(self.count):
            docs[i] = self.docs[i]
        return found

    def score_array(self):
        """Return the scores as NumPy has them."""
        found = np.empty(self.count)
        cdef double[::1] scores = found
        cdef Py_ssize_t i
        for i in range(self.count):
            scores[i] = self.scores[i]
        return found

    cdef DecodedList list(self):
        """Return the documents as a list, without frequencies."""
        cdef DecodedList found = DecodedList()
        found.docs = <int32_t*>malloc(4 * (self.count + 1))
        if found.docs == NULL:
            raise MemoryError
        memcpy(found.docs, self.docs, 4 * self.count)
        found.count = self.count
        return found

    cdef void intersect(self, DecodedList other) noexcept:
        """Keep the documents that are in *other*."""
        cdef uint8_t table[SPAN]
        cdef Py_ssize_t block, i, last, row = 0, end, kept = 0
        cdef int32_t first, doc
        for block in range(0, self.count, BLOCK):
            last = min(block + BLOCK, self.count) - 1
            first = self.docs[block]
            row = first_from(other.docs, other.count, row, first)
            end = first_from(other.docs, other.count, row, self.docs[last] + 1)
            if self.docs[last] - first >= SPAN or end - row > DENSE * BLOCK:
                for i in range(block, last + 1):
                    doc = self.docs[i]
                    row = first_from(other.docs, other.count, row, doc)
                    self.docs[kept] = doc
                    kept += row < other.count and other.docs[row] == doc
                continue
            for i in range(block, last + 1):
                table[self.docs[i] - first] = 0
            while row < end:
                table[other.docs[row] - first] = 1
                row += 1
            for i in range(block, last + 1):
                doc = self.docs[i]
                self.docs[kept] = doc
                kept += table[doc - first]
        self.count = kept

    cdef void keep(self, const int64_t[::1] rows) except *:
        """Keep the documents in *rows*, which ascend."""
        cdef Py_ssize_t i
        for i in range(len(rows)):
            self.docs[i] = self.docs[rows[i]]
        self.count = len(rows)

    cdef void keep_between(self, const int32_t* days, int32_t first, int32_t last) noexcept:
        """Keep the documents whose day is from *first* to *last*."""
        cdef Py_ssize_t i, kept = 0
        cdef int32_t doc
        for i in range(self.count):
            doc = self.docs[i]
            self.docs[kept] = doc
            kept += first <= days[doc] and days[doc] <= last
        self.count = kept

    cdef void drop(self, set excluded) except *:
        cdef Py_ssize_t i, kept = 0
        for i in range(self.count):
            if self.docs[i] not in excluded:
                self.docs[kept] = self.docs[i]
                kept += 1
        self.count = kept

    cdef void group(self, const int64_t* clusters) except *:
        """Set the members of clusters that have several of the documents."""
        cdef Py_ssize_t i, j, count = 0, kept = 0
        free(self.members)
        self.repeats = 0
        for i in range(self.count):
            count += clusters[self.docs[i]] >= 0
        self.members = <int64_t*>malloc(8 * (count + 1))
        if self.members == NULL:
            raise MemoryError
        count = 0
        for i in range(self.count):
            if clusters[self.docs[i]] >= 0:
                self.members[count] = clusters[self.docs[i]] << 32 | self.docs[i]
                count += 1
        qsort(self.members, count, 8, compare_members)
        i = 0
        while i < count:
            j = i + 1
            while j < count and self.members[j] >> 32 == self.members[i] >> 32:
                j += 1
            if j - i > 1:
                self.repeats += j - i - 1
                while i < j:
                    self.members[kept] = self.members[i]
                    kept += 1
                    i += 1
            i = j
        self.member_count = kept

    cdef tuple folded(self, int64_t cluster, int32_t doc):
        """Return the other matches of the cluster of a document."""
        cdef Py_ssize_t first = 0, end = self.member_count, middle
        cdef list others = []
        while first < end:
            middle = (first + end) >> 1
            if self.members[middle] >> 32 < cluster:
                first = middle + 1
            else:
                end = middle
        while first < self.member_count and self.members[first] >> 32 == cluster:
            if <int32_t>self.members[first] != doc:
                others.append(<int32_t>self.members[first])
            first += 1
        return tuple(others)


cdef int compare_members(const void* one, const void* other) noexcept nogil:
    cdef int64_t a = (<const int64_t*>one)[0], b = (<const int64_t*>other)[0]
    return (a > b) - (a < b)
