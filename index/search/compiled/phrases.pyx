# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Finds phrases by the positions of their words."""

import numpy as np  # for `column_of`

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc

from index.search.compiled.columns cimport Column, at, column_of
from index.compiled.c.bits cimport bit_count
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.posting_lists cimport Segment
from index.search.compiled.small_numbers cimport SmallNumberArrays

from index import deadline
from index.search.compiled.small_numbers import SmallNumberArrays
from index.segment.small_numbers import COUNT_BITS

# The positions of a word are fetched this many occurrences ahead: they are far apart in an array larger than any cache.
cdef Py_ssize_t AHEAD = 16

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define prefetch(address) __builtin_prefetch(address)
    #else
    #define prefetch(address) ((void)(address))
    #endif
    """
    void prefetch(const void* address) noexcept nogil


cdef class Positions:
    """The positions of the words of a segment, as they are stored: without the holes between parts.

    Even so, no position of one part is beside one of another (`index/layout.py`), so adjacent words are in one part.
    """

    def __init__(self, Segment segment):
        self.kept = []
        arrays = segment.reader.postings.arrays
        self.lists = segment.terms.words
        self.counts = SmallNumberArrays(arrays, "word/counts", COUNT_BITS, self.lists.low.length)
        self.starts = column_of(arrays["word/position_starts"], self.kept)
        self.positions = column_of(arrays["word/positions"], self.kept)
        if self.starts.length != segment.terms.word_count:
            raise ValueError("positions of a wrong number of words")


cdef class PhraseStarts:
    """Where a phrase may start in some documents of a segment: at first, wherever its rarest word allows it."""

    def __cinit__(self, Positions positions, Py_ssize_t count, int words):
        cdef Py_ssize_t row
        self.positions, self.words = positions, positions.lists.documents // 64 + 1
        self.all_words = (<uint32_t>1 << words) - 1
        self.wanted = np.zeros(positions.lists.wanted_bits() // 64 + 1, np.uint64)
        self.rows_before = <int32_t*>malloc(4 * self.words)
        self.documents = <Document*>malloc(count * sizeof(Document))
        if self.rows_before == NULL or self.documents == NULL:
            raise MemoryError
        for row in range(count):
            self.documents[row] = Document(0, -1, False)

    def __dealloc__(self):
        free(self.rows_before)
        free(self.documents)
        free(self.occurrences)
        free(self.starts)

    cdef void set_docs(self, const int32_t* docs, Py_ssize_t count, int32_t base) noexcept:
        cdef Py_ssize_t row, word
        cdef int32_t before = 0
        for row in range(count):
            self.wanted[(docs[row] - base) >> 6] |= <uint64_t>1 << ((docs[row] - base) & 63)
        for word in range(self.words):
            self.rows_before[word] = before
            before += bit_count(self.wanted[word])

    cdef int look_for(self, int64_t word, int place, bint is_first) except -1:
        """Add the starts that a word at its *place* in the phrase allows, or mark those that have it there."""
        cdef Column positions = self.positions.positions
        cdef Py_ssize_t count = self.locate(word), i
        for i in range(count):
            if i + AHEAD < count:
                prefetch(positions.bytes + positions.size * self.occurrences[i + AHEAD].first)
            if is_first:
                self.add(&self.occurrences[i], place)
            else:
                self.mark(&self.occurrences[i], place)
        return 0

    cdef Py_ssize_t locate(self, int64_t word) except -1:
        """Set the occurrences to those of a word in the wanted documents, and return their number."""
        cdef Positions positions = self.positions
        cdef int64_t before = at(positions.starts, word), end, first
        cdef Py_ssize_t count, i, row
        cdef int32_t doc
        self.reserve_postings(positions.lists.size(word))
        count = positions.lists.find(word, self.wanted, self.rows, self.docs)
        positions.counts.add_up(positions.lists.first(word), self.rows, count, self.ends, self.counts)
        for i in range(count):
            doc, end = self.docs[i], before + self.ends[i]
            first = end - self.counts[i]
            if not 0 <= first <= end <= positions.positions.length:
                raise ValueError("positions outside their array")
            row = self.rows_before[doc >> 6] + bit_count(self.wanted[doc >> 6] & (<uint64_t>1 << (doc & 63)) - 1)
            self.occurrences[i] = Occurrences(first, end, <int32_t>row)
        return count

    cdef int reserve_postings(self, Py_ssize_t count) except -1:
        if count > self.room_for_postings:
            self.room_for_postings = 0
            free(self.occurrences)
            self.rows, self.docs = np.empty(count, np.int32), np.empty(count, np.int32)
            self.ends, self.counts = np.empty(count, np.int64), np.empty(count, np.int64)
            self.occurrences = <Occurrences*>malloc(count * sizeof(Occurrences))
            self.room_for_postings = count
            if self.occurrences == NULL:
                raise MemoryError
        return 0

    cdef int add(self, Occurrences* found, int place) except -1:
        """Insert the starts that the positions of a word in a document allow; they ascend."""
        cdef int64_t start, position
        cdef Document* document = &self.documents[found.row]
        cdef int32_t* link = &document.first_start
        self.reserve(found.end - found.first)
        for position in range(found.first, found.end):
            start = at(self.positions.positions, position) - place
            while link[0] >= 0 and self.starts[link[0]].position < start:
                link = &self.starts[link[0]].next
            self.starts[self.start_count] = Start(start, <uint32_t>1 << place, link[0])
            link[0] = <int32_t>self.start_count
            self.start_count += 1
            document.start_bits |= <uint64_t>1 << (start & 63)
        return 0

    cdef int reserve(self, Py_ssize_t more) except -1:
        cdef Py_ssize_t room = max(self.start_count + more, 2 * self.room)
        cdef void* larger
        if self.start_count + more > self.room:
            larger = realloc(self.starts, room * sizeof(Start))
            if larger == NULL:
                raise MemoryError
            self.starts, self.room = <Start*>larger, room
        return 0

    cdef void mark(self, Occurrences* found, int place) noexcept:
        """Mark the starts that have a word at its place."""
        cdef int64_t start, position
        cdef Document* document = &self.documents[found.row]
        cdef int32_t number = document.first_start
        for position in range(found.first, found.end):
            start = at(self.positions.positions, position) - place
            if not document.start_bits >> (start & 63) & 1:
                continue
            while number >= 0 and self.starts[number].position < start:
                number = self.starts[number].next
            if number >= 0 and self.starts[number].position == start:
                self.starts[number].words |= <uint32_t>1 << place
                document.has_phrase |= self.starts[number].words == self.all_words


cdef Py_ssize_t keep_phrase(
    Positions positions, list words, int rarest, int32_t* docs, Py_ssize_t count, int32_t base, int32_t* kept
) except -1:
    """Set *kept* to those of the ascending *docs* that have a phrase, and return their number.

    *words* has, for each word of the phrase, 2 to 31, those of the segment that match it; *base* is the number of the segment's
    first document. *kept* may be the same as *docs*.
    """
    cdef PhraseStarts phrase
    cdef Py_ssize_t row, found = 0
    cdef int place
    if not count:
        return 0
    phrase = PhraseStarts(positions, count, len(words))
    phrase.set_docs(docs, count, base)
    phrase.reserve_postings(max([positions.lists.size(word) for some in words for word in some], default=0))
    for place in [rarest, *[place for place in range(len(words)) if place != rarest]]:
        deadline.check()
        for word in words[place]:
            phrase.look_for(word, place, place == rarest)
        if not phrase.start_count:
            return 0
    for row in range(count):
        kept[found] = docs[row]
        found += phrase.documents[row].has_phrase
    return found
