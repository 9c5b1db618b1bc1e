"""Analysed releases to sorted runs of postings: the first half of a build.

A *word* is a distinct ``Forms``; postings and positions are kept by word, and the fields of the forms are
derived from them. Tokens are gathered in flat arrays and sorted a run at a time, so memory does not grow with
the index.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.analysis import Columns, Forms
from index.columnar.format import Array, smallest
from index.columnar.lists import ranges

FIELDS = ("lemma", "stem", "exact", "fold")
# Tokens sorted at a time: some 90 bytes each while they are, and again while their runs are merged.
RUN_TOKENS = 1_000_000
# Words known by identity; each keeps its object, some 500 bytes.
KNOWN_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a release: its tokens stand at ``base`` and after, and each counts ``weight`` times.

    All releases use the same few bases in rising order, each at most once, with the same weight.
    """

    base: int
    weight: int
    tokens: Columns


@dataclass(frozen=True, slots=True)
class Run:
    """Postings of ascending words, and within a word of ascending documents.

    ``sizes`` runs beside ``words`` (how many postings); ``counts``, ``docs`` and ``weights`` beside the
    postings (``counts``: how many positions).
    """

    words: Array
    sizes: Array
    docs: Array
    weights: Array
    counts: Array
    positions: Array


# Between the fields of a packed word, and between the terms of a field; no text has them inside a word.
FIELD_END, TERM_END = b"\x1e", b"\x1f"


def pack_word(terms: Sequence[Sequence[str]]) -> bytes:
    """Return the terms of a word, field by field, as one byte string, which is the same for equal words."""
    packed = FIELD_END.join(TERM_END.join(sorted(map(str.encode, set(some)))) for some in terms)
    if packed.count(FIELD_END) != len(FIELDS) - 1:
        raise ValueError(f"{terms!r}: no terms of a word")
    return packed


