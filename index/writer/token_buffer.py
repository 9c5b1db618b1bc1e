"""Analysed releases to sorted runs of postings: the first half of a build.

Postings and positions are kept by word, and the fields of its forms are derived from them. Tokens are
gathered in flat arrays and sorted a run at a time, so memory does not grow with the index.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import numpy as np

from index.analysis import Pieces, TokenColumns
from index.segment import Array
from index.segment.array_file import smallest
from index.segment.doc_lists import ranges
from index.writer.piece_cache import PieceTable
from index.writer.vocabulary import Vocabulary

# Tokens sorted at a time: some 90 bytes each while they are, and again while their runs are merged.
RUN_TOKENS = 500_000
# Tokens of texts that are read together, so many characters each: what the processor has at hand.
READ_TOKENS, CHARS_OF_A_TOKEN = 1 << 14, 8


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a release: its tokens stand at ``base`` and after, and each counts ``weight`` times.

    All releases use the same few bases in rising order, each at most once, with the same weight.
    """

    base: int
    weight: int
    tokens: TokenColumns | Pieces


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


class Tokens:
    """Tokens in the order they are added, flat; texts in pieces wait until many are read together."""

    def __init__(self, table: PieceTable) -> None:
        self._table = table
        self._words, self._starts, self._ends = array("I"), array("I"), array("I")
        self._waiting: list[tuple[int, Part]] = []
        """Parts that are to be read, and their documents."""
        self._waiting_tokens = 0
        self.docs: list[int] = []
        """With ``bases`` and ``counts``, of each part that has tokens."""
        self.bases: list[int] = []
        self.counts: list[int] = []

    def __len__(self) -> int:
        """How many tokens were read."""
        return len(self._words)

    def add(self, docnum: int, part: Part, vocabulary: Vocabulary) -> None:
        """Add a part."""
        tokens = part.tokens
        self._waiting.append((docnum, part))
        self._waiting_tokens += (
            len(tokens.text) // CHARS_OF_A_TOKEN if isinstance(tokens, Pieces) else len(tokens.forms)
        )
        if self._waiting_tokens >= READ_TOKENS:
            self.read(vocabulary)

    def read(self, vocabulary: Vocabulary) -> None:
        """Read what waits."""
        for _, some in groupby(self._waiting, lambda waiting: type(waiting[1].tokens)):
            docs, parts = zip(*some, strict=True)
            pieces = [part.tokens for part in parts if isinstance(part.tokens, Pieces)]
            columns = [part.tokens for part in parts if isinstance(part.tokens, TokenColumns)]
            counts = self._read_pieces(pieces) if pieces else self._take(columns, vocabulary)
            self._count(docs, [part.base for part in parts], counts)
        self._waiting, self._waiting_tokens = [], 0

    def _read_pieces(self, texts: list[Pieces]) -> list[int]:
        """Read texts by the table; return how many tokens each has."""
        counts, *columns = self._table.tokens(texts)
        for flat, column in zip((self._words, self._starts, self._ends), columns, strict=True):
            flat.frombytes(column.astype(np.uint32).tobytes())
        counted: list[int] = counts.tolist()
        return counted

    def _take(self, texts: list[TokenColumns], vocabulary: Vocabulary) -> list[int]:
        """Take texts that are read; return how many tokens each has."""
        self._words.extend(vocabulary.numbers(chain.from_iterable(text.forms for text in texts)))
        for text in texts:
            self._starts.extend(text.starts)
            self._ends.extend(text.ends)
        return [len(text.forms) for text in texts]

    def _count(self, docs: Sequence[int], bases: Sequence[int], counts: Sequence[int]) -> None:
        rows = [row for row in zip(docs, bases, counts, strict=True) if row[2]]
        for flat, column in zip((self.docs, self.bases, self.counts), zip(*rows, strict=True), strict=False):
            flat.extend(column)

    def words(self) -> Array:
        """Return the words of all tokens."""
        return np.frombuffer(self._words, np.uint32)

    def run(self, weights: dict[int, int]) -> Run:
        """Return those that were read, sorted; *weights* is by the base of a part."""
        counts = np.array(self.counts, np.int64)
        first = self.docs[0]
        docs = np.repeat(np.array(self.docs, np.uint64) - np.uint64(first), counts)
        positions = ranges(np.array(self.bases), counts).astype(np.uint64)
        words = self.words().astype(np.uint64)
        doc_bits, position_bits = int(docs.max()).bit_length(), int(positions.max()).bit_length()
        if int(words.max()).bit_length() + doc_bits + position_bits > 64:
            raise OverflowError("too many words, documents and positions for one run")
        keys = (words << np.uint64(doc_bits + position_bits)) | (docs << np.uint64(position_bits)) | positions
        keys.sort()
        return _unpacked(keys, doc_bits, position_bits, first, weights)

    def codes(self) -> tuple[Array, Array, Array, Array]:
        """Return where the tokens stand in their texts, packed: see ``pack_spans``."""
        edges = (self._starts, self._ends)
        starts, ends = (np.frombuffer(edge, np.uint32).astype(np.int64) for edge in edges)
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
