# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The boost of adjacent words: documents are searched for them in reading order, in the forward index."""

import numpy as np  # for `column_of`

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from index.search.compiled.columns cimport Column, at, column_of

from index.layout import part_at


cdef class Texts:
    """The words of each document of a segment, in reading order, part by part."""

    def __init__(self, segment):
        arrays = segment.postings.arrays
        self.kept, self.documents = [], segment.count
        self.starts = column_of(arrays["span/starts"], self.kept)
        self.low = column_of(arrays["span/words"], self.kept)
        self.high = column_of(arrays["span/words_high"], self.kept)
        self.bases = [base for base, _ in arrays.meta["parts"]]
        self.parts = len(self.bases)
        self.counts = <Column*>calloc(max(1, self.parts), sizeof(Column))
        if self.counts == NULL:
            raise MemoryError
        for part in range(self.parts):
            self.counts[part] = column_of(arrays[f"part/{self.bases[part]}"], self.kept)
            if self.counts[part].length != self.documents:
                raise ValueError("the parts of texts have a wrong number of documents")
        if self.starts.length != self.documents + 1:
            raise ValueError("texts with a wrong number of documents")
        if self.low.length and (self.low.size != 2 or self.high.size != 1):
            raise ValueError("words of texts in a wrong type")

    def __dealloc__(self):
        free(self.counts)

    cdef Py_ssize_t size(self, Py_ssize_t doc) except -1:
        """Return the number of tokens of a document, after checking that all are inside the arrays."""
        cdef int64_t first = at(self.starts, doc), end = at(self.starts, doc + 1), count, total = 0
        cdef Py_ssize_t part
        if not 0 <= first <= end <= min(self.low.length, self.high.length):
            raise ValueError("a text outside its array")
        for part in range(self.parts):
            count = at(self.counts[part], doc)
            if not 0 <= count <= end - first - total:
                raise ValueError("a text longer than its tokens")
            total += count
        return total


cdef class WantedWords:
    """The words of a segment that are looked for, each with a bit for every place in the query that it fits."""

    def __init__(self, words, allowed):
        cdef dict bits = {}
        cdef uint64_t word
        self.allowed = <uint32_t*>malloc(4 * max(1, len(allowed)))
        if self.allowed == NULL:
            raise MemoryError
        for part, mask in enumerate(allowed):
            self.allowed[part] = mask
        for place, numbers in enumerate(words):
            for number in numbers:
                bits[number] = bits.get(number, 0) | 1 << place
        self.words = <uint64_t*>malloc(8 * max(1, len(bits)))
        if self.words == NULL:
            raise MemoryError
        memset(self.sieve, 0, sizeof(self.sieve))
        for number in sorted(bits):
            word = number
            self.words[self.count] = word << 32 | <uint32_t>bits[number]
            self.sieve[(word & 0xFFFF) >> 6] |= <uint64_t>1 << (word & 63)
            self.count += 1

    def __dealloc__(self):
        free(self.words)
        free(self.allowed)

    cdef uint32_t parts_of(self, uint32_t low, uint32_t high) noexcept nogil:
        """Return the bits of a word whose low 16 bits are in the sieve, 0 if it is another one."""
        cdef uint64_t word = <uint64_t>high << 16 | low
        cdef Py_ssize_t first = 0, end = self.count, middle
        while first < end:
            middle = (first + end) >> 1
            if self.words[middle] >> 32 < word:
                first = middle + 1
            else:
                end = middle
        return <uint32_t>self.words[first] if first < self.count and self.words[first] >> 32 == word else 0


cdef class AdjacentWords:
    """Looks for adjacent words of one query, up to 32, in documents of any segment; for one thread.

    *words* has, for each word of the query, those of each segment; *limits* the part that it must be in, None for any.
    """

    def __init__(self, texts, bases, words, limits):
        cdef Py_ssize_t i
        self.texts, self.words, self.limits = texts, words, limits
        self.wanted = [None] * len(texts)
        self.bases = <int64_t*>malloc(8 * max(1, len(texts)))
        if self.bases == NULL:
            raise MemoryError
        for i in range(len(texts)):
            self.bases[i] = bases[i]

    def __dealloc__(self):
        free(self.bases)

    cdef WantedWords open(self, Py_ssize_t segment):
        cdef WantedWords found = self.wanted[segment]
        if found is None:
            allowed = [
                sum([1 << place for place, limit in enumerate(self.limits) if limit is None or limit == part_at(base)])
                for base in (<Texts>self.texts[segment]).bases
            ]
            found = WantedWords([words[segment] for words in self.words], allowed)
            self.wanted[segment] = found
        return found

    cdef Py_ssize_t segment_of(self, int32_t doc) noexcept:
        cdef Py_ssize_t segment = len(self.texts) - 1
        while self.bases[segment] > doc:
            segment -= 1
        return segment

    cdef uint32_t pairs(self, int32_t doc) except? 0xFFFFFFFF:
        """Return a bit for each pair of adjacent words of the query that are adjacent in a document."""
        cdef Py_ssize_t segment = self.segment_of(doc), part
        cdef Texts texts = self.texts[segment]
        cdef WantedWords wanted
        cdef const uint16_t* low
        cdef const uint8_t* high
        cdef const uint64_t* sieve
        cdef int64_t token, end
        cdef uint32_t bits, before, found = 0
        if texts is None:  # a segment without words
            return 0
        wanted = self.open(segment)
        low, high, sieve = <const uint16_t*>texts.low.bytes, texts.high.bytes, wanted.sieve
        doc -= <int32_t>self.bases[segment]
        texts.size(doc)
        token = at(texts.starts, doc)
        for part in range(texts.parts):
            before, end = 0, token + at(texts.counts[part], doc)
            while token < end:
                bits = 0
                if is_in(sieve, low[token]):
                    bits = wanted.parts_of(low[token], high[token]) & wanted.allowed[part]
                    found |= before & (bits >> 1)
                before = bits
                token += 1
        return found


cdef inline bint is_in(const uint64_t* sieve, uint16_t low) noexcept nogil:
    return sieve[low >> 6] >> (low & 63) & 1
