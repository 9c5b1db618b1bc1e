"""Buffers tokens and sorts them into runs of postings: the first half of a build.

Postings and positions are stored by word; the four text fields are derived from them. Tokens are buffered in
flat arrays and sorted one run at a time, so memory does not grow with the index.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import numpy as np

from index.analysis import Pieces, TokenColumns
from index.segment import Array
from index.segment.array_file import shrink
from index.segment.doc_lists import expand_ranges
from index.segment.token_spans import pack_spans
from index.writer.piece_cache import PieceTable
from index.writer.vocabulary import Vocabulary

# Tokens per run; each takes about 90 bytes during the sort, and again during the merge of the runs.
RUN_TOKENS = 500_000
# Tokens per batch, estimated from characters: about as many as fit into the processor cache.
READ_TOKENS, CHARS_OF_A_TOKEN = 1 << 14, 8


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A part of a document: its tokens have the positions from ``base`` on and count ``weight`` times.

    All documents use the same few bases in ascending order, each at most once, with the same weight.
    """

    base: int
    weight: int
    tokens: TokenColumns | Pieces


@dataclass(frozen=True, slots=True)
class SortedRun:
    """Postings sorted by word, then by document.

    ``sizes`` has the number of postings of each word in ``words``. ``docs``, ``weights`` and ``counts`` have
    an entry per posting; ``counts`` is its number of positions.
    """

    words: Array
    sizes: Array
    docs: Array
    weights: Array
    counts: Array
    positions: Array


class TokenBuffer:
    """Tokens in flat arrays; texts in pieces wait until they fill a batch."""

    def __init__(self, table: PieceTable) -> None:
        self._table = table
        self._words, self._starts, self._ends = array("I"), array("I"), array("I")
        self._waiting: list[tuple[int, DocumentPart]] = []
        """Documents and parts that are not read yet."""
        self._waiting_tokens = 0
        self.docs: list[int] = []
        """Parallel to ``bases`` and ``counts``: one entry per part that has tokens."""
        self.bases: list[int] = []
        self.counts: list[int] = []

    def __len__(self) -> int:
        """Return the number of tokens read."""
        return len(self._words)

    def add(self, docnum: int, part: DocumentPart, vocabulary: Vocabulary) -> None:
        """Add a part."""
        tokens = part.tokens
        self._waiting.append((docnum, part))
        self._waiting_tokens += (
            len(tokens.text) // CHARS_OF_A_TOKEN if isinstance(tokens, Pieces) else len(tokens.forms)
        )
        if self._waiting_tokens >= READ_TOKENS:
            self.read(vocabulary)

    def read(self, vocabulary: Vocabulary) -> None:
        """Read the waiting parts."""
        for _, group in groupby(self._waiting, lambda waiting: type(waiting[1].tokens)):
            docs, parts = zip(*group, strict=True)
            pieces = [part.tokens for part in parts if isinstance(part.tokens, Pieces)]
            columns = [part.tokens for part in parts if isinstance(part.tokens, TokenColumns)]
            counts = self._read_pieces(pieces) if pieces else self._take(columns, vocabulary)
            self._count(docs, [part.base for part in parts], counts)
        self._waiting, self._waiting_tokens = [], 0

    def _read_pieces(self, texts: list[Pieces]) -> list[int]:
        """Read texts through the piece table; return the number of tokens of each."""
        counts, *columns = self._table.tokens(texts)
        for flat, column in zip((self._words, self._starts, self._ends), columns, strict=True):
            flat.frombytes(column.astype(np.uint32).tobytes())
        per_text: list[int] = counts.tolist()
        return per_text

    def _take(self, texts: list[TokenColumns], vocabulary: Vocabulary) -> list[int]:
        """Add analysed texts; return the number of tokens of each."""
        words = vocabulary.numbers(list(chain.from_iterable(text.forms for text in texts)))
        self._words.frombytes(words.astype(np.uint32).tobytes())
        for text in texts:
            # An array takes another one as it is, and is itself made faster than it grows.
            self._starts.extend(array("I", text.starts))
            self._ends.extend(array("I", text.ends))
        return [len(text.forms) for text in texts]

    def _count(self, docs: Sequence[int], bases: Sequence[int], counts: Sequence[int]) -> None:
        rows = [row for row in zip(docs, bases, counts, strict=True) if row[2]]
        for flat, column in zip((self.docs, self.bases, self.counts), zip(*rows, strict=True), strict=False):
            flat.extend(column)

    def words(self) -> Array:
        """Return the words of all tokens."""
        return np.frombuffer(self._words, np.uint32)

    def run(self, weights: dict[int, int]) -> SortedRun:
        """Return the tokens as a sorted run; *weights* has the weight of each part by its base."""
        counts = np.array(self.counts, np.int64)
        first = self.docs[0]
        docs = np.repeat(np.array(self.docs, np.uint64) - np.uint64(first), counts)
        positions = expand_ranges(np.array(self.bases), counts).astype(np.uint64)
        words = self.words().astype(np.uint64)
        doc_bits, position_bits = int(docs.max()).bit_length(), int(positions.max()).bit_length()
        if int(words.max()).bit_length() + doc_bits + position_bits > 64:
            raise OverflowError("too many words, documents and positions for one run")
        keys = (words << np.uint64(doc_bits + position_bits)) | (docs << np.uint64(position_bits)) | positions
        keys.sort()
        return _unpack_keys(keys, doc_bits, position_bits, first, weights)

    def codes(self) -> tuple[Array, Array, Array, Array]:
        """Return the spans of the tokens, packed: see ``pack_spans``."""
        edges = (self._starts, self._ends)
        starts, ends = (np.frombuffer(edge, np.uint32).astype(np.int64) for edge in edges)
        return pack_spans(starts, ends, np.array(self.counts, np.int64))


def _unpack_keys(
    keys: Array, doc_bits: int, position_bits: int, first: int, weights: dict[int, int]
) -> SortedRun:
    positions = (keys & np.uint64((1 << position_bits) - 1)).astype(np.int64)
    pairs = keys >> np.uint64(position_bits)
    heads = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
    pairs = pairs[heads]
    words = (pairs >> np.uint64(doc_bits)).astype(np.uint32)
    docs = (pairs & np.uint64((1 << doc_bits) - 1)).astype(np.int64) + first
    word_heads = np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1])))
    return SortedRun(
        words=words[word_heads],
        sizes=shrink(np.diff(np.append(word_heads, len(words)))),
        docs=shrink(docs),
        weights=shrink(np.add.reduceat(weigh(positions, weights), heads)),
        counts=shrink(np.diff(np.append(heads, len(keys)))),
        positions=shrink(positions),
    )


def weigh(positions: Array, weights: dict[int, int]) -> Array:
    """Return the weight of each position, which is that of its part."""
    bases = sorted(weights)
    by_part = np.array([weights[base] for base in bases], np.int64)
    return by_part[np.searchsorted(np.array(bases), positions, "right") - 1]
