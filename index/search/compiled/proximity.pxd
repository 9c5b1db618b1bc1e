from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from index.search.compiled.columns cimport Column


cdef class Texts:
    cdef list kept
    cdef Column starts, low, high
    cdef Column* counts
    cdef Py_ssize_t parts, documents
    cdef list bases
    cdef Py_ssize_t size(self, Py_ssize_t doc) except -1


cdef class WantedWords:
    cdef uint64_t sieve[1024]
    cdef uint64_t* words
    cdef Py_ssize_t count
    cdef uint32_t* allowed  # for each part of a text, a bit for every place whose word may be in it
    cdef uint32_t parts_of(self, uint32_t low, uint32_t high) noexcept nogil


cdef class AdjacentWords:
    cdef list texts, words, limits, wanted
    cdef int64_t* bases
    cdef WantedWords open(self, Py_ssize_t segment)
    cdef Py_ssize_t segment_of(self, int32_t doc) noexcept
    cdef uint32_t pairs(self, int32_t doc) except? 0xFFFFFFFF
