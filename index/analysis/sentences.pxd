from libc.stdint cimport uint8_t

cdef int _END, _CLOSING, _OPENING, _GAP, _BEGINNING, _INITIAL, _LINE_END, _STOP, _CODES
cdef Py_ssize_t _LONGEST, _LONGEST_END
cdef frozenset _ABBREVIATIONS
cdef const uint8_t[::1] _KINDS

cpdef (Py_ssize_t, Py_ssize_t, Py_ssize_t) sentence_around(
    str text, Py_ssize_t place, Py_ssize_t start, Py_ssize_t last
) except *
cdef (Py_ssize_t, Py_ssize_t) _next_break(str text, Py_ssize_t start, Py_ssize_t last) except *
cdef int _kind(Py_UCS4 letter) noexcept
cdef Py_ssize_t _skip(str text, int kind, Py_ssize_t place, Py_ssize_t last) noexcept
cdef bint _begins(str text, Py_ssize_t place, Py_ssize_t last) noexcept
cdef bint _may_end(str text, Py_ssize_t place) except -1
cdef (Py_ssize_t, Py_ssize_t) _trim(str text, Py_ssize_t start, Py_ssize_t end) except *
