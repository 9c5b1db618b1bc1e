from libc.stdint cimport int32_t, int64_t, uint64_t

cdef int _SMALLEST_BITS
cdef double _FULL
cdef uint64_t _NONE, _INSTEAD_OF_NONE


cdef class HashTable:
    cdef uint64_t[::1] _keys
    cdef int32_t[::1] _numbers
    cdef Py_ssize_t _count
    cdef uint64_t _last
    cdef int _shift
    cdef int _find(self, const uint64_t[::1] keys, int64_t[::1] numbers) except -1
    cdef int _add(self, const uint64_t[::1] keys) except -1
    cdef Py_ssize_t _number(self, const uint64_t[::1] keys, int64_t[::1] numbers, int64_t[::1] firsts) except -1
    cdef inline uint64_t _place(self, uint64_t key) noexcept
    cdef int _put(self, uint64_t place, uint64_t key) except -1
    cdef int _grow(self) except -1
    cdef int _make(self, int bits) except -1


cdef uint64_t _usable(uint64_t key) noexcept
