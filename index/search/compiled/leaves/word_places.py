"""Finds words in a part of a text, and phrases with other words between: by the places of each word."""

from collections.abc import Sequence

import cython

from index import deadline
from index.compiled import memory
from index.compiled.whole_numbers import WholeNumbers
from index.layout import ANYWHERE, PART_RANGE, Stream
from index.search.compiled.leaves.phrases import Occurrences, Positions

# A place is the row of a document and a position in it. No text has 2 ** ROW_BITS positions.
ROW_BITS = 40
POSITION = (1 << 40) - 1
# A place is an int64, which has room for so many rows.
ROWS_MAX = 1 << 23
# Words between two looks at the clock: of some letters, there may be many.
CHECK_EVERY = 32


class WordPlaces:
    """The places of a word in some documents, ascending."""

    def __init__(self) -> None:
        self.places = memory.new_longs(1)
        self.count, self.room = 0, 1

    def __dealloc__(self) -> None:
        memory.release(self.places)

    @property
    def nbytes(self) -> int:
        """The size of the places in bytes."""
        return 8 * self.room

    def reserve(self, more: int) -> int:
        """Make room for more places."""
        if self.count + more > self.room:
            self.grow(max(self.count + more, 2 * self.room))
        return 0

    def grow(self, room: int) -> int:
        """Make room for so many places."""
        self.places = memory.longer_longs(self.places, self.count, room)
        self.room = room
        return 0

    def first_after(self, number: int, place: int) -> int:
        """Return the number, from *number* on, of the first place after *place*; it is probably near."""
        while number < self.count and self.places[number] <= place:
            number += 1
        return number


class SegmentPlaces:
    """The places of the words of a segment, from its *positions*; *holes* are those that are left out there.

    A hole is the position after it, and its length.
    """

    def __init__(self, positions: Positions, holes: Sequence[tuple[int, int]]) -> None:
        self.positions, self.hole_count = positions, len(holes)
        self.hole_firsts, self.hole_lengths = memory.new_longs(len(holes)), memory.new_longs(len(holes))
        for number, (after, length) in enumerate(holes):
            self.hole_firsts[number], self.hole_lengths[number] = after - length, length

    def __dealloc__(self) -> None:
        memory.release(self.hole_firsts)
        memory.release(self.hole_lengths)

    def find(
        self,
        words: list[list[int]],
        parts: list[Stream | None],
        docs: memoryview,
        first: int,
        count: int,
        base: int,
    ) -> list[WordPlaces]:
        """Return where some words are in *count* ascending documents, in *docs* from the row *first* on.

        *words* has, for each, those of the segment that match it, and *parts* the part that it must be in,
        None for any. *base* is the number of the segment's first document.
        """
        found = self.occurrences(docs, first, count, base)
        ranges = [ANYWHERE if part is None else PART_RANGE[part] for part in parts]
        return [self.places_of(found, some, limits) for some, limits in zip(words, ranges, strict=True)]

    def occurrences(self, docs: memoryview, first: int, count: int, base: int) -> Occurrences:
        """Return what finds words in some documents, as above."""
        if count > ROWS_MAX:
            raise OverflowError(f"words in {count:,} documents of a segment; {ROWS_MAX:,} are possible")
        found = Occurrences(self.positions)
        found.set_docs(docs, first, count, base)
        return found

    def keep_word(
        self,
        words: list[int],
        limits: tuple[int, int],
        docs: memoryview,
        first: int,
        count: int,
        base: int,
        kept: int,
    ) -> int:
        """Keep the documents that have any of some *words* between two positions, and return their number.

        They are kept from the row *kept* on, which is not after *first*.
        """
        found, has_word, kept_count = self.occurrences(docs, first, count, base), memory.new_bytes(count), 0
        start, stop = limits
        try:
            found.set_words(words)
            for row, number in enumerate(words):
                if not row % CHECK_EVERY:
                    deadline.check()
                with cython.nogil:
                    self.mark(has_word, found, number, start, stop)
            for row in range(count):
                docs[kept + kept_count] = docs[first + row]
                kept_count += has_word[row]
        finally:
            memory.release(has_word)
        return kept_count

    def mark(self, has_word: memoryview, found: Occurrences, word: int, first: int, end: int) -> int:
        """Mark the wanted documents that have a word between two positions; those of each ascend."""
        for i in range(found.locate(word)):
            row = found.rows[i]
            for place in range(found.ends[i] - found.counts[i], found.ends[i]):
                position = self.position(place)
                if position >= first:
                    has_word[row] |= position < end
                    break
        return 0

    def position(self, place: int) -> int:
        """Return a position as it was before the holes were left out."""
        position = position_at(self.positions.positions, place)
        for hole in range(self.hole_count):
            if position >= self.hole_firsts[hole]:
                position += self.hole_lengths[hole]
        return position

    def places_of(self, found: Occurrences, words: list[int], limits: tuple[int, int]) -> WordPlaces:
        """Return where any of some *words* is in the wanted documents, between two positions."""
        places = WordPlaces()
        start, stop = limits
        found.set_words(words)
        deadline.check()
        for number in words:
            with cython.nogil:
                self.append(places, found, number, start, stop)
        if len(words) > 1:
            memory.sort_longs(places.places, places.count)
        return places

    def append(self, places: WordPlaces, found: Occurrences, word: int, first: int, end: int) -> int:
        """Append where a word is in the wanted documents."""
        for i in range(found.locate(word)):
            row = found.rows[i]
            places.reserve(found.counts[i])
            for place in range(found.ends[i] - found.counts[i], found.ends[i]):
                position = self.position(place)
                if first <= position < end:
                    places.places[places.count] = row << ROW_BITS | position
                    places.count += 1
        return 0


def keep_in_order(
    words: list[WordPlaces], slop: int, limits: tuple[int, int], docs: memoryview, first: int, kept: int
) -> int:
    """Keep the documents that have some words in order, and return their number.

    The rows of *words* are those of *docs* from the row *first* on; documents are kept from the row *kept*
    on, which is not after it. At most *slop* other words are between the first and the last, and all are
    between the positions *limits*.
    """
    reach, kept_count, last_kept, count = slop + len(words) - 1, 0, -1, len(words)
    begin, stop = limits
    words_first = words[0]
    numbers = memory.new_longs(count)
    try:
        for i in range(words_first.count):
            start = last = words_first.places[i]
            row = start >> ROW_BITS
            if row == last_kept or (start & POSITION) < begin:
                continue
            # The nearest of each next word: no other choice ends earlier.
            for place in range(1, count):
                other = words[place]
                number = numbers[place] = other.first_after(numbers[place], last)
                if number == other.count:
                    return kept_count
                last = other.places[number]
                if last >> ROW_BITS != row or last - start > reach:
                    break
            else:
                if (last & POSITION) < stop:
                    docs[kept + kept_count] = docs[first + row]
                    kept_count += 1
                    last_kept = row
    finally:
        memory.release(numbers)
    return kept_count


def position_at(positions: WholeNumbers, place: int) -> int:
    """Return a stored position; without a call of another module, because there are many."""
    if positions.size == 4:
        return positions.fours[place]
    if positions.size == 2:
        return positions.twos[place]
    return positions.at(place)
