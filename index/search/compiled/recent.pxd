cdef class RecentCache:
    cdef dict recent, older
    cdef Py_ssize_t recent_bytes, max_bytes
    cdef object find(self, key)
    cdef object keep(self, key, value)
