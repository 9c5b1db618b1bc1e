cimport cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t

cdef Py_ssize_t TRAIT_SETS, TRAIT_BITS
cdef int64_t LOWER_HALF


cdef class FacetCounter:
    cdef tuple names
    cdef Py_ssize_t ministries, languages, years, cell_count
    cdef const uint16_t[::1] cells
    cdef const uint8_t[::1] traits
    cdef readonly bint is_small
    cdef dict count(self, const int32_t* docs, Py_ssize_t count, const int64_t* members, Py_ssize_t member_count)
    cdef void count_values(
        self, const int32_t* docs, Py_ssize_t count, int32_t[::1] cells, int32_t[::1] sets
    ) noexcept nogil
    @cython.locals(cell=Py_ssize_t)
    cdef void sum_cells(self, int32_t[::1] cells, int32_t[::1] counts) noexcept nogil
    cdef void sum_sets(self, int32_t[::1] sets, int32_t[::1] counts) noexcept nogil
    @cython.locals(run=int32_t, before=uint8_t, mine=uint8_t, doc=int64_t, cell=Py_ssize_t, year=Py_ssize_t)
    cdef void uncount_repeats(
        self, const int64_t* members, Py_ssize_t count, int32_t[::1] counts, int32_t[::1] last
    ) noexcept nogil


cdef int32_t[::1] new_numbers(Py_ssize_t count)
cdef void uncount(int32_t[::1] counts, int32_t[::1] last, Py_ssize_t value, int32_t run) noexcept nogil
@cython.locals(place=Py_ssize_t, before=Py_ssize_t)
cdef tuple ranked(names, int32_t[::1] counts, Py_ssize_t first)
