cimport cython
from libc.stdint cimport int64_t

from index.search.compiled cimport posting_lists
from index.search.compiled.posting_lists cimport DecodedList, FieldTerms, PostingLists, Segment
from index.search.compiled.recent cimport RecentCache

cdef double GAIN

cdef class Words


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
cdef class FoundTerms:
    cdef DecodedList matching
    cdef tuple matching_terms
    cdef list all_terms, words
    cdef bint is_kept, has_only_matching
    cdef Py_ssize_t size


@cython.final
cdef class QueryWord:
    cdef readonly DecodedList matching
    cdef readonly Py_ssize_t size, nbytes
    cdef readonly bint has_only_matching
    cdef readonly list terms
    cdef readonly double most
    cdef FoundTerms found
    cdef object asked
    cdef object owner
    @cython.locals(owner=Words)
    cpdef list scored(self)


@cython.final
cdef class Words:
    cdef object __weakref__
    cdef object reader, weights, reference
    cdef readonly RecentCache cache
    cdef readonly PostingLists lists
    cdef dict norms
    cdef double live_count
    cpdef QueryWord find(self, word)
    @cython.locals(found=FoundTerms)
    cpdef list words_in(self, QueryWord word, Py_ssize_t row)
    @cython.locals(mine=list)
    cdef list words_of_terms(self, tuple terms)
    @cython.locals(found=FoundTerms, made=QueryWord)
    cdef QueryWord look_up(self, word, bint is_kept)
    @cython.locals(mine=list, words=list, segments=Py_ssize_t, row=Py_ssize_t, is_of_one_field=bint, found=FoundTerms)
    cdef FoundTerms find_terms(self, word, bint is_kept)
    @cython.locals(one=DecodedList, number=Py_ssize_t, most=double, total=double, highest=double)
    cdef int set_scored(self, QueryWord word) except -1
    @cython.locals(mine=list)
    cdef int set_matching(self, FoundTerms found, list terms) except -1
    @cython.locals(segment=Segment, terms=FieldTerms, row=Py_ssize_t, place=Py_ssize_t, number=int64_t, is_merged=bint)
    cdef tuple numbers_of(self, str field, str text, list words, dict known_words)
    cdef DecodedList list_of(self, str field, str text, tuple numbers, bint is_kept)
    cdef DecodedList counted(self, DecodedList made)
    @cython.locals(mine=list, lists=list, of_all=DecodedList, is_kept=bint)
    cdef list weigh(self, word, FoundTerms found)
    @cython.locals(segment=Segment)
    cdef bint has_unaccented(self, str field, str text, str accented) except -1
    cdef double most_of(self, double documents, double weight) except? -1
    cdef Norms norms_of(self, str field)


cdef list rows_to_merge(list words_by_term)
cdef bint are_all(list some_words, list all_words) except -1
@cython.locals(first=list)
cdef list union_of_words(list lists)
