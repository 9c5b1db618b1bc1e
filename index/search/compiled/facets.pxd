from libc.stdint cimport int32_t, int64_t, uint8_t

from index.search.compiled.columns cimport Column


cdef class FacetCounter:
    cdef list kept
    cdef object categories
    cdef tuple names, fields
    cdef int sizes[3]
    cdef Py_ssize_t cell_count
    cdef Column cells, traits
    cdef readonly bint is_small
    cdef dict count(self, const int32_t* docs, Py_ssize_t count, const int64_t* members, Py_ssize_t member_count)
    cdef void count_values(self, const int32_t* docs, Py_ssize_t count, int32_t** counts, int32_t* traits) except *
    cdef void uncount_repeats(
        self, const int64_t* members, Py_ssize_t count, int32_t** counts, int32_t* traits
    ) except *
    cdef void values_of(self, int64_t doc, int32_t* values) noexcept nogil
