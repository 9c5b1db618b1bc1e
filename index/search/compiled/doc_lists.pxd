from libc.stdint cimport int32_t, int64_t, uint16_t, uint64_t

from index.search.compiled.columns cimport Column


cdef class DocListArrays:
    cdef list kept
    cdef Column starts, low, high, rows, high_starts, row_numbers
    cdef Py_ssize_t blocks, documents
    cdef int block_bits, row_pays_at
    cdef Py_ssize_t extent(self, int64_t number, int64_t* first) except -1
    cdef int read(self, int64_t number, int32_t base, int32_t* docs) except -1
    cdef int64_t blocks_of(self, int64_t number, Py_ssize_t length) except -1
    cdef int read_blocks(
        self, int64_t number, const uint16_t* low, Py_ssize_t length, int32_t base, int32_t* docs
    ) except -1
    cdef Py_ssize_t find(self, int64_t number, const uint64_t* wanted, int32_t* rows, int32_t* docs) except -1
    cdef Py_ssize_t wanted_bits(self) noexcept
