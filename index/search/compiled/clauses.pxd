cimport cython
from libc.stdint cimport int32_t, uint64_t

from index.compiled cimport doc_bits
from index.compiled.c cimport memory
from index.search.compiled cimport posting_lists
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport DecodedList
from index.search.compiled.words cimport QueryWord, ScoredTerm

cdef Py_ssize_t MANY, DENSE


@cython.final
cdef class Candidates:
    cdef const int32_t* docs
    cdef Py_ssize_t count
    cdef bint has_rows
    cdef int32_t* row_of
    cdef double* best
    cdef int take(self, const int32_t* docs, Py_ssize_t count, Py_ssize_t documents) except -1


cdef class Node:
    cdef readonly Py_ssize_t size, documents
    cdef readonly bint is_exact
    cdef public bint matches_all
    cdef DecodedList found
    cpdef DecodedList find(self)
    cdef DecodedList look_up(self)
    @cython.locals(found=DecodedList)
    cdef int mark(self, uint64_t* bits) except -1
    cdef int add(self, Candidates to, double* scores) except -1


cdef class WordNode(Node):
    cdef QueryWord word
    cdef int add(self, Candidates to, double* scores) except -1


cdef class FoundNode(Node):
    cdef list words
    @cython.locals(word=QueryWord)
    cdef int add(self, Candidates to, double* scores) except -1


cdef class AllNode(Node):
    cdef list required, excluded
    cdef DecodedList live
    @cython.locals(clause=Node, found=DecodedList)
    cdef DecodedList look_up(self)
    @cython.locals(clause=Node)
    cdef int add(self, Candidates to, double* scores) except -1


cdef class AnyNode(Node):
    cdef list clauses, parts
    cdef bint is_kept, has_bits, is_scored
    cdef uint64_t* bits
    @cython.locals(clause=Node)
    cdef int mark(self, uint64_t* bits) except -1
    @cython.locals(clause=Node)
    cdef int keep_bits(self) except -1
    @cython.locals(clause=Node)
    cdef int add(self, Candidates to, double* scores) except -1
    cdef int add_clause(self, Node clause, Candidates to, double* scores) except -1


cdef class MostNode(AnyNode):
    cdef Py_ssize_t missing_max
    @cython.locals(found=DecodedList, most=double, least=double, kept=Py_ssize_t)
    cdef DecodedList look_up(self)
    @cython.locals(clause=Node, mine=DecodedList, found=DecodedList)
    cdef DecodedList count_clauses(self, int32_t* counts)
    cdef int mark(self, uint64_t* bits) except -1
    @cython.locals(found=DecodedList, power=double, count=double)
    cdef int add(self, Candidates to, double* scores) except -1


cdef class NotNode(Node):
    cdef Node clause
    cdef DecodedList live
    cdef DecodedList look_up(self)


cpdef int score(Node tree, Matches matches) except -1
@cython.locals(kept=DecodedList, other=DecodedList, is_in=bint)
cdef DecodedList those_in(Node clause, DecodedList docs, bint are_wanted)
@cython.locals(found=DecodedList)
cdef int add_where_found(Node clause, Candidates to, double* scores) except -1
@cython.locals(count=Py_ssize_t)
cdef Py_ssize_t find_rows(DecodedList found, Candidates to, int32_t* docs, int32_t* rows) noexcept
@cython.locals(term=ScoredTerm, is_alternative=bint)
cdef int add_word(QueryWord word, Candidates to, double* scores) except -1
@cython.locals(found=DecodedList)
cdef int add_term(ScoredTerm term, Candidates to, double* sums, bint is_best) noexcept
@cython.locals(frequency=double)
cdef int add_score(
    ScoredTerm term, DecodedList found, Py_ssize_t place, double* sums, Py_ssize_t row, bint is_best
) noexcept
