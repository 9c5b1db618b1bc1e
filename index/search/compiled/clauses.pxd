from libc.stdint cimport int32_t, uint64_t

from index.search.compiled.posting_lists cimport DecodedList
from index.search.compiled.words cimport QueryWord


cdef class Candidates:
    cdef const int32_t* docs
    cdef Py_ssize_t count
    cdef int32_t* row_of
    cdef double* best


cdef class Node:
    cdef readonly Py_ssize_t size, documents
    cdef bint matches_all, is_exact
    cdef readonly double most  # its largest score
    cdef DecodedList found
    cdef DecodedList find(self)
    cdef DecodedList look_up(self)
    cdef int mark(self, uint64_t* bits) except -1
    cdef int add(self, Candidates to, double* scores) except -1


cdef class WordNode(Node):
    cdef QueryWord word


cdef class FoundNode(Node):
    cdef list words


cdef class AllNode(Node):
    cdef list required, excluded
    cdef DecodedList live


cdef class AnyNode(Node):
    cdef list clauses
    cdef bint is_kept
    cdef uint64_t* bits
    cdef int add_clause(self, Node clause, Candidates to, double* scores) except -1


cdef class MostNode(AnyNode):
    cdef Py_ssize_t missing_max


cdef class NotNode(Node):
    cdef Node clause
    cdef DecodedList live


cdef Candidates candidates_of(const int32_t* docs, Py_ssize_t count, Py_ssize_t documents)
