from libc.stdint cimport int32_t, int64_t

from index.search.compiled.posting_lists cimport DecodedList


cdef class Matches:
    cdef DecodedList whole
    cdef int32_t* docs
    cdef double* scores
    cdef int64_t* members  # cluster << 32 | document of those that share a cluster, ascending
    cdef Py_ssize_t count, member_count, repeats
    cdef DecodedList list(self)
    cdef void intersect(self, DecodedList other) noexcept
    cdef void keep(self, const int64_t[::1] rows) except *
    cdef void keep_between(self, const int32_t* days, int32_t first, int32_t last) noexcept
    cdef void drop(self, set excluded) except *
    cdef void group(self, const int64_t* clusters) except *
    cdef tuple folded(self, int64_t cluster, int32_t doc)
