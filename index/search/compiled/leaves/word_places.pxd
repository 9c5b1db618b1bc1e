from libc.stdint cimport int32_t, int64_t

from index.search.compiled.phrases cimport PhraseStarts, Positions


cdef struct Hole:
    int64_t first  # as stored: the position that follows the hole
    int64_t length


cdef class WordPlaces:
    cdef int64_t* places
    cdef Py_ssize_t count, room
    cdef Py_ssize_t next  # the first that may follow an earlier word
    cdef int reserve(self, Py_ssize_t more) except -1
    cdef int64_t after(self, int64_t place) noexcept


cdef class SegmentPlaces:
    cdef Positions positions
    cdef Hole* holes
    cdef Py_ssize_t hole_count
    cdef WordPlaces places_of(self, PhraseStarts found, list words, tuple limits)
    cdef Py_ssize_t keep_in_order(
        self, list words, list parts, int64_t slop, part, int32_t* docs, Py_ssize_t count, int32_t base
    ) except -1
