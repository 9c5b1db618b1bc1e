# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Finds words in a part of a text, and phrases with other words between: by the places of each word."""

from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, malloc, qsort, realloc

from index.search.compiled.columns cimport Column, at
from index.search.compiled.phrases cimport Occurrences, Positions, PhraseStarts

from index import deadline
from index.layout import PART_RANGE

# A place is the row of a document and a position in it. No text has 2 ** ROW_BITS positions.
cdef enum:
    ROW_BITS = 40
cdef int64_t POSITION = (<int64_t>1 << ROW_BITS) - 1
# Where a word may be that is not limited to a part.
_ANYWHERE = 0, POSITION


cdef class WordPlaces:
    """The places of a word in some documents, ascending; walked once."""

    def __dealloc__(self):
        free(self.places)

    cdef int reserve(self, Py_ssize_t more) except -1:
        cdef Py_ssize_t room = max(self.count + more, 2 * self.room)
        cdef void* larger
        if self.count + more > self.room:
            larger = realloc(self.places, 8 * room)
            if larger == NULL:
                raise MemoryError
            self.places, self.room = <int64_t*>larger, room
        return 0

    cdef int64_t after(self, int64_t place) noexcept:
        """Return the first place after *place*, -1 if there is none; *place* is never less than before."""
        while self.next < self.count and self.places[self.next] <= place:
            self.next += 1
        return self.places[self.next] if self.next < self.count else -1


cdef class SegmentPlaces:
    """The places of the words of a segment, from its *positions*; *holes* are those that are left out there."""

    def __init__(self, Positions positions, holes):
        self.positions, self.hole_count = positions, len(holes)
        self.holes = <Hole*>malloc((self.hole_count + 1) * sizeof(Hole))
        if self.holes == NULL:
            raise MemoryError
        for number, (after, length) in enumerate(holes):
            self.holes[number] = Hole(after - length, length)

    def __dealloc__(self):
        free(self.holes)

    cdef Py_ssize_t keep_in_order(
        self, list words, list parts, int64_t slop, part, int32_t* docs, Py_ssize_t count, int32_t base
    ) except -1:
        """Keep those of the ascending *docs* that have some words in order, and return their number.

        *words* has, for each word of the phrase, those of the segment that match it, and *parts* the part that it must be in, None
        for any; the whole phrase must be in *part*. At most *slop* other words are between the first and the last. *base* is the
        number of the segment's first document.
        """
        cdef PhraseStarts found
        cdef WordPlaces first, other
        cdef list others
        cdef int64_t begin, end, start, last, reach = slop + len(words) - 1
        cdef Py_ssize_t i, row, kept = 0
        if not count or not words:
            return 0
        found = PhraseStarts(self.positions, count, 1)
        found.set_docs(docs, count, base)
        first, *others = [
            self.places_of(found, some, _ANYWHERE if limit is None else PART_RANGE[limit])
            for some, limit in zip(words, parts)
        ]
        begin, end = _ANYWHERE if part is None else PART_RANGE[part]
        for i in range(first.count):
            start = last = first.places[i]
            row = start >> ROW_BITS
            if (start & POSITION) < begin:
                continue
            # The nearest of each next word: no other choice ends earlier.
            for other in others:
                last = other.after(last)
                if last < 0:
                    return kept
                if last >> ROW_BITS != row or last - start > reach:
                    break
            else:
                if (last & POSITION) < end and not (kept and docs[kept - 1] == docs[row]):
                    docs[kept] = docs[row]
                    kept += 1
        return kept

    cdef WordPlaces places_of(self, PhraseStarts found, list words, tuple limits):
        """Return where any of some *words* is in the wanted documents, from a position up to before another one."""
        cdef WordPlaces places = WordPlaces()
        cdef Column positions = found.positions.positions
        cdef Occurrences* one
        cdef int64_t first = limits[0], end = limits[1], position, place
        cdef Py_ssize_t count, i, hole
        for word in words:
            deadline.check()
            count = found.locate(word)
            for i in range(count):
                one = &found.occurrences[i]
                places.reserve(one.end - one.first)
                for place in range(one.first, one.end):
                    position = at(positions, place)
                    for hole in range(self.hole_count):
                        if position >= self.holes[hole].first:
                            position += self.holes[hole].length
                    if first <= position < end:
                        places.places[places.count] = <int64_t>one.row << ROW_BITS | position
                        places.count += 1
        if len(words) > 1:
            qsort(places.places, places.count, 8, compare_places)
        return places


cdef int compare_places(const void* one, const void* other) noexcept nogil:
    cdef int64_t a = (<const int64_t*>one)[0], b = (<const int64_t*>other)[0]
    return (a > b) - (a < b)
