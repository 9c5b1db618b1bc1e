cimport cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t

from index.compiled.c cimport bits, memory
from index.compiled.whole_numbers cimport WholeNumbers
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.small_numbers cimport SmallNumberArrays

cdef Py_ssize_t AHEAD
cdef uint64_t ONE

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define prefetch(address) __builtin_prefetch(address)
    #else
    #define prefetch(address) ((void)(address))
    #endif
    """
    void prefetch(const void* address) noexcept nogil


@cython.final
cdef class Positions:
    cdef DocListArrays lists
    cdef SmallNumberArrays counts
    cdef WholeNumbers starts, positions


@cython.final
cdef class Occurrences:
    cdef Positions positions
    cdef Py_ssize_t wanted_words  # of 64 documents each
    cdef uint64_t[::1] wanted  # a bit for each document of the segment
    cdef int32_t* rows_before  # for each 64 documents, how many wanted ones are before them
    cdef int64_t* words
    cdef Py_ssize_t word_count, room_for_words
    cdef int32_t[::1] rows  # of the documents of a word among the wanted ones
    cdef int32_t[::1] docs  # their documents
    cdef int64_t[::1] ends  # of their positions
    cdef int64_t[::1] counts  # how many there are
    cdef Py_ssize_t room
    cdef int set_docs(self, const int32_t* docs, Py_ssize_t first, Py_ssize_t count, int32_t base) noexcept
    cdef int set_words(self, list words) except -1
    @cython.locals(doc=int32_t, bit=uint64_t)
    cdef Py_ssize_t locate(self, int64_t word) except -1 nogil


@cython.final
cdef class PhraseStarts:
    cdef Positions positions
    cdef int32_t all_words
    cdef uint64_t* start_bits  # of each document, a bit for each start, by its last six bits
    cdef int32_t* first_starts  # of each document, 0 if it has none
    cdef uint8_t* has_phrase  # of each document
    cdef int64_t* starts  # of each start, the position of the first word
    cdef int32_t* words  # of each start, a bit for each word that is at its place
    cdef int32_t* nexts  # of each start, the next one in the same document; 0 at the end
    cdef Py_ssize_t count, room
    cdef int look_for(self, Occurrences found, int place, bint is_first) except -1 nogil
    cdef int reserve(self, Py_ssize_t more) except -1 nogil
    cdef int grow(self, Py_ssize_t room) except -1 with gil
    @cython.locals(start=int64_t, before=int32_t, number=int32_t, made=int32_t)
    cdef void add(self, Py_ssize_t row, int64_t first, int64_t end, int place) noexcept nogil
    @cython.locals(start=int64_t, number=int32_t)
    cdef void mark(self, Py_ssize_t row, int64_t first, int64_t end, int place) noexcept nogil


cdef int32_t[::1] ints_of(Py_ssize_t count)
cdef int64_t[::1] longs_of(Py_ssize_t count)
cdef uint64_t[::1] words_of(Py_ssize_t count)
cdef int64_t position_at(WholeNumbers positions, int64_t place) noexcept nogil


cdef inline void fetch(WholeNumbers positions, int64_t place) noexcept nogil:
    if positions.size == 4:
        prefetch(&positions.fours[place])
    elif positions.size == 2:
        prefetch(&positions.twos[place])


@cython.locals(phrase=PhraseStarts, found=Occurrences, kept_count=Py_ssize_t, place=int, is_first=bint)
cdef Py_ssize_t keep_phrase(
    Positions positions, list words, int rarest, int32_t* docs, Py_ssize_t first, Py_ssize_t count, int32_t base,
    Py_ssize_t kept
) except -1
