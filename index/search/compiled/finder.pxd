cimport cython
from libc.stdint cimport int32_t

from index.search.compiled cimport clauses, matches, posting_lists, proximity
from index.search.compiled.clauses cimport AllNode, AnyNode, FoundNode, MostNode, Node, NotNode, WordNode
from index.search.compiled.leaves cimport open_words, phrases
from index.search.compiled.leaves.loose_phrases cimport LoosePhrases, SharedPlaces
from index.search.compiled.leaves.word_places cimport SegmentPlaces
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport DecodedList, Segment
from index.search.compiled.proximity cimport AdjacentWords, Texts
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.words cimport QueryWord, Words


cdef class Planner:
    cdef Py_ssize_t documents
    cdef FoundNode everything, nothing
    cdef RecentCache concepts, shares
    cdef QueryWord find_word(self, word)
    cpdef Node plan(self, clause)
    cdef AnyNode plan_share(self, clause)
    cdef AnyNode plan_any(self, clause)
    cdef AllNode all_of(self, parts)
    cdef Node plan_leaf(self, clause)
    @cython.locals(node=AnyNode)
    cdef AnyNode kept_any_of(self, list parts)
    cdef Node plan_in_opening(self, clause)
    cdef Node plan_leaf_in_opening(self, clause)


@cython.final
cdef class Finder(Planner):
    cdef list texts, bases
    cdef LoosePhrases loose
    cdef tuple last
    cdef readonly Words words
    cdef RecentCache leaves
    cpdef Matches find(self, clause)
    cpdef int score(self, clause, Matches docs) except -1
    @cython.locals(found=QueryWord)
    cpdef list known_words(self, word, Py_ssize_t base, list docs)
    @cython.locals(node=AnyNode)
    cpdef list known_leaves(self, clause, Py_ssize_t base, list docs)
    cdef list find_words(self, clause)
    cpdef Node tree_of(self, clause)
    cdef Node find_leaf(self, clause)
    @cython.locals(phrase=FoundNode, shared=SharedPlaces)
    cdef Node find_in_opening(self, clause)
    @cython.locals(word=QueryWord, found=Matches)
    cdef Node find_word_in(self, clause, tuple limits, list scored)
    @cython.locals(one=QueryWord, matching=Matches, found=DecodedList, shared=SharedPlaces)
    cdef Node find_phrase(self, clause)
    @cython.locals(found=Matches)
    cdef Node find_open_word(self, clause, tuple limits)
    @cython.locals(found=Matches, one=QueryWord)
    cdef Matches match(self, clause, list asked)
    cdef int score_lists(self, clause, list asked, Matches docs) except -1
    @cython.locals(segment=Segment, places=SegmentPlaces, row=Py_ssize_t, first=Py_ssize_t, kept=Py_ssize_t, rarest=Py_ssize_t)
    cdef int keep_adjacent(self, list asked, Matches found) except -1
    cdef list words_by_segment(self, QueryWord word)
    cpdef AdjacentWords adjacent(self, list run)


@cython.locals(some=AnyNode, part=Node, row=Py_ssize_t)
cdef Py_ssize_t add_leaves(clause, Node node, list docs, int32_t base, Py_ssize_t number, list numbers) except -1
@cython.locals(row=Py_ssize_t)
cdef bint has_any(DecodedList found, list docs, int32_t base) except -1
