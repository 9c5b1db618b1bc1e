cimport cython
from libc.stdint cimport int32_t, int64_t

from index.compiled.c cimport memory

cdef double SCALE, WHOLE, LOWEST


@cython.final
cdef class RankingValues:
    cdef const int32_t[::1] days
    cdef const int64_t[::1] clusters
    cdef const double[::1] recency
    cdef bint has_recency
    cdef object id_of


@cython.final
cdef class Top:
    cdef RankingValues values
    cdef bint collapse
    cdef readonly Py_ssize_t size
    cdef Py_ssize_t most
    cdef double* keys
    cdef double* scores
    cdef int32_t* docs
    cpdef double threshold(self) noexcept nogil
    @cython.locals(key=double, same=Py_ssize_t, row=Py_ssize_t)
    cpdef int add(self, int32_t doc, double score) except -1 nogil
    @cython.locals(score=double, threshold=double)
    cdef int add_all(self, const int32_t* docs, const double* scores, Py_ssize_t count) except -1 nogil
    cdef Py_ssize_t row_of_cluster(self, int64_t cluster) noexcept nogil
    cdef void move(self, Py_ssize_t row, Py_ssize_t to) noexcept nogil
    cdef bint is_before(self, double key, int32_t doc, Py_ssize_t row) except -1 nogil
    cdef bint has_lower_id(self, int32_t doc, int32_t other) except -1 with gil
    cpdef list ranked(self)
    cpdef tuple sort_keys(self, Py_ssize_t row)


cdef double rounded(double scaled) noexcept nogil
