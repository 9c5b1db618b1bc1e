cimport cython
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

from index.compiled.whole_numbers cimport WholeNumbers
from index.compiled.c cimport memory

cdef Py_ssize_t SIEVE
cdef uint64_t ONE, LOW_BITS


@cython.final
cdef class Texts:
    cdef WholeNumbers starts, low, high
    cdef list bases, counts
    cdef Py_ssize_t documents
    cdef readonly Py_ssize_t parts
    @cython.locals(token=int64_t, end=int64_t, count=int64_t, part=Py_ssize_t, counts=WholeNumbers)
    cdef int find_ends(self, Py_ssize_t doc, int64_t* ends) except -1


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
    cdef list texts, words, limits, wanted
    cdef int64_t* bases
    cdef int64_t* ends
    cdef WantedWords open(self, Py_ssize_t segment, Texts texts)
    @cython.locals(segment=Py_ssize_t, texts=Texts)
    cpdef uint64_t pairs(self, int32_t doc) except? 1


@cython.locals(found=uint64_t, before=uint64_t, places=uint64_t, low=uint64_t, word=uint64_t)
cdef uint64_t find_pairs(Texts texts, WantedWords wanted, int64_t token, const int64_t* ends) noexcept nogil
