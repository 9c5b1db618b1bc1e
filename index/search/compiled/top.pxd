from libc.stdint cimport int32_t, int64_t


cdef struct Entry:
    double key  # the score, rounded
    double score
    int32_t day
    int32_t doc
    int64_t cluster


cdef class Top:
    cdef Entry entries[128]
    cdef Py_ssize_t size, most
    cdef object id_of
    cdef const int32_t* days
    cdef const int64_t* clusters
    cdef double threshold(self) noexcept nogil
    cdef int add(self, int32_t doc, double score) except -1
    cdef bint is_better(self, Entry* one, Entry* other) except -1
