cimport cython
from libc.stdint cimport int32_t, int64_t, uint64_t

from index.compiled.whole_numbers cimport WholeNumbers
from index.compiled.c cimport bits, memory

cdef Py_ssize_t SIEVE
cdef uint64_t ONE, LOW_BITS


@cython.final
cdef class PartSizes:
    cdef WholeNumbers counts
    cdef PartSizes others
    cdef int find_ends(self, Py_ssize_t part, Py_ssize_t doc, int64_t token, int64_t end, int64_t* ends) except -1 nogil


@cython.final
cdef class Texts:
    cdef WholeNumbers starts, low, high
    cdef readonly list bases
    cdef PartSizes counts
    cdef Py_ssize_t documents
    cdef readonly Py_ssize_t parts
    @cython.locals(token=int64_t, end=int64_t)
    cdef int find_ends(self, Py_ssize_t doc, int64_t* ends) except -1 nogil


@cython.final
cdef class WantedWords:
    cdef uint64_t* sieve
    cdef uint64_t* words
    cdef uint64_t* allowed
    cdef Py_ssize_t count
    cdef void set_word(self, uint64_t number, uint64_t places) noexcept
    @cython.locals(low=Py_ssize_t, high=Py_ssize_t, middle=Py_ssize_t)
    cdef uint64_t places_of(self, uint64_t word) noexcept nogil


@cython.final
cdef class AdjacentWords:
    cdef Texts texts
    cdef int32_t base
    cdef list words, limits
    cdef AdjacentWords before
    cdef WantedWords wanted
    cdef bint is_open
    cdef int64_t* ends
    cdef int open(self, Texts texts) except -1 with gil
    cpdef uint64_t pairs(self, int32_t doc) except? 1 nogil


@cython.final
cdef class Neighbours:
    cdef AdjacentWords run
    cdef Neighbours others
    cdef readonly double most
    cdef double pairs
    cdef int count(self, int32_t doc) except -1 nogil
    cpdef double boost(self, int32_t doc) except? -1 nogil


@cython.locals(row=Py_ssize_t, found=AdjacentWords)
cpdef AdjacentWords adjacent_words(list texts, list bases, list words, list limits)
@cython.locals(found=uint64_t, before=uint64_t, places=uint64_t, low=uint64_t, word=uint64_t)
cdef uint64_t find_pairs(Texts texts, WantedWords wanted, int64_t token, const int64_t* ends) noexcept nogil
@cython.locals(runs=list, run=list)
cpdef list find_runs(clause)
