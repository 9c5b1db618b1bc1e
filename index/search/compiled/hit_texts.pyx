# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The match offsets of hits in one pass over their texts; `index.search.match_offsets` says the same in NumPy.

Every number read from a file is checked before it becomes an index: files may be damaged. What a call needs is
allocated by it, because threads share the texts.
"""

import numpy as np  # for ``column_of``

from libc.stdint cimport int32_t, int64_t, uint16_t, uint64_t
from libc.stdlib cimport calloc, free, qsort, realloc

from index.search.compiled.columns cimport Column, at, column_of, first_from_value
from index.layout import part_at
from index.segment.token_spans import LENGTHS

cdef enum:
    PLACES = 64  # in the patterns of a query: a bit each
    PARTS_MAX = 64
    NO_LEAF = 1 << 30
    SIEVE = 1 << 10  # words of 64 bits: a bit for each value of the low 16 bits of a word

# The length of a span by its code, and the distance from the previous end to its end, as in ``unpack_spans``.
cdef int64_t[256] _LENGTH
cdef int64_t[256] _STEP
for _code in range(1, 256):
    _LENGTH[_code] = (_code - 1) % LENGTHS + 1
    _STEP[_code] = _LENGTH[_code] + (_code - 1) // LENGTHS + 1
_LENGTH[0] = _STEP[0] = 0


cdef struct Word:
    int64_t number
    int64_t leaf  # the first leaf that the word matches anywhere, or NO_LEAF
    uint64_t places  # a bit for each place of a pattern that the word can take


cdef struct Pattern:
    int64_t leaf
    int first  # its first place
    int length
    uint64_t parts  # a bit for each part that it can be in


cdef struct Match:
    int64_t token
    int64_t leaf
    uint64_t places


cdef int _compare(const void* one, const void* other) noexcept nogil:
    cdef int64_t first = (<const Word*>one).number, second = (<const Word*>other).number
    return (first > second) - (first < second)


cdef class _Wanted:
    """The words and patterns of a query, and the tokens of a part that match so far."""

    cdef Word* words
    cdef Py_ssize_t word_count
    cdef Pattern[64] patterns
    cdef int pattern_count
    cdef uint64_t[SIEVE] sieve
    cdef Match* matches
    cdef Py_ssize_t match_count, match_room

    def __cinit__(self, dict leaf_of_word not None, list patterns not None, list part_names not None):
        cdef Py_ssize_t most = len(leaf_of_word)
        cdef int64_t number, leaf
        for _, words, _ in patterns:
            most += sum(map(len, words))
        self.words = <Word*>calloc(most + 1, sizeof(Word))
        if self.words == NULL:
            raise MemoryError
        for number, leaf in leaf_of_word.items():
            self._add_word(most, number, leaf, 0)
        for leaf, words, part in patterns:
            self._add_pattern(most, leaf, words, part, part_names)
        self._merge_words()

    def __dealloc__(self):
        free(self.words)
        free(self.matches)

    cdef int _add_word(self, Py_ssize_t most, int64_t number, int64_t leaf, uint64_t places) except -1:
        if self.word_count == most:  # another thread changes the patterns
            raise ValueError(f"more than {most} words")
        self.words[self.word_count] = Word(number, leaf, places)
        self.word_count += 1
        self.sieve[(number & 0xFFFF) >> 6] |= <uint64_t>1 << (number & 63)
        return 0

    cdef int _add_pattern(self, Py_ssize_t most, int64_t leaf, words, part, list part_names) except -1:
        cdef Pattern* pattern
        cdef Py_ssize_t place, first = 0
        cdef uint64_t parts = 0
        if self.pattern_count:
            pattern = &self.patterns[self.pattern_count - 1]
            first = pattern.first + pattern.length
        if not words or first + len(words) > PLACES:
            raise ValueError(f"patterns must have 1 to {PLACES} words")
        for place, name in enumerate(part_names):
            if part is None or name == part:
                parts |= <uint64_t>1 << place
        for place, matching in enumerate(words, first):
            for number in matching:
                self._add_word(most, number, NO_LEAF, <uint64_t>1 << place)
        self.patterns[self.pattern_count] = Pattern(leaf, first, len(words), parts)
        self.pattern_count += 1
        return 0

    cdef void _merge_words(self) noexcept:
        """Sort the words, and merge those that were added several times."""
        cdef Py_ssize_t row, last = -1
        for row in range(1, self.word_count):
            if self.words[row].number <= self.words[row - 1].number:
                qsort(self.words, self.word_count, sizeof(Word), _compare)
                break
        for row in range(self.word_count):
            if last < 0 or self.words[row].number != self.words[last].number:
                last += 1
                self.words[last] = self.words[row]
            else:
                self.words[last].leaf = min(self.words[last].leaf, self.words[row].leaf)
                self.words[last].places |= self.words[row].places
        self.word_count = last + 1

    cdef inline const Word* find(self, int64_t number) noexcept nogil:
        """Return a wanted word by its number, NULL if it is not wanted."""
        cdef Py_ssize_t low = 0, high = self.word_count, middle
        while low < high:
            middle = (low + high) >> 1
            if self.words[middle].number < number:
                low = middle + 1
            else:
                high = middle
        return &self.words[low] if low < self.word_count and self.words[low].number == number else NULL

    cdef int add(self, int64_t token, const Word* word) except -1:
        cdef void* larger
        if self.match_count == self.match_room:
            larger = realloc(self.matches, (2 * self.match_room + 64) * sizeof(Match))
            if larger == NULL:
                raise MemoryError
            self.matches, self.match_room = <Match*>larger, 2 * self.match_room + 64
        self.matches[self.match_count].token = token
        self.matches[self.match_count].leaf = word.leaf
        self.matches[self.match_count].places = word.places
        self.match_count += 1
        return 0

    cdef void match_patterns(self, int part) noexcept nogil:
        """Set the leaf of the tokens that match a pattern; they may match an earlier leaf already."""
        cdef Py_ssize_t row
        cdef int number, place
        cdef Pattern* pattern
        for number in range(self.pattern_count):
            pattern = &self.patterns[number]
            if not pattern.parts >> part & 1:
                continue
            for row in range(self.match_count - pattern.length + 1):
                if self._occurs(pattern, row):
                    for place in range(pattern.length):
                        self.matches[row + place].leaf = min(self.matches[row + place].leaf, pattern.leaf)

    cdef inline bint _occurs(self, const Pattern* pattern, Py_ssize_t row) noexcept nogil:
        cdef int place
        for place in range(pattern.length):
            if not self.matches[row + place].places >> (pattern.first + place) & 1:
                return False
            if self.matches[row + place].token != self.matches[row].token + place:
                return False
        return True


cdef class HitTexts:
    """The texts of the documents of a segment."""

    cdef list _kept, _part_names
    cdef Py_ssize_t _documents, _tokens
    cdef Column _starts, _low, _high, _codes, _odd, _odd_gaps, _odd_lengths
    cdef Column[PARTS_MAX] _counts

    def __cinit__(self, arrays):
        cdef Py_ssize_t part
        self._kept = []
        bases = [base for base, _ in arrays.meta["parts"]]
        if len(bases) > PARTS_MAX:
            raise ValueError(f"{arrays.path}: more than {PARTS_MAX} parts")
        self._part_names = [part_at(base) for base in bases]
        self._documents = arrays.meta["documents"]
        self._starts = self._column(arrays, "span/starts", "u", self._documents + 1)
        self._tokens = len(arrays["span/words"])
        self._low = self._column(arrays, "span/words", "u", self._tokens, 2)
        self._high = self._column(arrays, "span/words_high", "u", self._tokens)
        self._codes = self._column(arrays, "span/codes", "u", self._tokens, 1)
        self._odd = self._column(arrays, "span/odd", "u", len(arrays["span/odd"]))
        self._odd_gaps = self._column(arrays, "span/odd_gaps", "i", self._odd.length, 4)
        self._odd_lengths = self._column(arrays, "span/odd_lengths", "i", self._odd.length, 4)
        for part, base in enumerate(bases):
            self._counts[part] = self._column(arrays, f"part/{base}", "u", self._documents)

    cdef Column _column(self, arrays, str name, str kind, Py_ssize_t length, Py_ssize_t size=0) except *:
        """Return an array that must have this *length*, and numbers of this *kind* and *size*."""
        array = arrays[name]
        # An empty array may have any type.
        is_right = not length or (array.dtype.kind == kind and (not size or array.itemsize == size))
        if len(array) != length or not is_right:
            raise ValueError(f"{arrays.path}: array {name!r} does not fit the others")
        return column_of(array, self._kept)

    def match_offsets(self, docs, dict leaf_of_word, list patterns, type offset_type):
        """Return, for each of *docs*, the part, span and first leaf of each token that matches, in order."""
        cdef _Wanted wanted = _Wanted(leaf_of_word, patterns, self._part_names)
        return [self._offsets_in(doc, wanted, offset_type) for doc in docs]

    cdef tuple _offsets_in(self, Py_ssize_t doc, _Wanted wanted, type offset_type):
        cdef list offsets = []
        cdef int part
        cdef int64_t token, end, count
        if doc < 0 or doc >= self._documents:
            raise ValueError(f"document {doc} of {self._documents}")
        token, end = at(self._starts, doc), at(self._starts, doc + 1)
        if token < 0 or end < token or end > self._tokens:
            raise ValueError(f"the text of document {doc} is outside of all texts")
        for part in range(len(self._part_names)):
            count = at(self._counts[part], doc)
            if count < 0 or count > end - token:
                raise ValueError(f"the parts of document {doc} are longer than its text")
            self._find(wanted, token, token + count)
            if wanted.match_count:
                wanted.match_patterns(part)
                self._append(offsets, wanted, token, self._part_names[part], offset_type)
            token += count
        if token != end:
            raise ValueError(f"the parts of document {doc} are shorter than its text")
        return tuple(offsets)

    cdef int _find(self, _Wanted wanted, int64_t first, int64_t end) except -1:
        """Collect the tokens of wanted words; the caller has checked that *first* and *end* are inside."""
        cdef const uint16_t* low = <const uint16_t*>self._low.bytes
        cdef const uint64_t* sieve = wanted.sieve
        cdef int64_t token
        cdef const Word* word
        wanted.match_count = 0
        for token in range(first, end):
            if sieve[low[token] >> 6] >> (low[token] & 63) & 1:
                word = wanted.find(<int64_t>(<uint64_t>at(self._high, token) << 16) | low[token])
                if word != NULL:
                    wanted.add(token, word)
        return 0

    cdef int _append(self, list offsets, _Wanted wanted, int64_t token, str part, type offset_type) except -1:
        """Append the offsets of the tokens collected; *token* is the first one of their part."""
        cdef Py_ssize_t row
        cdef int64_t start = 0, end = -1, length = 0
        cdef Match* match
        for row in range(wanted.match_count):
            match = &wanted.matches[row]
            if match.leaf == NO_LEAF:
                continue
            while token <= match.token:
                if self._codes.bytes[token]:
                    end += _STEP[self._codes.bytes[token]]
                    length = _LENGTH[self._codes.bytes[token]]
                else:
                    length = self._odd_length(token, &end)
                token += 1
            offsets.append(tuple.__new__(offset_type, (part, end - length, end, match.leaf)))
        return 0

    cdef int64_t _odd_length(self, int64_t token, int64_t* end) except? -1:
        """Return the length of a span without a code, and move *end* from the previous end to its end."""
        cdef Py_ssize_t row = first_from_value(self._odd, token)
        cdef int64_t length
        if row == self._odd.length or at(self._odd, row) != token:
            raise ValueError(f"token {token} has no span")
        length = (<const int32_t*>self._odd_lengths.bytes)[row]
        end[0] += (<const int32_t*>self._odd_gaps.bytes)[row] + length
        return length
