"""Finds phrases by the positions of their words."""

from collections.abc import Sequence

import cython
import numpy as np

from index import deadline
from index.compiled import bits, memory
from index.compiled.whole_numbers import WholeNumbers
from index.search.compiled.doc_lists import DocListArrays
from index.search.compiled.small_numbers import SmallNumberArrays
from index.segment.array_file import ArrayFile
from index.segment.small_numbers import COUNT_BITS

# The positions of a word are fetched this many occurrences ahead: they are far apart in an array larger
# than any cache.
AHEAD = 16
ONE = 1

if not cython.compiled:

    def fetch(positions: WholeNumbers, place: int) -> None:
        """Begin to fetch a position from memory; C alone can."""


class Positions:
    """The positions of the words of a segment, as they are stored: without the holes between parts.

    Even so, no position of one part is beside one of another (`index/layout.py`), so adjacent words are in
    one part. *lists* are the documents of the words.
    """

    def __init__(self, arrays: ArrayFile, lists: DocListArrays) -> None:
        self.lists = lists
        self.counts = SmallNumberArrays(arrays, "word/counts", COUNT_BITS, self.lists.low.length)
        self.starts = WholeNumbers(arrays["word/position_starts"])
        self.positions = WholeNumbers(arrays["word/positions"])
        if self.starts.length != len(lists):
            raise ValueError("positions of a wrong number of words")


