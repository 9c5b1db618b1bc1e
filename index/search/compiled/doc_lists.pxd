cimport cython
from libc.stdint cimport int32_t, int64_t, uint64_t

from index.compiled.whole_numbers cimport WholeNumbers

cdef int64_t LOW_MAX


@cython.final
cdef class DocListArrays:
    cdef WholeNumbers starts, low, high, rows, high_starts, row_numbers
    cdef Py_ssize_t blocks, documents, block_bits, row_pays_at
    cpdef int64_t first(self, int64_t number) noexcept nogil
    cpdef Py_ssize_t size(self, int64_t number) except -1 nogil
    @cython.locals(is_ascending=bint, is_inside=bint)
    cdef Py_ssize_t read(self, int64_t number, int32_t base, int32_t* docs, Py_ssize_t place) except -1 nogil
    cdef int64_t blocks_of(self, int64_t number, Py_ssize_t size) except -1 nogil
    @cython.locals(before=int32_t)
    cdef int read_blocks(
        self, int64_t number, Py_ssize_t size, int32_t base, int32_t* docs, Py_ssize_t place
    ) except -1 nogil
    cpdef Py_ssize_t find(self, int64_t number, const uint64_t[::1] wanted, int32_t[::1] rows, int32_t[::1] docs) except -1 nogil
    cdef Py_ssize_t wanted_bits(self) noexcept nogil


cdef Py_ssize_t find_in_block(
    DocListArrays lists, int64_t first, Py_ssize_t row, Py_ssize_t end, int64_t before, const uint64_t[::1] wanted,
    int32_t[::1] rows, int32_t[::1] docs, Py_ssize_t found
) noexcept nogil
