cimport cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t

from index.compiled.c cimport memory
from index.compiled cimport doc_bits
from index.compiled.whole_numbers cimport WholeNumbers
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.small_numbers cimport SmallNumberArrays

cdef Py_ssize_t BLOCK, SPAN, DENSE


@cython.final
cdef class DecodedList:
    cdef int32_t* docs
    cdef float* frequencies
    cdef readonly Py_ssize_t count
    cdef readonly bint has_frequencies
    cdef int reserve(self, Py_ssize_t room) except -1
    cpdef Py_ssize_t first_from(self, Py_ssize_t row, int32_t doc) noexcept nogil
    @cython.locals(is_found=bint)
    cdef Py_ssize_t look_up(
        self, const int32_t* docs, Py_ssize_t first, Py_ssize_t count, Py_ssize_t row, float* frequencies
    ) noexcept nogil
    @cython.locals(doc=int32_t)
    cdef Py_ssize_t keep_common(
        self, int32_t* docs, Py_ssize_t first, Py_ssize_t end, Py_ssize_t row, Py_ssize_t kept
    ) noexcept nogil


@cython.final
cdef class FieldTerms:
    cdef WholeNumbers terms, offsets, starts, words, lists
    cdef bint has_starts, has_lists
    cdef int64_t word_count, list_count
    cpdef Py_ssize_t find(self, str text) except -2
    cdef Py_ssize_t order(self, int64_t first, int64_t end, bytes text, Py_ssize_t size) noexcept
    @cython.locals(first=int64_t, end=int64_t)
    cpdef list words_of(self, Py_ssize_t place)
    @cython.locals(words=list)
    cpdef int64_t list_of(self, Py_ssize_t place) except -2


@cython.final
cdef class SegmentTerms:
    cdef readonly dict fields
    cdef DocListArrays words, unions
    cdef readonly int64_t word_count
    cdef readonly bint has_words
    cdef Py_ssize_t length(self, int64_t number) except -1
    cdef int64_t first(self, int64_t number) noexcept


@cython.final
cdef class Segment:
    cdef readonly object reader
    cdef readonly SegmentTerms terms
    cdef readonly int64_t base, count
    cdef bint has_deleted
    cdef SmallNumberArrays weights, union_weights
    cdef const uint8_t[::1] live
    cdef int read(self, int64_t number, DecodedList found) except -1
    cdef int drop_deleted(self, DecodedList found, Py_ssize_t first) noexcept


@cython.final
cdef class PostingLists:
    cdef readonly list segments
    cdef readonly int64_t blocks
    cdef RecentCache cache
    cpdef DecodedList find(self, tuple numbers, bint is_kept)
    cdef int count(self, Py_ssize_t postings) noexcept
    @cython.locals(segment=Segment, number=int64_t, room=Py_ssize_t)
    cdef DecodedList read(self, tuple numbers)


cpdef DecodedList list_of_postings(postings)
cpdef DecodedList list_of_docs(docs)
cdef DecodedList list_of_numbers(const int32_t[::1] numbers, Py_ssize_t count)
cdef int set_frequencies(DecodedList found, const float[::1] values) noexcept
cdef DecodedList list_of_bits(const uint64_t* marked, Py_ssize_t documents)
@cython.locals(one=DecodedList, documents=Py_ssize_t)
cpdef DecodedList union_of(list lists)
@cython.locals(step=Py_ssize_t, high=Py_ssize_t, middle=Py_ssize_t)
cdef Py_ssize_t first_from(const int32_t* docs, Py_ssize_t count, Py_ssize_t row, int32_t doc) noexcept nogil