class Occurrences:
    """Where words occur in some documents of a segment, the wanted ones."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self.wanted_words = self.positions.lists.documents // 64 + 1
        self.wanted = words_of(self.positions.lists.wanted_bits() // 64 + 1)
        self.rows_before = memory.new_ints(self.wanted_words)
        self.words = memory.new_longs(0)
        self.word_count, self.room_for_words, self.room = 0, 0, 0

    def __dealloc__(self) -> None:
        memory.release(self.rows_before)
        memory.release(self.words)

    def set_docs(self, docs: memoryview, first: int, count: int, base: int) -> int:
        """Set the wanted documents to *count* ascending ones; *base* is the first document of the segment."""
        before = 0
        for row in range(first, first + count):
            doc = docs[row] - base
            self.wanted[doc >> 6] |= ONE << (doc & 63)
        for word in range(self.wanted_words):
            self.rows_before[word] = before
            before += bits.bit_count(self.wanted[word])
        return 0

    def set_words(self, words: Sequence[int]) -> int:
        """Set the words that are looked for next, and make room for their occurrences."""
        self.word_count = len(words)
        if self.word_count > self.room_for_words:
            self.words = memory.longer_longs(self.words, 0, self.word_count)
            self.room_for_words = self.word_count
        size = 0
        for number in range(self.word_count):
            self.words[number] = words[number]
            size = max(size, self.positions.lists.size(self.words[number]))
        if size > self.room:
            self.room = 0
            self.rows, self.docs = ints_of(size), ints_of(size)
            self.ends, self.counts = longs_of(size), longs_of(size)
            self.room = size
        return 0

    def locate(self, word: int) -> int:
        """Find one of the words in the wanted documents; return the number of these."""
        if not self.room:
            return 0
        before, first = self.positions.starts.at(word), self.positions.lists.first(word)
        count = self.positions.lists.find(word, self.wanted, self.rows, self.docs)
        self.positions.counts.add_up(first, self.rows, count, self.ends, self.counts)
        for i in range(count):
            end = before + self.ends[i]
            if not 0 <= end - self.counts[i] <= end <= self.positions.positions.length:
                raise ValueError("positions outside their array")
            doc = self.docs[i]
            bit = ONE << (doc & 63)
            self.rows[i] = self.rows_before[doc >> 6] + bits.bit_count(self.wanted[doc >> 6] & (bit - 1))
            self.ends[i] = end
        return count


class PhraseStarts:
    """Where a phrase of some *words* may start in *count* documents.

    At first that is wherever its rarest word allows it. Starts are numbered from 1.
    """

    def __init__(self, positions: Positions, count: int, words: int) -> None:
        self.positions = positions
        self.all_words = (ONE << words) - 1
        self.start_bits = memory.new_words(count)
        self.first_starts = memory.new_ints(count)
        self.has_phrase = memory.new_bytes(count)
        self.starts = memory.new_longs(1)
        self.words = memory.new_ints(1)
        self.nexts = memory.new_ints(1)
        self.count, self.room = 0, 1

    def __dealloc__(self) -> None:
        memory.release(self.start_bits)
        memory.release(self.first_starts)
        memory.release(self.has_phrase)
        memory.release(self.starts)
        memory.release(self.words)
        memory.release(self.nexts)

    def look_for(self, found: Occurrences, place: int, is_first: bool) -> int:
        """Add the starts that words at their *place* in the phrase allow, or mark those that have one."""
        for word in range(found.word_count):
            count = found.locate(found.words[word])
            for i in range(count):
                if i + AHEAD < count:
                    fetch(self.positions.positions, found.ends[i + AHEAD] - found.counts[i + AHEAD])
                first, end = found.ends[i] - found.counts[i], found.ends[i]
                if is_first:
                    self.reserve(end - first)
                    self.add(found.rows[i], first, end, place)
                else:
                    self.mark(found.rows[i], first, end, place)
        return 0

    def reserve(self, more: int) -> int:
        """Make room for more starts."""
        if self.count + more >= self.room:
            self.grow(max(self.count + more + 1, 2 * self.room))
        return 0

    def grow(self, room: int) -> int:
        """Make room for so many starts, and one that is none."""
        self.starts = memory.longer_longs(self.starts, self.count + 1, room)
        self.words = memory.longer_ints(self.words, self.count + 1, room)
        self.nexts = memory.longer_ints(self.nexts, self.count + 1, room)
        self.room = room
        return 0

    def add(self, row: int, first: int, end: int, place: int) -> None:
        """Insert the starts that the positions of a word in a document allow; they ascend."""
        before, number = 0, self.first_starts[row]
        for position in range(first, end):
            start = position_at(self.positions.positions, position) - place
            while number and self.starts[number] < start:
                before, number = number, self.nexts[number]
            self.count += 1
            made = self.count
            self.starts[made], self.words[made], self.nexts[made] = start, 1 << place, number
            if before:
                self.nexts[before] = made
            else:
                self.first_starts[row] = made
            before = made
            self.start_bits[row] |= ONE << (start & 63)

    def mark(self, row: int, first: int, end: int, place: int) -> None:
        """Mark the starts that have a word at its place."""
        number = self.first_starts[row]
        for position in range(first, end):
            start = position_at(self.positions.positions, position) - place
            # A position whose bit is missing is no start.
            if self.start_bits[row] >> (start & 63) & 1:
                while number and self.starts[number] < start:
                    number = self.nexts[number]
                if number and self.starts[number] == start:
                    self.words[number] |= 1 << place
                    self.has_phrase[row] |= self.words[number] == self.all_words


def ints_of(count: int) -> memoryview:
    """Return an array for *count* numbers."""
    return np.empty(count, np.int32).data


def longs_of(count: int) -> memoryview:
    """Return an array for *count* numbers."""
    return np.empty(count, np.int64).data


def words_of(count: int) -> memoryview:
    """Return *count* numbers of 64 bits that are not set."""
    return np.zeros(count, np.uint64).data


def position_at(positions: WholeNumbers, place: int) -> int:
    """Return a stored position; without a call of another module, because there are many."""
    if positions.size == 4:
        return positions.fours[place]
    if positions.size == 2:
        return positions.twos[place]
    return positions.at(place)


def keep_phrase(
    positions: Positions,
    words: list[list[int]],
    rarest: int,
    docs: memoryview,
    first: int,
    count: int,
    base: int,
    kept: int,
) -> int:
    """Keep those of *count* ascending documents that have a phrase, and return their number.

    The documents are in *docs* from the row *first* on, and kept from the row *kept* on, which is not after
    it. *words* has, for each word of the phrase, 2 to 31, those of the segment that match it; *base* is the
    number of the segment's first document.
    """
    kept_count = 0
    if not count:
        return 0
    phrase, found = PhraseStarts(positions, count, len(words)), Occurrences(positions)
    found.set_docs(docs, first, count, base)
    for place in [rarest, *[place for place in range(len(words)) if place != rarest]]:
        deadline.check()
        found.set_words(words[place])
        is_first = place == rarest
        with cython.nogil:
            phrase.look_for(found, place, is_first)
        if not phrase.count:
            return 0
    for row in range(count):
        docs[kept + kept_count] = docs[first + row]
        kept_count += phrase.has_phrase[row]
    return kept_count