class Vocabulary:
    """Numbers for words, in order of appearance."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._known = _Known(lambda word: self.number(pack_word(word.terms)))

    def number(self, word: bytes) -> int:
        """Return the number of a packed word."""
        return self._numbers.setdefault(word, len(self._numbers))

    def numbers(self, words: Iterable[Forms]) -> list[int]:
        """Return the numbers of *words*; looks at their terms only where it sees an object first."""
        return list(map(self._known.__getitem__, words))

    def words(self) -> list[bytes]:
        """Return all words, packed, by their numbers."""
        return list(self._numbers)


class _Known(dict[Forms, int]):
    """The numbers of words by identity."""

    def __init__(self, number: Callable[[Forms], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, word: Forms) -> int:
        if len(self) >= KNOWN_MAX:
            self.clear()
        return self.setdefault(word, self._number(word))


@dataclass(slots=True)
class Tokens:
    """Tokens in the order they are added, flat."""

    words: "array[int]" = field(default_factory=lambda: array("I"))
    starts: "array[int]" = field(default_factory=lambda: array("I"))
    ends: "array[int]" = field(default_factory=lambda: array("I"))
    docs: list[int] = field(default_factory=list)
    """With ``bases`` and ``counts``, of each part."""
    bases: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def add(self, docnum: int, part: Part, words: list[int]) -> None:
        """Add a part whose tokens are *words*."""
        self.words.extend(words)
        self.starts.extend(part.tokens.starts)
        self.ends.extend(part.tokens.ends)
        self.docs.append(docnum)
        self.bases.append(part.base)
        self.counts.append(len(words))

    def run(self, weights: dict[int, int]) -> Run:
        """Return them sorted; *weights* is by the base of a part."""
        counts = np.array(self.counts, np.int64)
        first = self.docs[0]
        docs = np.repeat(np.array(self.docs, np.uint64) - np.uint64(first), counts)
        positions = ranges(np.array(self.bases), counts).astype(np.uint64)
        words = np.frombuffer(self.words, np.uint32).astype(np.uint64)
        doc_bits, position_bits = int(docs.max()).bit_length(), int(positions.max()).bit_length()
        if int(words.max()).bit_length() + doc_bits + position_bits > 64:
            raise OverflowError("too many words, documents and positions for one run")
        keys = (words << np.uint64(doc_bits + position_bits)) | (docs << np.uint64(position_bits)) | positions
        keys.sort()
        return _unpacked(keys, doc_bits, position_bits, first, weights)

    def codes(self) -> tuple[Array, Array, Array, Array]:
        """Return where the tokens stand in their texts, packed: see ``pack_spans``."""
        starts, ends = (np.frombuffer(edge, np.uint32).astype(np.int64) for edge in (self.starts, self.ends))
        return pack_spans(starts, ends, np.array(self.counts, np.int64))


def _unpacked(keys: Array, doc_bits: int, position_bits: int, first: int, weights: dict[int, int]) -> Run:
    positions = (keys & np.uint64((1 << position_bits) - 1)).astype(np.int64)
    pairs = keys >> np.uint64(position_bits)
    heads = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
    pairs = pairs[heads]
    words = (pairs >> np.uint64(doc_bits)).astype(np.uint32)
    docs = (pairs & np.uint64((1 << doc_bits) - 1)).astype(np.int64) + first
    word_heads = np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1])))
    return Run(
        words=words[word_heads],
        sizes=smallest(np.diff(np.append(word_heads, len(words)))),
        docs=smallest(docs),
        weights=smallest(np.add.reduceat(weigh(positions, weights), heads)),
        counts=smallest(np.diff(np.append(heads, len(keys)))),
        positions=smallest(positions),
    )


def weigh(positions: Array, weights: dict[int, int]) -> Array:
    """Return the weight of each position by the part it is in."""
    bases = sorted(weights)
    by_part = np.array([weights[base] for base in bases], np.int64)
    return by_part[np.searchsorted(np.array(bases), positions, "right") - 1]


# A span's gap from the one before and its length share a byte if they are small, as nearly all are.
GAPS, LENGTHS = 4, 63


def pack_spans(starts: Array, ends: Array, counts: Array) -> tuple[Array, Array, Array, Array]:
    """Return half-open spans in texts as bytes; *counts* says how many spans each text has.

    A byte is 1 + (gap - 1) * LENGTHS + (length - 1), the gap counted from one before the text at its first
    span, or 0 where that does not fit. Then the other three arrays hold its place, its gap and its length.
    """
    before = np.empty_like(ends)
    before[1:] = ends[:-1]
    heads = np.cumsum(counts) - counts
    before[heads[counts > 0]] = -1
    gaps, lengths = starts - before, ends - starts
    fits = (gaps >= 1) & (gaps <= GAPS) & (lengths >= 1) & (lengths <= LENGTHS)
    codes = np.where(fits, 1 + (gaps - 1) * LENGTHS + (lengths - 1), 0).astype(np.uint8)
    odd = np.flatnonzero(~fits)
    return codes, odd, gaps[odd].astype(np.int32), lengths[odd].astype(np.int32)


# By code, the length of a span, and from the end of the one before to its own end.
_LENGTH = ((np.arange(256) - 1) % LENGTHS + 1).astype(np.uint8)
_STEP = (_LENGTH + (np.arange(256) - 1) // LENGTHS + 1).astype(np.uint8)


def unpack_spans(
    codes: Array, odd: tuple[Array, Array, Array] | None, tokens: Array, firsts: Array
) -> tuple[Array, Array]:
    """Return the starts and ends of *tokens* among those that ``pack_spans`` packed.

    *odd* are the other three arrays that it returned, None if they are empty; *firsts* the first token of the
    text of each of *tokens*.
    """
    steps, lengths = _STEP.take(codes), _LENGTH.take(codes)
    if odd is not None:
        steps, lengths = steps.astype(np.int64), lengths.astype(np.int64)
        odd_tokens, odd_gaps, odd_lengths = odd
        lengths[odd_tokens] = odd_lengths
        steps[odd_tokens] = odd_gaps + odd_lengths
    ends = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(steps, out=ends[1:])
    after = ends[tokens + 1] - ends[firsts] - 1
    return after - lengths[tokens], after
