from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t

from index.search.compiled.columns cimport Column
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.small_numbers cimport SmallNumberArrays


# Lists are read in blocks of documents, by tables of the documents that these span: within the processor's first
# cache, and without branches, which it would mispredict. If a list has more postings for each document than
# DENSE, searching it is faster.
cdef enum:
    BLOCK = 256
    SPAN = 1 << 14
    DENSE = 12


cdef class DecodedList:
    cdef int32_t* docs
    cdef float* frequencies
    cdef Py_ssize_t count
    cdef bint has_frequencies
    cdef void reserve(self, Py_ssize_t room) except *
    cdef Py_ssize_t first_from(self, Py_ssize_t row, int32_t doc) noexcept nogil


cdef class FieldTerms:
    cdef list kept
    cdef Column terms, offsets, starts, words, lists
    cdef bint has_starts, has_lists
    cdef int64_t word_count, list_count
    cdef Py_ssize_t find(self, str text) except -2
    cdef list words_of(self, Py_ssize_t place)
    cdef int64_t list_of(self, Py_ssize_t place) except -2


cdef class SegmentTerms:
    cdef dict fields
    cdef DocListArrays words, unions
    cdef int64_t word_count
    cdef Py_ssize_t extent(self, int64_t number, int64_t* first) except -1


cdef class Segment:
    cdef readonly object reader
    cdef object kept
    cdef SegmentTerms terms
    cdef int64_t base, count
    cdef SmallNumberArrays weights, union_weights
    cdef const uint8_t* live
    cdef void read(self, int64_t number, DecodedList found) except *


cdef class PostingLists:
    cdef readonly list segments
    cdef readonly int64_t blocks  # decoded so far
    cdef RecentCache cache
    cdef void count(self, Py_ssize_t postings) noexcept
    cdef DecodedList find(self, tuple numbers, bint is_kept)
    cdef DecodedList read(self, tuple numbers)


cdef DecodedList list_of_postings(object postings)
cdef DecodedList list_of_docs(object docs)
cdef DecodedList list_of_bits(const uint64_t* bits, Py_ssize_t documents)
cdef DecodedList union_of(list lists)


cdef inline Py_ssize_t first_from(const int32_t* docs, Py_ssize_t count, Py_ssize_t row, int32_t doc) noexcept nogil:
    """Return the first row from *row* on whose document is not before *doc*; it is probably near."""
    cdef Py_ssize_t step = 1, high, middle
    if row < count and docs[row] >= doc:
        return row
    while row + step < count and docs[row + step] < doc:
        row += step
        step *= 2
    high = min(row + step, count)
    row += 1
    while row < high:
        middle = (row + high) >> 1
        if docs[middle] < doc:
            row = middle + 1
        else:
            high = middle
    return min(row, count)
