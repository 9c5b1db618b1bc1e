cimport cython

from index.search.compiled cimport clauses, matches, posting_lists
from index.search.compiled.clauses cimport FoundNode, Node
from index.search.compiled.finder cimport Planner
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport DecodedList
from index.search.compiled.words cimport Norms, QueryWord, ScoredTerm


@cython.final
cdef class ListFinder(Planner):
    cdef object reader, weights
    cdef dict words
    @cython.locals(found=QueryWord)
    cdef QueryWord look_up(self, word)
    @cython.locals(one=DecodedList, number=Py_ssize_t, most=double)
    cdef int set_terms(self, QueryWord found, list fields) except -1
