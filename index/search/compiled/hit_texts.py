"""The match offsets of hits in one pass over their texts.

Every number read from a file is checked before it becomes a place: files may be damaged. What a call needs is
allocated by it, because threads share the texts.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from index.compiled.whole_numbers import WholeNumbers
from index.layout import Stream, part_at
from index.segment.array_file import Array, ArrayFile
from index.segment.token_spans import LENGTHS

OffsetT = TypeVar("OffsetT", bound=tuple[Stream, int, int, int])
Pattern = tuple[int, Sequence[Sequence[int]], "Stream | None", int]
"""A leaf; for each of its words, in order, the numbers that match; their part, None for any.

Last, how many other words may be between them.
"""

PARTS_MAX = 64
NO_LEAF = 1 << 30
SIEVE = 1 << 10
"""Words of 64 bits: a bit for each value of the low 16 bits of a word."""
LOW_BITS = 0xFFFF
HIGH_MAX = (1 << 32) - 1
"""The largest number that the high bits of a word can have."""
ONE = 1
FIRST_MATCHES = 64
# The length of a span by its code, and its distance from the previous end, as in ``pack_spans``.
LENGTH_OF = bytes([0, *((code - 1) % LENGTHS + 1 for code in range(1, 256))])
GAP_OF = bytes([0, *((code - 1) // LENGTHS + 1 for code in range(1, 256))])


class WantedPattern:
    """Words in order that a query wants."""

    def __init__(self, leaf: int, first: int, length: int, parts: int, slop: int) -> None:
        self.leaf, self.length = leaf, length
        self.first = first  # its first place
        self.parts = parts  # a bit for each part that it can be in
        self.reach = length - 1 + slop  # from its first token to its last


class Wanted:
    """The words and patterns of a query, and the tokens of a part that match so far."""

    def __init__(
        self, leaf_of_word: dict[int, int], patterns: Sequence[Pattern], part_names: Sequence[Stream]
    ) -> None:
        places: dict[int, list[int]] = {}
        self.patterns: list[WantedPattern] = []
        first = 0
        for leaf, words, part, slop in patterns:
            if not words:
                raise ValueError("a pattern without words")
            parts = sum([ONE << at for at, name in enumerate(part_names) if part is None or name == part])
            for place, matching in enumerate(words, first):
                for number in matching:
                    places.setdefault(number, []).append(place)
            self.patterns.append(WantedPattern(leaf, first, len(words), parts, slop))
            first += len(words)
        # A match is its token, its leaf or NO_LEAF, and a bit for each place of a pattern that it can take.
        self.match_size = 2 + ((first + 63) >> 6)
        leaves = dict.fromkeys(places, NO_LEAF)
        leaves.update(leaf_of_word)  # a copy: another thread may change it
        self.count = len(leaves)
        # One array for all, because to make one takes a microsecond: a sieve of the low bits of the words,
        # the numbers of the words, the first leaf that each matches anywhere, and the places it can take.
        self.words = new_numbers(SIEVE + self.match_size * self.count)
        if not self.set_words(leaves, places):
            self.words = new_numbers(SIEVE + self.match_size * self.count)
            self.set_words({number: leaves[number] for number in sorted(leaves)}, places)
        self.matches = new_numbers(self.match_size * FIRST_MATCHES)
        self.match_count, self.match_room = 0, FIRST_MATCHES

    def set_words(self, leaves: dict[int, int], places: dict[int, list[int]]) -> bool:
        """Set the words to those of *leaves*; return whether they ascend, as they must."""
        has_places = bool(places)
        is_ascending = True
        row, before = SIEVE, 0
        for number, leaf in leaves.items():
            if number < before:
                is_ascending = False
            before = number
            self.words[(number & LOW_BITS) >> 6] |= ONE << (number & 63)
            self.words[row] = number
            self.words[row + self.count] = leaf
            if has_places:
                for place in places.get(number, ()):
                    at = row + (2 + (place >> 6)) * self.count
                    self.words[at] |= ONE << (place & 63)
            row += 1
        return is_ascending

    def look_at(self, token: int, number: int) -> None:
        """Add a token whose word passes the sieve, if it is wanted."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) >> 1
            if self.words[SIEVE + middle] < number:
                low = middle + 1
            else:
                high = middle
        if low < self.count and self.words[SIEVE + low] == number:
            if self.match_count == self.match_room:
                self.grow()
            at = self.match_size * self.match_count
            self.matches[at] = token
            for column in range(1, self.match_size):
                self.matches[at + column] = self.words[SIEVE + column * self.count + low]
            self.match_count += 1

    def grow(self) -> None:
        """Make room for twice as many matches."""
        larger = new_numbers(2 * self.match_size * self.match_room)
        for row in range(self.match_size * self.match_count):
            larger[row] = self.matches[row]
        self.matches, self.match_room = larger, 2 * self.match_room

    def token(self, row: int) -> int:
        """Return the token of a match."""
        return self.matches[self.match_size * row]

    def can_take(self, row: int, place: int) -> int:
        """Return whether a match can take a place of a pattern: 1 or 0."""
        return self.matches[self.match_size * row + 2 + (place >> 6)] >> (place & 63) & 1

    def mark(self, row: int, leaf: int) -> None:
        """Set the leaf of a match, which may match an earlier leaf already."""
        at = self.match_size * row + 1
        self.matches[at] = min(self.matches[at], leaf)

    def match_patterns(self, part: int) -> None:
        """Set the leaf of the tokens that match a pattern."""
        for pattern in self.patterns:
            if not pattern.parts >> part & 1:
                continue
            if pattern.reach >= pattern.length:
                self.match_apart(pattern)
                continue
            for row in range(self.match_count - pattern.length + 1):
                if self.occurs(pattern, row):
                    for place in range(pattern.length):
                        self.mark(row + place, pattern.leaf)

    def occurs(self, pattern: WantedPattern, row: int) -> bool:
        """Return whether adjacent words begin at a match."""
        token = self.token(row)
        for place in range(pattern.length):
            if self.token(row + place) != token + place:
                return False
            if not self.can_take(row + place, pattern.first + place):
                return False
        return True

    def match_apart(self, pattern: WantedPattern) -> int:
        """Set the leaf of the tokens that match words in order with others between."""
        # Of each word after the first, the nearest one: no other choice ends earlier. As the first words
        # ascend, so do these, and all matches are walked once.
        rows = new_numbers(pattern.length)
        for first in range(self.match_count):
            if not self.can_take(first, pattern.first):
                continue
            rows[0] = row = first
            for place in range(1, pattern.length):
                row = max(row + 1, rows[place])
                while row < self.match_count and not self.can_take(row, pattern.first + place):
                    row += 1
                rows[place] = row
                if row == self.match_count:
                    return 0
                if self.token(row) - self.token(first) > pattern.reach:
                    break
            else:
                for place in range(pattern.length):
                    self.mark(rows[place], pattern.leaf)
        return 0


