"""The posting lists of terms over all segments, decoded and checked once.

A file may be damaged. So every number that becomes an index is checked when it is read, and a wrong one
raises ValueError; afterwards the numbers in memory are trusted.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from index.compiled import doc_bits, memory
from index.compiled.whole_numbers import WholeNumbers
from index.search.compiled.doc_lists import DocListArrays
from index.search.compiled.recent import RecentCache
from index.search.compiled.small_numbers import SmallNumberArrays
from index.search.posting_list import PostingList
from index.segment.array_file import ArrayFile
from index.segment.doc_lists import Docs
from index.segment.postings import UNIONS, Postings
from index.segment.small_numbers import WEIGHT_BITS
from index.writer.vocabulary import FIELDS

if TYPE_CHECKING:
    from index.search.index_reader import IndexReader
    from index.search.segment_reader import SegmentReader

# Lists are read in blocks of documents, by tables of the documents that these span: within the processor's
# first cache, and without branches, which it would mispredict. If a list has more postings for each document
# than DENSE, searching it is faster.
BLOCK = 256
SPAN = 1 << 14
DENSE = 12
# The size of a cached list without its postings.
LIST_BYTES = 300


class DecodedList:
    """The live documents of a term, ascending, and its weighted frequency in each, if it has any."""

    docs: memoryview
    frequencies: "memoryview[float]"

    def __init__(self) -> None:
        self.count, self.has_frequencies = 0, False

    def __dealloc__(self) -> None:
        memory.release(self.docs)
        memory.release(self.frequencies)

    def __len__(self) -> int:
        return self.count

    @property
    def nbytes(self) -> int:
        """The size of the list in bytes."""
        return LIST_BYTES + (8 if self.has_frequencies else 4) * self.count

    def reserve(self, room: int) -> int:
        """Make room for documents and their frequencies; done once."""
        self.docs = memory.room_for_ints(room)
        self.frequencies = memory.room_for_floats(room)
        self.has_frequencies = True
        return 0

    def first_from(self, row: int, doc: int) -> int:
        """Return the first row from *row* on whose document is not before *doc*; it is probably near."""
        return first_from(self.docs, self.count, row, doc)

    def look_up(
        self, docs: memoryview, first: int, count: int, row: int, frequencies: "memoryview[float]"
    ) -> int:
        """Set *frequencies* to those in *count* ascending *docs* from *first* on, found from *row* on.

        Return the row from which to go on.
        """
        for i in range(count):
            row = first_from(self.docs, self.count, row, docs[first + i])
            is_found = row < self.count and self.docs[row] == docs[first + i]
            frequencies[i] = self.frequencies[row] if is_found else 0
        return row

    def keep_common(self, docs: memoryview, first: int, end: int, row: int, kept: int) -> int:
        """Move those of ascending *docs* that are in the list, found from *row* on, to the place *kept*.

        They are looked for from the place *first* to *end*. Return the place after the last one kept.
        """
        for i in range(first, end):
            doc = docs[i]
            row = first_from(self.docs, self.count, row, doc)
            docs[kept] = doc
            kept += row < self.count and self.docs[row] == doc
        return kept


class FieldTerms:
    """The sorted terms of a field of a segment, and the words that map to each."""

    def __init__(self, arrays: ArrayFile, name: str, word_count: int, list_count: int) -> None:
        self.word_count, self.list_count = word_count, list_count
        self.terms = WholeNumbers(arrays[f"{name}/terms"])
        self.offsets = WholeNumbers(arrays[f"{name}/term_offsets"])
        self.words = WholeNumbers(arrays[f"{name}/words"])
        # Stored only if some term has several words.
        self.has_starts = f"{name}/word_starts" in arrays
        if self.has_starts:
            self.starts = WholeNumbers(arrays[f"{name}/word_starts"])
        self.has_lists = f"{name}/lists" in arrays
        if self.has_lists:
            self.lists = WholeNumbers(arrays[f"{name}/lists"])
        count = self.starts.length if self.has_starts else self.words.length + 1
        is_right = self.terms.size == 1 and self.offsets.length == count > 0
        if not is_right or (self.has_lists and self.lists.length != self.offsets.length - 1):
            raise ValueError(f"{name}: the arrays of its terms have unequal lengths")

    def find(self, text: str) -> int:
        """Return the ordinal of a term, -1 if it is missing."""
        wanted = text.encode()
        low, high = 0, self.offsets.length - 1
        while low < high:
            middle = (low + high) >> 1
            first, end = self.offsets.at(middle), self.offsets.at(middle + 1)
            if not 0 <= first <= end <= self.terms.length:
                raise ValueError("a term outside its dictionary")
            order = self.order(first, end, wanted, len(wanted))
            if not order:
                return middle
            if order < 0:
                low = middle + 1
            else:
                high = middle
        return -1

    def order(self, first: int, end: int, text: bytes, size: int) -> int:
        """Compare the bytes from *first* to *end* with a text of so many bytes.

        Return a number below 0, 0 or above it if they are before, at or after it.
        """
        for place in range(min(end - first, size)):
            if self.terms.ones[first + place] != text[place]:
                return self.terms.ones[first + place] - text[place]
        return end - first - size

    def words_of(self, place: int) -> list[int]:
        """Return the words that map to a term."""
        first, end = place, place + 1
        if self.has_starts:
            first, end = self.starts.at(place), self.starts.at(place + 1)
        if not 0 <= first <= end <= self.words.length:
            raise ValueError("words of a term outside their array")
        found = []
        for row in range(first, end):
            word = self.words.at(row)
            if not 0 <= word < self.word_count:
                raise ValueError("a term of an unknown word")
            found.append(word)
        return found

    def list_of(self, place: int) -> int:
        """Return the number of the posting list of a term, -1 if several would have to be merged."""
        if self.has_lists:
            number = self.lists.at(place)
            if not 0 <= number < self.list_count:
                raise ValueError("a term of an unknown list")
            return number
        words = self.words_of(place)
        return words[0] if len(words) == 1 else -1


class SegmentTerms:
    """The terms of a segment, and the extents of their posting lists; immutable, shared by all threads."""

    def __init__(self, postings: Postings) -> None:
        arrays, words = postings.arrays, postings.words
        self.fields: dict[str, FieldTerms] = {}
        self.has_words, self.word_count = words is not None, 0
        if words is None:
            return
        self.words = DocListArrays(arrays, "word", words.lists, postings.documents)
        self.unions = DocListArrays(arrays, UNIONS, words.unions, postings.documents)
        self.word_count = len(self.words)
        lists = self.word_count + len(self.unions)
        for name in FIELDS:
            if f"{name}/words" in arrays:
                self.fields[name] = FieldTerms(arrays, name, self.word_count, lists)

    def size(self, field: str, text: str) -> int:
        """Return the document frequency of a term, or slightly more; 0 if it is missing."""
        terms = self.fields.get(field)
        place = -1 if terms is None else terms.find(text)
        if terms is None or place < 0:
            return 0
        number = terms.list_of(place)
        if number >= 0:
            return self.length(number)
        return sum([self.length(word) for word in terms.words_of(place)])

    def length(self, number: int) -> int:
        """Return the length of a list."""
        if number < self.word_count:
            return self.words.size(number)
        return self.unions.size(number - self.word_count)

    def first(self, number: int) -> int:
        """Return the first posting of a list."""
        if number < self.word_count:
            return self.words.first(number)
        return self.unions.first(number - self.word_count)


class Segment:
    """The terms and posting lists of a segment; *reader* is the segment in Python."""

    def __init__(self, reader: "SegmentReader") -> None:
        self.reader, self.base, self.count = reader, reader.base, reader.count
        self.terms: SegmentTerms = reader.compiled_terms
        self.has_deleted = False
        if reader.live is not None and self.count:
            self.has_deleted, self.live = True, reader.live.view(np.uint8).data
        if self.terms.has_words:
            arrays, words, unions = reader.postings.arrays, self.terms.words, self.terms.unions
            weights, union_weights = "word/weights", f"{UNIONS}/weights"
            self.weights = SmallNumberArrays(arrays, weights, WEIGHT_BITS, words.low.length)
            self.union_weights = SmallNumberArrays(arrays, union_weights, WEIGHT_BITS, unions.low.length)

    def read(self, number: int, found: DecodedList) -> int:
        """Append the live documents of a list to *found*, which has room for them."""
        length, first, place = self.terms.length(number), self.terms.first(number), found.count
        if not length:
            return 0
        if number < self.terms.word_count:
            self.terms.words.read(number, self.base, found.docs, place)
            self.weights.unpack(first, length, found.frequencies, place)
        else:
            self.terms.unions.read(number - self.terms.word_count, self.base, found.docs, place)
            self.union_weights.unpack(first, length, found.frequencies, place)
        found.count = place + length
        if self.has_deleted:
            self.drop_deleted(found, place)
        return 0

    def drop_deleted(self, found: DecodedList, first: int) -> int:
        """Drop the postings from *first* on whose documents were deleted."""
        docs, frequencies, kept = found.docs, found.frequencies, first
        for row in range(first, found.count):
            if self.live[docs[row] - self.base]:
                docs[kept], frequencies[kept] = docs[row], frequencies[row]
                kept += 1
        found.count = kept
        return 0


class PostingLists:
    """The posting lists of a generation; those used recently are kept, up to *max_bytes*."""

    def __init__(self, reader: "IndexReader", max_bytes: int) -> None:
        self.segments = [Segment(segment) for segment in reader.segments]
        self.cache = RecentCache(max_bytes)
        self.blocks = 0  # decoded so far

    def find(self, numbers: tuple[int, ...], is_kept: int) -> DecodedList:
        """Return the list with these numbers, one per segment, -1 where a segment lacks the term."""
        found: DecodedList | None = self.cache.find(numbers)
        if found is None:
            found = self.read(numbers)
            if is_kept:
                found = self.cache.keep(numbers, found)
        return found

    def count(self, postings: int) -> int:
        """Count the blocks of a list that was decoded."""
        self.blocks += (postings + BLOCK - 1) // BLOCK
        return 0

    def read(self, numbers: tuple[int, ...]) -> DecodedList:
        """Decode a list."""
        found, room = DecodedList(), 0
        for segment, number in zip(self.segments, numbers, strict=True):
            if number >= 0:
                room += segment.terms.length(number)
        self.count(room)
        found.reserve(room)
        for segment, number in zip(self.segments, numbers, strict=True):
            if number >= 0:
                segment.read(number, found)
        return found


def list_of_postings(postings: PostingList) -> DecodedList:
    """Return a list that was made in Python, from several others."""
    numbers = np.ascontiguousarray(postings.docs, np.int32)
    values = np.ascontiguousarray(postings.frequencies_in(postings.docs)[1], np.float32)
    if len(numbers) != len(values):
        raise ValueError("a posting list with a wrong number of frequencies")
    found = list_of_numbers(numbers.data, len(numbers))
    set_frequencies(found, values.data)
    return found


def list_of_docs(docs: Docs | list[int]) -> DecodedList:
    """Return documents that were found in Python, without frequencies."""
    numbers = np.ascontiguousarray(docs, np.int32)
    return list_of_numbers(numbers.data, len(numbers))


def list_of_numbers(numbers: memoryview, count: int) -> DecodedList:
    """Return documents as a list, without frequencies."""
    found = DecodedList()
    found.docs, found.count = memory.room_for_ints(count), count
    for row in range(count):
        found.docs[row] = numbers[row]
    return found


def set_frequencies(found: DecodedList, values: "memoryview[Any]") -> int:
    """Set the frequencies of a list that has none."""
    found.frequencies, found.has_frequencies = memory.room_for_floats(found.count), True
    for row in range(found.count):
        found.frequencies[row] = values[row]
    return 0


def union_of(lists: list[DecodedList]) -> DecodedList:
    """Return the documents that are in any of *lists*, without frequencies."""
    documents = 0
    for one in lists:
        if one.count:
            documents = max(documents, one.docs[one.count - 1] + 1)
    marked = doc_bits.new_bits(documents)
    try:
        for one in lists:
            doc_bits.mark_docs(marked, one.docs, one.count)
        return list_of_bits(marked, documents)
    finally:
        memory.release(marked)


def list_of_bits(marked: memoryview, documents: int) -> DecodedList:
    """Return the documents whose bits are set, without frequencies."""
    found = DecodedList()
    found.docs = memory.room_for_ints(doc_bits.count_bits(marked, documents))
    found.count = doc_bits.read_bits(marked, documents, found.docs)
    return found


def first_from(docs: memoryview, count: int, row: int, doc: int) -> int:
    """Return the first row from *row* on whose document is not before *doc*; it is probably near."""
    step = 1
    if row < count and docs[row] >= doc:
        return row
    while row + step < count and docs[row + step] < doc:
        row += step
        step += step
    high = min(row + step, count)
    row += 1
    while row < high:
        middle = (row + high) >> 1
        if docs[middle] < doc:
            row = middle + 1
        else:
            high = middle
    return min(row, count)
