from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

from index.search.compiled.columns cimport Column
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.small_numbers cimport SmallNumberArrays


cdef struct Start:
    int64_t position  # of the first word
    uint32_t words  # a bit for each word that is at its place
    int32_t next  # the next start in the same document, -1 at the end


cdef class Positions:
    cdef list kept
    cdef DocListArrays lists
    cdef SmallNumberArrays counts
    cdef Column starts, positions


cdef class PhraseStarts:
    cdef Positions positions
    cdef Py_ssize_t words  # of 64 documents each
    cdef uint64_t* wanted  # a bit for each document of the segment
    cdef int32_t* rows_before  # for each 64 documents, how many wanted ones are before them
    cdef int32_t* first_starts  # for each wanted document, -1 if it has none
    cdef Start* starts
    cdef Py_ssize_t start_count, room
    cdef int32_t* rows  # of the postings of a word that are in wanted documents
    cdef int32_t* docs  # their documents
    cdef Py_ssize_t room_for_postings
    cdef void set_docs(self, const int32_t* docs, Py_ssize_t count, int32_t base) noexcept
    cdef int look_for(self, int64_t word, int place, bint is_first) except -1
    cdef int reserve_postings(self, Py_ssize_t count) except -1
    cdef int add(self, Py_ssize_t row, int64_t position, int64_t end, int place) except -1
    cdef int reserve(self, Py_ssize_t more) except -1
    cdef void mark(self, Py_ssize_t row, int64_t position, int64_t end, int place) noexcept


cdef Py_ssize_t keep_phrase(
    Positions positions, list words, int rarest, int32_t* docs, Py_ssize_t count, int32_t base, int32_t* kept
) except -1