class HitTexts:
    """The texts of the documents of a segment; immutable, shared by all threads.

    Raises:
        ValueError: the arrays do not fit together.
    """

    def __init__(self, arrays: ArrayFile) -> None:
        bases = [base for base, _ in arrays.meta["parts"]]
        if len(bases) > PARTS_MAX:
            raise ValueError(f"{arrays.path}: more than {PARTS_MAX} parts")
        self.part_names = [part_at(base) for base in bases]
        self.documents, self.tokens = arrays.meta["documents"], len(arrays["span/words"])
        self.starts = numbers_of(arrays, "span/starts", "u", self.documents + 1)
        self.low = numbers_of(arrays, "span/words", "u", self.tokens, 2)
        self.high = numbers_of(arrays, "span/words_high", "u", self.tokens)
        self.codes = numbers_of(arrays, "span/codes", "u", self.tokens, 1)
        self.odd = numbers_of(arrays, "span/odd", "u", len(arrays["span/odd"]))
        self.odd_gaps = signed_of(arrays, "span/odd_gaps", self.odd.length)
        self.odd_lengths = signed_of(arrays, "span/odd_lengths", self.odd.length)
        self.counts = [numbers_of(arrays, f"part/{base}", "u", self.documents) for base in bases]

    def match_offsets(
        self,
        docs: Sequence[int],
        leaf_of_word: dict[int, int],
        patterns: list[Pattern],
        offset_type: type[OffsetT],
    ) -> list[tuple[OffsetT, ...]]:
        """Return, for each of *docs*, the part, span and first leaf of each token that matches, in order.

        *leaf_of_word* has the leaves that match anywhere.

        Raises:
            ValueError: the arrays are damaged, or a pattern has no words.
        """
        wanted = Wanted(leaf_of_word, patterns, self.part_names)
        return [self.offsets_in(doc, wanted, offset_type) for doc in docs]

    def offsets_in(self, doc: int, wanted: Wanted, offset_type: type[OffsetT]) -> tuple[OffsetT, ...]:
        """Return the match offsets in a document."""
        offsets: list[OffsetT] = []
        if not 0 <= doc < self.documents:
            raise ValueError(f"document {doc} of {self.documents}")
        token, end = self.starts.at(doc), self.starts.at(doc + 1)
        if not 0 <= token <= end <= self.tokens:
            raise ValueError(f"the text of document {doc} is outside of all texts")
        for part, counts in enumerate(self.counts):
            count = counts.at(doc)
            if not 0 <= count <= end - token:
                raise ValueError(f"the parts of document {doc} are longer than its text")
            wanted.match_count = 0
            if count:
                self.find(wanted, token, token + count)
            if wanted.match_count:
                wanted.match_patterns(part)
                self.append(offsets, wanted, token, self.part_names[part], offset_type)
            token += count
        if token != end:
            raise ValueError(f"the parts of document {doc} are shorter than its text")
        return tuple(offsets)

    def find(self, wanted: Wanted, first: int, end: int) -> None:
        """Collect the tokens of wanted words; the caller has checked that *first* and *end* are inside."""
        low, sieve = self.low.twos, wanted.words
        for token in range(first, end):
            word = low[token]
            if sieve[word >> 6] >> (word & 63) & 1:
                high = self.high.at(token)
                if high > HIGH_MAX:
                    raise ValueError(f"token {token} is of an impossible word")
                wanted.look_at(token, high << 16 | word)

    def append(
        self, offsets: list[OffsetT], wanted: Wanted, token: int, part: Stream, offset_type: type[OffsetT]
    ) -> None:
        """Append the offsets of the tokens collected; *token* is the first one of their part."""
        codes = self.codes.ones
        before = 0
        start, end = 0, -1
        for row in range(wanted.match_count):
            leaf = wanted.matches[wanted.match_size * row + 1]
            if leaf == NO_LEAF:
                continue
            last = wanted.token(row)
            while token <= last:
                code = codes[token]
                if code:
                    start = end + GAP_OF[code]
                    end = start + LENGTH_OF[code]
                else:
                    before = self.odd_row(token)
                    start = end + self.odd_gaps[before]
                    end = start + self.odd_lengths[before]
                token += 1
            offsets.append(tuple.__new__(offset_type, (part, start, end, leaf)))

    def odd_row(self, token: int) -> int:
        """Return the row of a span without a code."""
        row = self.odd.first_from(token)
        if row == self.odd.length or self.odd.at(row) != token:
            raise ValueError(f"token {token} has no span")
        return row


def numbers_of(arrays: ArrayFile, name: str, kind: str, length: int, size: int = 0) -> WholeNumbers:
    """Return an array that must have this *length*, and numbers of this *kind* and *size*."""
    return WholeNumbers(fitting(arrays, name, kind, length, size))


def signed_of(arrays: ArrayFile, name: str, length: int) -> memoryview:
    """Return an array of signed numbers of four bytes, that must have this *length*."""
    return fitting(arrays, name, "i", length, 4).astype(np.int32, copy=False).data


def fitting(arrays: ArrayFile, name: str, kind: str, length: int, size: int) -> Array:
    """Return an array after checking that it fits the others."""
    array = arrays[name]
    # An empty array may have any type.
    is_right = not length or (array.dtype.kind == kind and (not size or array.itemsize == size))
    if len(array) != length or not is_right:
        raise ValueError(f"{arrays.path}: array {name!r} does not fit the others")
    return array if length else np.zeros(0, f"{kind}{size or 1}")


def new_numbers(count: int) -> memoryview:
    """Return zeros."""
    return np.zeros(count, np.uint64).data
