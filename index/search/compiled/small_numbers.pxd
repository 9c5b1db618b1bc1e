cimport cython
from libc.stdint cimport int32_t, int64_t, uint64_t

from index.compiled.whole_numbers cimport WholeNumbers

cdef int64_t AFTER_ALL


@cython.final
cdef class SmallNumberArrays:
    cdef WholeNumbers packed, other_places, others
    cdef const uint64_t[::1] words
    cdef Py_ssize_t word_count
    cdef uint64_t last_word
    cpdef Py_ssize_t first_other(self, int64_t row) noexcept nogil
    cdef int unpack(self, int64_t first, Py_ssize_t count, float* found, Py_ssize_t place) except -1 nogil
    @cython.locals(number=int64_t, four=uint64_t)
    cpdef int add_up(
        self, int64_t first, const int32_t[::1] rows, Py_ssize_t count, int64_t[::1] sums, int64_t[::1] numbers
    ) noexcept nogil
    cdef int64_t other_row(self, Py_ssize_t other) noexcept nogil


cdef uint64_t word_at(SmallNumberArrays numbers, int64_t word) noexcept nogil
cdef int64_t sum_of_pairs(uint64_t bits) noexcept nogil
cdef uint64_t twice(uint64_t bits) noexcept nogil
