cimport cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t

from index.compiled.whole_numbers cimport WholeNumbers

cdef Py_ssize_t PARTS_MAX, SIEVE, FIRST_MATCHES
cdef const uint8_t[::1] LENGTH_OF, GAP_OF
cdef uint64_t ONE, NO_LEAF, LOW_BITS, HIGH_MAX


@cython.final
cdef class WantedPattern:
    cdef uint64_t leaf, parts
    cdef Py_ssize_t first, length
    cdef int64_t reach


@cython.final
cdef class Wanted:
    cdef list patterns
    cdef uint64_t[::1] words, matches
    cdef Py_ssize_t count, match_count, match_room, match_size
    @cython.locals(number=uint64_t, leaf=uint64_t, before=uint64_t, row=Py_ssize_t, place=Py_ssize_t, at=Py_ssize_t, has_places=bint, is_ascending=bint)
    cdef bint set_words(self, dict leaves, dict places) except -1
    @cython.locals(low=Py_ssize_t, high=Py_ssize_t, middle=Py_ssize_t)
    cdef int look_at(self, uint64_t token, uint64_t number) except -1
    cdef int grow(self) except -1
    cdef int64_t token(self, Py_ssize_t row) noexcept
    cdef bint can_take(self, Py_ssize_t row, Py_ssize_t place) noexcept
    cdef void mark(self, Py_ssize_t row, uint64_t leaf) noexcept
    @cython.locals(pattern=WantedPattern)
    cdef int match_patterns(self, int part) except -1
    cdef bint occurs(self, WantedPattern pattern, Py_ssize_t row) noexcept
    @cython.locals(row=Py_ssize_t)
    cdef int match_apart(self, WantedPattern pattern) except -1


@cython.final
cdef class HitTexts:
    cdef list part_names, counts
    cdef Py_ssize_t documents, tokens
    cdef WholeNumbers starts, low, high, codes, odd
    cdef const int32_t[::1] odd_gaps, odd_lengths
    cpdef list match_offsets(self, docs, dict leaf_of_word, list patterns, type offset_type)
    @cython.locals(counts=WholeNumbers, part=int, token=int64_t, end=int64_t, count=int64_t)
    cdef tuple offsets_in(self, Py_ssize_t doc, Wanted wanted, type offset_type)
    @cython.locals(token=Py_ssize_t, word=uint64_t, high=uint64_t)
    cdef int find(self, Wanted wanted, Py_ssize_t first, Py_ssize_t end) except -1
    @cython.locals(before=Py_ssize_t, start=int64_t, end=int64_t, last=int64_t, code=int64_t, leaf=uint64_t)
    cdef int append(self, list offsets, Wanted wanted, int64_t token, str part, type offset_type) except -1
    cdef Py_ssize_t odd_row(self, int64_t token) except -1


cdef const int32_t[::1] signed_of(arrays, str name, Py_ssize_t length)
cdef uint64_t[::1] new_numbers(Py_ssize_t count)
