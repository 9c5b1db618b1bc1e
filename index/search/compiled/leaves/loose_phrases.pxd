cimport cython

from index.search.compiled cimport matches, posting_lists
from index.search.compiled.leaves cimport word_places
from index.search.compiled.leaves.phrases cimport Positions
from index.search.compiled.leaves.word_places cimport SegmentPlaces, WordPlaces
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport DecodedList, Segment
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.words cimport QueryWord, Words


@cython.final
cdef class SharedPlaces:
    cdef DecodedList docs
    cdef dict by_word


@cython.final
cdef class LoosePhrases:
    cdef Words words
    cdef RecentCache shared
    cdef readonly list places
    @cython.locals(shared=SharedPlaces)
    cdef SharedPlaces shared_places(self, clause, list asked)
    @cython.locals(segment=Segment, places=SegmentPlaces, row=Py_ssize_t, first=Py_ssize_t)
    cdef SharedPlaces places_in(self, clause, list asked, DecodedList docs)
    @cython.locals(found=Matches, segment=Segment, row=Py_ssize_t, first=Py_ssize_t, kept=Py_ssize_t)
    cdef DecodedList in_order(self, clause, list asked, SharedPlaces shared, tuple limits)
    @cython.locals(segment=Segment, places=SegmentPlaces, row=Py_ssize_t, first=Py_ssize_t, kept=Py_ssize_t)
    cdef int keep_word(self, list by_segment, tuple limits, Matches found) except -1


@cython.locals(word=QueryWord)
cdef list keys_of(clause, list asked)
cdef SegmentPlaces places_of(Segment segment)
