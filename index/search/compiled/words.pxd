from libc.stdint cimport int32_t

from index.search.compiled.posting_lists cimport DecodedList, PostingLists
from index.search.compiled.recent cimport RecentCache


# The most terms of a query; a word has four or five.
cdef enum:
    TERMS_MAX = 256


cdef struct Term:
    const int32_t* docs
    const float* frequencies
    Py_ssize_t count
    double most
    const double* norms
    bint is_alternative  # of the next term: only the better one scores


cdef class QueryWord:
    cdef DecodedList matching
    cdef readonly Py_ssize_t size
    cdef tuple matching_terms
    cdef bint has_only_matching  # whether no other terms add to its score
    cdef list words, kept
    cdef Term* terms
    cdef int count
    cdef readonly double most
    cdef readonly Py_ssize_t nbytes


cdef class Words:
    cdef object reader, weights
    cdef RecentCache cache
    cdef PostingLists lists
    cdef dict norms
    cdef double live_count
    cdef double most_of(self, double documents, double weight)
    cdef QueryWord find(self, word)
    cdef list words_in(self, QueryWord found, Py_ssize_t row)
    cdef list words_of_terms(self, tuple terms)
    cdef QueryWord look_up(self, word, bint is_kept)
    cdef tuple numbers_of(self, str field, str text, list words, dict words_of_lists)
    cdef DecodedList counted(self, DecodedList made)
    cdef DecodedList list_of(self, str field, str text, tuple numbers, bint is_kept)
    cdef void set_matching(self, QueryWord found, list terms, bint is_kept) except *
    cdef list weigh(self, word, list terms, bint is_kept, DecodedList of_all)
    cdef bint has_unaccented(self, str field, str text, str accented) except -1
    cdef void set_terms(self, QueryWord found, list fields) except *


cdef void score(list words, const int32_t* docs, Py_ssize_t count, double* scores) except *
