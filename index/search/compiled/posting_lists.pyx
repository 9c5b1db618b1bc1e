# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The posting lists of terms over all segments, decoded and checked once.

A file may be damaged. So every number that becomes an index is checked when it is read, and a wrong one raises
ValueError; afterwards the numbers in memory are trusted.
"""

import numpy as np

from cpython.unicode cimport PyUnicode_AsUTF8AndSize
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcmp, memcpy

from index.search.compiled.columns cimport Column, at, column_of
from index.search.compiled.doc_bits cimport count_bits, mark_docs, new_bits, read_bits
from index.search.compiled.doc_lists cimport DocListArrays
from index.search.compiled.small_numbers cimport SmallNumberArrays

from index.search.compiled.doc_lists import DocListArrays
from index.search.compiled.recent import RecentCache
from index.search.compiled.small_numbers import SmallNumberArrays
from index.segment.postings import UNIONS
from index.segment.small_numbers import WEIGHT_BITS
from index.writer.vocabulary import FIELDS

# The size of a cached list without its postings.
LIST_BYTES = 300


cdef class DecodedList:
    """The live documents of a term, ascending, and its weighted frequency in each."""

    def __dealloc__(self):
        free(self.docs)
        free(self.frequencies)

    def __len__(self):
        return self.count

    @property
    def nbytes(self):
        """The size of the list in bytes."""
        return LIST_BYTES + (8 if self.has_frequencies else 4) * self.count

    cdef void reserve(self, Py_ssize_t room) except *:
        self.docs = <int32_t*>malloc(4 * max(room, 1))
        self.frequencies = <float*>malloc(4 * max(room, 1))
        if self.docs == NULL or self.frequencies == NULL:
            raise MemoryError
        self.has_frequencies = True

    cdef Py_ssize_t first_from(self, Py_ssize_t row, int32_t doc) noexcept nogil:
        """Return the first row from *row* on whose document is not before *doc*; it is probably near."""
        return first_from(self.docs, self.count, row, doc)


cdef class FieldTerms:
    """The sorted terms of a field of a segment, and the words that map to each."""

    def __init__(self, arrays, name, word_count, list_count):
        self.kept = []
        self.word_count, self.list_count = word_count, list_count
        self.terms = column_of(arrays[f"{name}/terms"], self.kept)
        self.offsets = column_of(arrays[f"{name}/term_offsets"], self.kept)
        # Stored only if some term has several words.
        self.has_starts = f"{name}/word_starts" in arrays
        if self.has_starts:
            self.starts = column_of(arrays[f"{name}/word_starts"], self.kept)
        self.words = column_of(arrays[f"{name}/words"], self.kept)
        self.has_lists = f"{name}/lists" in arrays
        if self.has_lists:
            self.lists = column_of(arrays[f"{name}/lists"], self.kept)
        count = self.starts.length if self.has_starts else self.words.length + 1
        is_right = self.terms.size == 1 and self.offsets.length == count > 0
        if not is_right or (self.has_lists and self.lists.length != self.offsets.length - 1):
            raise ValueError(f"{name}: the arrays of its terms have unequal lengths")

    cdef Py_ssize_t find(self, str text) except -2:
        """Return the ordinal of a term, -1 if it is missing."""
        cdef Py_ssize_t length, size, low = 0, high = self.offsets.length - 1, middle
        cdef const char* wanted = PyUnicode_AsUTF8AndSize(text, &length)
        cdef int64_t first, end
        cdef int order
        while low < high:
            middle = (low + high) >> 1
            first, end = at(self.offsets, middle), at(self.offsets, middle + 1)
            if not 0 <= first <= end <= self.terms.length:
                raise ValueError("a term outside its dictionary")
            size = end - first
            order = memcmp(self.terms.bytes + first, wanted, min(size, length))
            if order == 0 and size == length:
                return middle
            if order < 0 or (order == 0 and size < length):
                low = middle + 1
            else:
                high = middle
        return -1

    cdef list words_of(self, Py_ssize_t place):
        """Return the words that map to a term."""
        cdef int64_t first = place, end = place + 1, word
        cdef Py_ssize_t row
        cdef list found = []
        if self.has_starts:
            first, end = at(self.starts, place), at(self.starts, place + 1)
        if not 0 <= first <= end <= self.words.length:
            raise ValueError("words of a term outside their array")
        for row in range(first, end):
            word = at(self.words, row)
            if not 0 <= word < self.word_count:
                raise ValueError("a term of an unknown word")
            found.append(word)
        return found

    cdef int64_t list_of(self, Py_ssize_t place) except -2:
        """Return the number of the posting list of a term, -1 if several would have to be merged."""
        cdef int64_t number = -1
        cdef list words
        if self.has_lists:
            number = at(self.lists, place)
            if not 0 <= number < self.list_count:
                raise ValueError("a term of an unknown list")
            return number
        words = self.words_of(place)
        return <int64_t>words[0] if len(words) == 1 else -1


cdef class SegmentTerms:
    """The terms of a segment, and the extents of their posting lists."""

    def __init__(self, postings):
        self.fields, arrays, words = {}, postings.arrays, postings.words
        if words is None:
            return
        self.words = DocListArrays(arrays, "word", words.lists, postings.documents)
        self.unions = DocListArrays(arrays, UNIONS, words.unions, postings.documents)
        self.word_count = len(self.words)
        for name in FIELDS:
            if f"{name}/words" in arrays:
                self.fields[name] = FieldTerms(arrays, name, self.word_count, self.word_count + len(self.unions))

    def size(self, str field, str text):
        """Return the document frequency of a term, or slightly more; 0 if it is missing."""
        cdef FieldTerms terms = self.fields.get(field)
        cdef Py_ssize_t place = -1 if terms is None else terms.find(text)
        cdef int64_t first, number = -1 if place < 0 else terms.list_of(place)
        if place < 0:
            return 0
        if number >= 0:
            return self.extent(number, &first)
        return sum([self.extent(word, &first) for word in terms.words_of(place)])

    cdef Py_ssize_t extent(self, int64_t number, int64_t* first) except -1:
        """Set *first* to the first posting of a list, and return its length."""
        cdef DocListArrays lists = self.words
        if number >= self.word_count:
            number, lists = number - self.word_count, self.unions
        first[0] = lists.first(number)
        return lists.size(number)


cdef class Segment:
    """The terms and posting lists of a segment; *reader* is the segment in Python."""

    def __init__(self, reader):
        cdef const uint8_t[::1] live
        self.reader, self.terms = reader, reader.compiled_terms
        self.base, self.count = reader.base, reader.count
        if reader.live is not None and self.count:
            live = reader.live.view(np.uint8)
            self.live, self.kept = &live[0], reader.live
        if self.terms.words is not None:
            arrays = reader.postings.arrays
            self.weights = SmallNumberArrays(arrays, "word/weights", WEIGHT_BITS, self.terms.words.low.length)
            self.union_weights = SmallNumberArrays(arrays, f"{UNIONS}/weights", WEIGHT_BITS, self.terms.unions.low.length)

    cdef void read(self, int64_t number, DecodedList found) except *:
        """Append the live documents of a list to *found*, which has room for them."""
        cdef int64_t first
        cdef Py_ssize_t length = self.terms.extent(number, &first), row, count = found.count
        cdef int32_t* docs = found.docs + count
        cdef float* frequencies = found.frequencies + count
        if not length:
            return
        if number < self.terms.word_count:
            self.terms.words.read(number, <int32_t>self.base, <int32_t[:length]>docs, 0)
            self.weights.unpack(first, length, <float[:length]>frequencies, 0)
        else:
            self.terms.unions.read(number - self.terms.word_count, <int32_t>self.base, <int32_t[:length]>docs, 0)
            self.union_weights.unpack(first, length, <float[:length]>frequencies, 0)
        if self.live == NULL:
            found.count += length
            return
        for row in range(length):
            if self.live[docs[row] - self.base]:
                found.docs[count], found.frequencies[count] = docs[row], frequencies[row]
                count += 1
        found.count = count


cdef class PostingLists:
    """The posting lists of a generation; those used recently are kept, up to *max_bytes*."""

    def __init__(self, reader, max_bytes):
        self.segments = [Segment(segment) for segment in reader.segments]
        self.cache = RecentCache(max_bytes)

    cdef DecodedList find(self, tuple numbers, bint is_kept):
        """Return the list with these numbers, one per segment, -1 where a segment lacks the term."""
        found = self.cache.find(numbers)
        if found is not None:
            return found
        made = self.read(numbers)
        return self.cache.keep(numbers, made) if is_kept else made

    cdef void count(self, Py_ssize_t postings) noexcept:
        """Count the blocks of a list that was decoded."""
        self.blocks += (postings + BLOCK - 1) // BLOCK

    cdef DecodedList read(self, tuple numbers):
        cdef DecodedList found = DecodedList()
        cdef Segment segment
        cdef int64_t first, number
        cdef Py_ssize_t room = 0
        for segment, number in zip(self.segments, numbers):
            if number >= 0:
                room += segment.terms.extent(number, &first)
        self.count(room)
        found.reserve(room)
        for segment, number in zip(self.segments, numbers):
            if number >= 0:
                segment.read(number, found)
        return found


def nbytes_of(cached):
    """Return the size of what is cached."""
    return cached.nbytes


cdef DecodedList list_of_postings(object postings):
    """Return a list that was made in Python, from several others."""
    cdef DecodedList found = DecodedList()
    cdef const int32_t[::1] numbers = np.ascontiguousarray(postings.docs, np.int32)
    cdef const float[::1] values = np.ascontiguousarray(postings.frequencies_in(postings.docs)[1], np.float32)
    if len(numbers) != len(values):
        raise ValueError("a posting list with a wrong number of frequencies")
    found.reserve(len(numbers))
    found.count = len(numbers)
    if found.count:
        memcpy(found.docs, &numbers[0], 4 * found.count)
        memcpy(found.frequencies, &values[0], 4 * found.count)
    return found


cdef DecodedList list_of_docs(object docs):
    """Return documents that were found in Python, without frequencies."""
    cdef DecodedList found = DecodedList()
    cdef const int32_t[::1] numbers = np.ascontiguousarray(docs, np.int32)
    found.docs = <int32_t*>malloc(4 * (len(numbers) + 1))
    if found.docs == NULL:
        raise MemoryError
    found.count = len(numbers)
    if found.count:
        memcpy(found.docs, &numbers[0], 4 * found.count)
    return found


cdef DecodedList union_of(list lists):
    """Return the documents that are in any of *lists*, without frequencies."""
    cdef DecodedList one
    cdef uint64_t* bits
    cdef Py_ssize_t documents = 0
    for one in lists:
        if one.count:
            documents = max(documents, one.docs[one.count - 1] + 1)
    bits = new_bits(documents)
    try:
        for one in lists:
            mark_docs(bits, one.docs, one.count)
        return list_of_bits(bits, documents)
    finally:
        free(bits)


cdef DecodedList list_of_bits(const uint64_t* bits, Py_ssize_t documents):
    """Return the documents whose bits are set, without frequencies."""
    cdef DecodedList found = DecodedList()
    found.docs = <int32_t*>malloc(4 * (count_bits(bits, documents) + 1))
    if found.docs == NULL:
        raise MemoryError
    found.count = read_bits(bits, documents, found.docs)
    return found
