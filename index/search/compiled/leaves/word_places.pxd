cimport cython
from libc.stdint cimport int32_t, int64_t, uint8_t

from index.compiled.c cimport memory
from index.compiled.whole_numbers cimport WholeNumbers
from index.search.compiled.leaves.phrases cimport Occurrences, Positions

cdef int ROW_BITS
cdef int64_t POSITION
cdef Py_ssize_t ROWS_MAX


@cython.final
cdef class WordPlaces:
    cdef int64_t* places
    cdef Py_ssize_t count, room
    cdef int reserve(self, Py_ssize_t more) except -1 nogil
    cdef int grow(self, Py_ssize_t room) except -1 with gil
    cdef Py_ssize_t first_after(self, Py_ssize_t number, int64_t place) noexcept


@cython.final
cdef class SegmentPlaces:
    cdef Positions positions
    cdef int64_t* hole_firsts  # as stored: the position that follows the hole
    cdef int64_t* hole_lengths
    cdef Py_ssize_t hole_count
    @cython.locals(number=int64_t, start=int64_t, stop=int64_t)
    cdef WordPlaces places_of(self, Occurrences found, list words, tuple limits)
    @cython.locals(row=int64_t, position=int64_t)
    cdef int append(self, WordPlaces places, Occurrences found, int64_t word, int64_t first, int64_t end) except -1 nogil
    cdef list find(self, list words, list parts, const int32_t* docs, Py_ssize_t first, Py_ssize_t count, int32_t base)
    @cython.locals(found=Occurrences)
    cdef Occurrences occurrences(self, const int32_t* docs, Py_ssize_t first, Py_ssize_t count, int32_t base)
    @cython.locals(found=Occurrences, number=int64_t, kept_count=Py_ssize_t, start=int64_t, stop=int64_t)
    cdef Py_ssize_t keep_word(
        self, list words, tuple limits, int32_t* docs, Py_ssize_t first, Py_ssize_t count, int32_t base, Py_ssize_t kept
    ) except -1
    @cython.locals(row=int64_t, place=int64_t, position=int64_t)
    cdef int mark(self, uint8_t* has_word, Occurrences found, int64_t word, int64_t first, int64_t end) except -1 nogil
    @cython.locals(position=int64_t)
    cdef int64_t position(self, int64_t place) noexcept nogil

@cython.locals(
    words_first=WordPlaces, other=WordPlaces, begin=int64_t, stop=int64_t, start=int64_t, last=int64_t, reach=int64_t,
    row=int64_t, last_kept=int64_t, kept_count=Py_ssize_t, count=Py_ssize_t, number=Py_ssize_t, place=Py_ssize_t,
)
cdef Py_ssize_t keep_in_order(
    list words, int64_t slop, tuple limits, int32_t* docs, Py_ssize_t first, Py_ssize_t kept
) except -1
cdef int64_t position_at(WholeNumbers positions, int64_t place) noexcept nogil
