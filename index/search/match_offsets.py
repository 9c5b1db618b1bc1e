"""Match offsets for highlighting, from the forward index: hits are not analysed again."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from index import deadline
from index.layout import PART_RANGE, Stream
from index.query import AllOf, AnyOf, Clause, Fuzzy, MostOf, Phrase, Prefix, Related, Wildcard, Word
from index.search.index_reader import IndexReader
from index.search.phrases import find_phrase, is_in_part
from index.search.segment_reader import SegmentReader, terms_of
from index.segment import Array, ArrayFile, Ints
from index.segment.doc_lists import Docs, take_ranges
from index.segment.doc_sets import find_any
from index.segment.postings import WordField
from index.segment.token_sequences import TokenSequences
from index.segment.token_spans import unpack_spans


class MatchOffset(NamedTuple):
    """A token that matches; ``start`` and ``end`` are characters of its part, half-open."""

    part: Stream
    start: int
    end: int
    leaf: int
    """The number of the matching word, phrase, prefix or fuzzy word of the query, from the left."""


MatchOffsets = tuple[MatchOffset, ...]
# Without the Python function that a named tuple has for it: a page has hundreds.
_MAKE_OFFSET = partial(tuple.__new__, MatchOffset)


def match_offsets(reader: IndexReader, clause: Clause, docs: Sequence[int]) -> list[MatchOffsets]:
    """Return, for each of *docs*, the tokens that match *clause*, in reading order."""
    order = sorted(range(len(docs)), key=docs.__getitem__)
    query_leaves = leaves(clause)
    by_doc: list[MatchOffsets] = [()] * len(docs)
    for segment, first, local_docs in reader.split(np.array(docs, np.int64)[order]):
        words = segment.postings.words
        if words is None:
            continue
        page = _HitTexts(segment.postings.arrays, words.sequences, local_docs)
        for row, offsets in enumerate(
            page.match_offsets([_tokens(segment, page, leaf) for leaf in query_leaves]), first
        ):
            by_doc[order[row]] = offsets
    return by_doc


def leaves(clause: Clause) -> list[Word | Phrase | Prefix | Fuzzy | Wildcard]:
    """Return the leaves of a clause that a text can contain, from the left, without negated ones."""
    match clause:
        case AllOf(clauses=parts) | AnyOf(clauses=parts) | MostOf(clauses=parts) | Related(clauses=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Word() | Phrase() | Prefix() | Fuzzy() | Wildcard():
            return [clause]
    return []


class _HitTexts:
    """The concatenated texts of a page of hits in one segment; tokens are numbered across the texts."""

    def __init__(self, arrays: ArrayFile, sequences: TokenSequences, docs: Docs) -> None:
        self._arrays = arrays
        self._words = sequences.words(docs)
        self._extents = sequences.extents(docs)
        # Document by document, and within a document part by part.
        self._counts = sequences.counts(docs).reshape(-1)
        self._ends = self._counts.cumsum()
        self._bases = np.array(sequences.bases)
        self._names = list(map(_part, sequences.bases))

    def tokens_of_words(self, words: Sequence[int]) -> Ints:
        """Return the tokens of the given *words*, which are ascending."""
        return find_any(words, self._words)

    def places(self, tokens: Ints) -> tuple[Ints, Ints]:
        """Return the document row and the position of each token."""
        cells = self._ends.searchsorted(tokens, "right")
        rows, parts = np.divmod(cells, len(self._bases))
        return rows, self._bases[parts] + tokens - (self._ends - self._counts)[cells]

    def at(self, rows: Ints, positions: Ints) -> Ints:
        """Return the tokens at *positions* of document *rows*."""
        parts = self._bases.searchsorted(positions, "right") - 1
        heads = (self._ends - self._counts)[rows * len(self._bases) + parts]
        tokens: Ints = heads + positions - self._bases[parts]
        return tokens

    def match_offsets(self, tokens_by_leaf: Sequence[Ints]) -> Iterator[MatchOffsets]:
        """Yield the match offsets of each document, in reading order; with the tokens of each leaf."""
        leaf_of_token = np.full(len(self._words), len(tokens_by_leaf))
        for number in reversed(range(len(tokens_by_leaf))):
            leaf_of_token[tokens_by_leaf[number]] = number
        tokens = (leaf_of_token < len(tokens_by_leaf)).nonzero()[0]
        cells = self._ends.searchsorted(tokens, "right")
        rows, parts = np.divmod(cells, len(self._bases))
        starts, ends = self._spans(tokens, (self._ends - self._counts)[cells])
        names = map(self._names.__getitem__, parts.tolist())
        columns = (names, starts.tolist(), ends.tolist(), leaf_of_token[tokens].tolist())
        all_offsets = list(map(_MAKE_OFFSET, zip(*columns, strict=True)))
        edges = rows.searchsorted(np.arange(len(self._extents[0]) + 1)).tolist()
        return (tuple(all_offsets[first:last]) for first, last in pairwise(edges))

    def _spans(self, tokens: Ints, firsts: Ints) -> tuple[Array, Array]:
        """Return the spans of *tokens* in their parts; *firsts* are the first tokens of those parts."""
        arrays, (begins, lengths) = self._arrays, self._extents
        codes = take_ranges(arrays["span/codes"], begins, lengths)
        return unpack_spans(codes, self._odd_tokens(), tokens, firsts)

    def _odd_tokens(self) -> tuple[Array, Array, Array] | None:
        """Return the tokens whose span has no code, with their gaps and lengths; None if there are none."""
        odd, (begins, lengths) = self._arrays["span/odd"], self._extents
        edges = _places_among(odd, np.concatenate((begins, begins + lengths)))
        first = edges[: len(begins)]
        counts = edges[len(begins) :] - first
        if not counts.any():
            return None
        shifts = np.repeat(np.cumsum(lengths) - lengths - begins, counts)
        return (
            take_ranges(odd, first, counts).astype(np.int64) + shifts,
            take_ranges(self._arrays["span/odd_gaps"], first, counts),
            take_ranges(self._arrays["span/odd_lengths"], first, counts),
        )


def _places_among(odd: Array, tokens: Ints) -> Ints:
    """Return ``odd.searchsorted(tokens)`` without converting *odd* to a larger type."""
    largest = (1 << 8 * odd.itemsize) - 1
    places = odd.searchsorted(tokens.clip(max=largest).astype(odd.dtype))
    # *odd* has the smallest type that fits; larger token numbers were clipped above.
    places[tokens > largest] = len(odd)
    return places


def _tokens(segment: SegmentReader, page: _HitTexts, leaf: Word | Phrase | Prefix | Fuzzy | Wildcard) -> Ints:
    """Return the tokens of a page that match a leaf of the query."""
    deadline.check()
    match leaf:
        case Phrase():
            occurrences = find_phrase(
                leaf, lambda word: page.places(page.tokens_of_words(segment.words_of(terms_of(word))))
            )
            return np.concatenate([page.at(occurrences.rows, positions) for positions in occurrences.words])
        case Word():
            tokens = page.tokens_of_words(segment.words_of(terms_of(leaf)))
        case _:
            tokens = page.tokens_of_words(_matching_words(segment, leaf))
    if leaf.part is None:
        return tokens
    _, positions = page.places(tokens)
    return tokens[is_in_part(positions, leaf.part)]


def _matching_words(segment: SegmentReader, leaf: Prefix | Fuzzy | Wildcard) -> list[int]:
    """Return the words that a prefix, a fuzzy word or a wildcard matches."""
    field = segment.field("fold")
    if not isinstance(field, WordField):
        return []
    places: Iterable[int]
    match leaf:
        case Prefix(text=text):
            places = field.terms.with_prefix(text.encode())
        case Wildcard(text=text):
            places = field.terms.matching(text)
        case Fuzzy(text=text, distance=distance):
            places = field.terms.within(text, distance)
    return sorted({word for place in places for word in field.words_of(place)})


@cache
def _part(base: int) -> Stream:
    return next(name for name, (first, last) in PART_RANGE.items() if first <= base < last)
