cimport cython
from libc.stdint cimport int32_t, int64_t

from index.search.compiled cimport candidates, clauses, posting_lists, proximity
from index.search.compiled.clauses cimport Node
from index.search.compiled.facets cimport FacetCounter
from index.search.compiled.finder cimport Finder
from index.search.compiled.matches cimport Matches
from index.search.compiled.proximity cimport Neighbours
from index.search.compiled.top cimport RankingValues, Top


@cython.final
cdef class CompiledSearcher:
    cdef object reader, columns, clusters, answers, factors
    cdef dict values
    cdef Finder finder
    cdef FacetCounter facets
    cdef const int32_t[::1] days
    cdef const int64_t[::1] clusters_of
    cdef double proximity
    @cython.locals(docs=Matches)
    cdef object find_page(self, query, after, excluded, bint collapse, bint faceted, key)
    @cython.locals(docs=Matches)
    cdef Matches match_filtered(self, clause, filters)
    @cython.locals(docs=Matches)
    cdef tuple find_standing(self, clause, filters)
    @cython.locals(neighbours=Neighbours, row=Py_ssize_t)
    cdef int set_boosts(self, list runs, docs, boosts) except -1
    cdef Neighbours neighbours(self, list runs)
    @cython.locals(found=Matches)
    cdef Matches those_matching(self, Node tree, docs)
    cdef dict keep_filtered(self, filters, Matches docs, bint collapse, bint faceted)
    cdef tuple keep_days(self, filters, Matches docs, bint collapse, bint faceted)
    cdef dict count_facets(self, Matches docs, bint collapse)
    cdef dict count_cells(self, Matches docs)
    @cython.locals(ends=Py_ssize_t, count=Py_ssize_t, is_scored=bint, is_even=bint, values=RankingValues)
    cdef object answer(self, query, after, Matches docs, dict facets, bint collapse)
    @cython.locals(top=Top)
    cdef RankingValues values_for(self, own_language)
    cdef tuple first_best(self, RankingValues values, list runs, Matches docs, Py_ssize_t count, bint collapse)
    cdef tuple first_in_order(self, query, after, Matches docs, bint is_boosted, Py_ssize_t count)
    cdef list scores_of(self, query, list docs)
    cdef tuple folded(self, Matches docs, int32_t doc)
    cdef object count_periods(self, Matches docs, bint collapse, interval)


cdef bint are_set(filters) except -1
