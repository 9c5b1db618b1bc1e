cdef class RecentCache:
    cdef dict recent, older
    cdef Py_ssize_t recent_bytes, max_bytes
    cpdef object find(self, key)
    cpdef object keep(self, key, value)
    cdef int grow(self, Py_ssize_t more) except -1
