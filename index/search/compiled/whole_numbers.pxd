cimport cython
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t


@cython.final
cdef class WholeNumbers:
    cdef readonly Py_ssize_t length
    cdef readonly int size  # bytes of a number
    cdef const uint8_t[::1] ones
    cdef const uint16_t[::1] twos
    cdef const uint32_t[::1] fours
    cdef const int64_t[::1] eights
    cpdef int64_t at(self, Py_ssize_t row) noexcept nogil
    cpdef Py_ssize_t first_from(self, int64_t value) noexcept nogil
