from index.search.compiled.clauses cimport Node
from index.search.compiled.matches cimport Matches
from index.search.compiled.proximity cimport AdjacentWords
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.words cimport QueryWord, Words


cdef class Planner:
    cdef Py_ssize_t documents
    cdef Node everything
    cdef RecentCache concepts
    cdef QueryWord find_word(self, word)
    cdef Node plan(self, clause)
    cdef Node plan_concept(self, clause)
    cdef Node plan_leaf(self, clause)
    cdef int score_tree(self, Node tree, Matches docs) except -1


cdef class Finder(Planner):
    cdef list texts, bases, positions, places
    cdef tuple last  # a clause, and its tree: related words are counted, then searched
    cdef Words words
    cdef RecentCache leaves
    cdef Matches find(self, clause)
    cdef int score(self, clause, Matches docs) except -1
    cdef list known_words(self, word, Py_ssize_t base, list docs)
    cdef list find_words(self, clause)
    cdef Node tree_of(self, clause)
    cdef Node find_leaf(self, clause)
    cdef Node find_phrase(self, clause)
    cdef Node find_open_word(self, clause)
    cdef Matches match(self, clause, list words)
    cdef void score_lists(self, clause, list words, Matches docs) except *
    cdef void keep_adjacent(self, list words, Matches found) except *
    cdef void keep_in_order(self, list words, list parts, slop, part, Matches found) except *
    cdef list words_by_segment(self, QueryWord word)
    cdef AdjacentWords adjacent(self, run)


cdef Matches match_all(list words)
cdef list find_runs(clause)
