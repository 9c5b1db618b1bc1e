from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

from index.search.compiled.columns cimport Column
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.small_numbers cimport SmallNumberArrays


cdef struct Start:
    int64_t position  # of the first word
    uint32_t words  # a bit for each word that is at its place
    int32_t next  # the next start in the same document, -1 at the end


cdef struct Document:
    uint64_t start_bits  # a bit for each start, by its last six bits: a position without its bit is no start
    int32_t first_start  # -1 if it has none
    bint has_phrase


cdef struct Occurrences:
    int64_t first  # of the positions of a word in a document
    int64_t end
    int32_t row  # of the document among the wanted ones


cdef class Positions:
    cdef list kept
    cdef DocListArrays lists
    cdef SmallNumberArrays counts
    cdef Column starts, positions


cdef class PhraseStarts:
    cdef Positions positions
    cdef Py_ssize_t words  # of 64 documents each
    cdef uint64_t[::1] wanted  # a bit for each document of the segment
    cdef int32_t* rows_before  # for each 64 documents, how many wanted ones are before them
    cdef Document* documents  # the wanted ones
    cdef Start* starts
    cdef Py_ssize_t start_count, room
    cdef uint32_t all_words
    cdef int32_t[::1] rows  # of the postings of a word that are in wanted documents
    cdef int32_t[::1] docs  # their documents
    cdef int64_t[::1] ends, counts  # of the positions of each
    cdef Occurrences* occurrences
    cdef Py_ssize_t room_for_postings
    cdef void set_docs(self, const int32_t* docs, Py_ssize_t count, int32_t base) noexcept
    cdef int look_for(self, int64_t word, int place, bint is_first) except -1
    cdef Py_ssize_t locate(self, int64_t word) except -1
    cdef int reserve_postings(self, Py_ssize_t count) except -1
    cdef int add(self, Occurrences* found, int place) except -1
    cdef int reserve(self, Py_ssize_t more) except -1
    cdef void mark(self, Occurrences* found, int place) noexcept


cdef Py_ssize_t keep_phrase(
    Positions positions, list words, int rarest, int32_t* docs, Py_ssize_t count, int32_t base, int32_t* kept
) except -1
