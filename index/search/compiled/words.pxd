cimport cython
from libc.stdint cimport int32_t, int64_t

from index.compiled.c cimport memory
from index.search.compiled cimport posting_lists
from index.search.compiled.posting_lists cimport DecodedList, FieldTerms, PostingLists, Segment
from index.search.compiled.recent cimport RecentCache

cdef Py_ssize_t BLOCK, SPAN, DENSE, CHECK_EVERY
cdef double GAIN


@cython.final
cdef class Norms:
    cdef readonly object array
    cdef const double[::1] values


@cython.final
cdef class ScoredTerm:
    cdef readonly DecodedList list
    cdef Norms of_field
    cdef const double[::1] norms
    cdef readonly double most
    cdef readonly bint is_alternative


@cython.final
cdef class QueryWord:
    cdef readonly DecodedList matching
    cdef readonly Py_ssize_t size
    cdef tuple matching_terms
    cdef readonly bint has_only_matching
    cdef list words
    cdef readonly list kept, terms
    cdef readonly double most
    cdef readonly Py_ssize_t nbytes


@cython.final
cdef class Words:
    cdef object reader, weights
    cdef readonly RecentCache cache
    cdef readonly PostingLists lists
    cdef dict norms
    cdef double live_count
    cpdef QueryWord find(self, word)
    cpdef list words_in(self, QueryWord found, Py_ssize_t row)
    @cython.locals(mine=list)
    cdef list words_of_terms(self, tuple terms)
    @cython.locals(mine=list, words=list, segments=Py_ssize_t, row=Py_ssize_t, is_of_one_field=bint)
    cdef QueryWord look_up(self, word, bint is_kept)
    @cython.locals(mine=list)
    cdef int set_matching(self, QueryWord found, list terms, bint is_kept) except -1
    @cython.locals(segment=Segment, terms=FieldTerms, row=Py_ssize_t, place=Py_ssize_t, number=int64_t, is_merged=bint)
    cdef tuple numbers_of(self, str field, str text, list words, dict known_words)
    cdef DecodedList list_of(self, str field, str text, tuple numbers, bint is_kept)
    cdef DecodedList counted(self, DecodedList made)
    @cython.locals(mine=list, lists=list)
    cdef list weigh(self, word, list terms, bint is_kept, DecodedList of_all)
    @cython.locals(segment=Segment)
    cdef bint has_unaccented(self, str field, str text, str accented) except -1
    @cython.locals(one=DecodedList, term=ScoredTerm, number=Py_ssize_t, most=double)
    cdef int set_terms(self, QueryWord found, list fields) except -1
    cdef double most_of(self, double documents, double weight) except? -1
    cdef Norms norms_of(self, str field)


cdef list rows_to_merge(list words_by_term)
cdef bint are_all(list some_words, list all_words) except -1
@cython.locals(first=list)
cdef list union_of_words(list lists)


@cython.final
cdef class BlockScorer:
    cdef DecodedList whole
    cdef int64_t* rows
    cdef float* table
    cdef float* frequencies
    cdef double* lengths
    cdef double* best
    cdef double* of_word
    @cython.locals(term=ScoredTerm, of_field=Norms, is_alternative=bint)
    cdef int score_word(
        self, QueryWord word, Py_ssize_t number, const int32_t* docs, Py_ssize_t first, Py_ssize_t count
    ) except -1
    cdef int set_lengths(self, Norms norms, const int32_t* docs, Py_ssize_t first, Py_ssize_t count) noexcept
    @cython.locals(frequency=double)
    cdef int add(self, double most, Py_ssize_t count) noexcept
    @cython.locals(frequency=double)
    cdef int keep_better(self, double most, Py_ssize_t count) noexcept
    cdef Py_ssize_t look_up(
        self, DecodedList found, const int32_t* docs, Py_ssize_t first, Py_ssize_t count, Py_ssize_t row
    ) noexcept


@cython.locals(scorer=BlockScorer, word=QueryWord, first=Py_ssize_t, number=Py_ssize_t, size=Py_ssize_t)
cdef int score(list words, DecodedList whole, const int32_t* docs, Py_ssize_t count, double* scores) except -1
