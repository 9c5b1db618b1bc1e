from index.search.compiled.clauses cimport Node
from index.search.compiled.matches cimport Matches
from index.search.compiled.proximity cimport AdjacentWords
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.words cimport Words


cdef class Finder:
    cdef object evaluator
    cdef Py_ssize_t documents
    cdef list texts, bases, positions
    cdef tuple last  # a clause, and its tree: related words are counted, then searched
    cdef Node everything
    cdef Words words
    cdef RecentCache concepts
    cdef Matches find(self, clause)
    cdef int score(self, clause, Matches docs) except -1
    cdef list known_words(self, word, Py_ssize_t base, list docs)
    cdef list find_words(self, clause)
    cdef Node tree_of(self, clause)
    cdef Node plan(self, clause)
    cdef Node plan_concept(self, clause)
    cdef Node plan_leaf(self, clause)
    cdef Matches match(self, clause, list words)
    cdef void score_lists(self, clause, list words, Matches docs) except *
    cdef int score_tree(self, Node tree, Matches docs) except -1
    cdef void keep_adjacent(self, list words, Matches found) except *
    cdef AdjacentWords adjacent(self, run)


cdef list find_runs(clause)
