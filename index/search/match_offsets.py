"""Match offsets for highlighting, from the forward index: hits are not analysed again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index import deadline
from index.layout import Stream, part_at
from index.query import AllOf, AnyOf, Clause, Fuzzy, MostOf, Phrase, Prefix, Related, Wildcard, Word
from index.search.index_reader import IndexReader
from index.search.phrases import find_phrase, is_in_part
from index.search.segment_reader import SegmentReader, terms_of
from index.segment import Array, ArrayFile, Ints
from index.segment.doc_lists import Docs, take_ranges
from index.segment.doc_sets import find_any, find_places
from index.segment.postings import WordField
from index.segment.token_sequences import TokenSequences
from index.segment.token_spans import unpack_spans

if TYPE_CHECKING:
    from index.search.compiled.hit_texts import Pattern
    from index.search.compiled.searcher import CompiledSearcher
    from index.search.plain.numpy_searcher import NumpySearcher


class MatchOffset(NamedTuple):
    """A token that matches; ``start`` and ``end`` are characters of its part, half-open."""

    part: Stream
    start: int
    end: int
    leaf: int
    """The number of the matching word, phrase, prefix or fuzzy word of the query, from the left."""


MatchOffsets = tuple[MatchOffset, ...]
TextLeaf = Word | Prefix | Fuzzy | Wildcard
Leaf = TextLeaf | Phrase
"""A clause that a text can contain."""
PATTERN_WORDS_MAX = 64
"""The most words of phrases and of leaves limited to a part that the compiled module finds."""
# Without the Python function that a named tuple has for it: a page has hundreds.
_MAKE_OFFSET = partial(tuple.__new__, MatchOffset)

WordsOf = Callable[[TextLeaf], Sequence[int]]
"""Returns the words of a segment that a leaf of the query matches, ascending."""


def match_offsets(
    reader: IndexReader,
    clause: Clause,
    docs: Sequence[int],
    core: "CompiledSearcher | NumpySearcher | None" = None,
) -> list[MatchOffsets]:
    """Return, for each of *docs*, the tokens that match *clause*, in reading order.

    The *core* may know the words of the index that match those of a query it has just searched.
    """
    order = sorted(range(len(docs)), key=docs.__getitem__)
    query_leaves = leaves(clause)
    by_doc: list[MatchOffsets] = [()] * len(docs)
    for segment, first, local_docs in reader.split(np.array(docs, np.int64)[order]):
        words_of = partial(_words_of, segment, core, local_docs.tolist())
        for row, offsets in enumerate(_offsets_in(segment, local_docs, query_leaves, words_of), first):
            by_doc[order[row]] = offsets
    return by_doc


def _offsets_in(
    segment: SegmentReader, docs: Docs, query_leaves: Sequence[Leaf], words_of: WordsOf
) -> Iterable[MatchOffsets]:
    """Return the match offsets of each of *docs* of a segment, by the compiled module if there is one."""
    words = segment.postings.words
    if words is None:
        return ()
    leaf_of_word, others = _words_by_leaf(query_leaves, words_of)
    if segment.hit_texts is not None and (patterns := _patterns(others, words_of)) is not None:
        return segment.hit_texts.match_offsets(docs.tolist(), leaf_of_word, patterns, MatchOffset)
    page = _HitTexts(segment.postings.arrays, words.sequences, docs)
    return page.match_offsets(
        _first_leaves(page, len(query_leaves), leaf_of_word, others, words_of), len(query_leaves)
    )


def leaves(clause: Clause) -> list[Leaf]:
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
        self.words = sequences.words(docs)
        self._extents = sequences.extents(docs)
        # Document by document, and within a document part by part.
        self._counts = sequences.counts(docs).reshape(-1)
        self._ends = self._counts.cumsum()
        self._bases = np.array(sequences.bases)
        self._names = list(map(part_at, sequences.bases))

    def tokens_of_words(self, words: Sequence[int]) -> Ints:
        """Return the tokens of the given *words*, which are ascending."""
        return find_any(words, self.words)

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

    def match_offsets(self, leaf_of_token: Ints, leaf_count: int) -> Iterator[MatchOffsets]:
        """Yield the match offsets of each document, in reading order.

        Tokens that match none of the *leaf_count* leaves have that number or a higher one.
        """
        tokens = (leaf_of_token < leaf_count).nonzero()[0]
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


def _words_by_leaf(
    query_leaves: Sequence[Leaf], words_of: WordsOf
) -> tuple[dict[int, int], list[tuple[int, Leaf]]]:
    """Return the number of the first leaf that each word matches anywhere, and the other leaves by number."""
    # Related words make many leaves, so the words of all are looked for together.
    leaf_of_word: dict[int, int] = {}
    others = []
    first: dict[int, tuple[int, Leaf]] = {}  # the words of a phrase share their related words
    for number, leaf in enumerate(query_leaves):
        first.setdefault(id(leaf), (number, leaf))
    for number, leaf in reversed(first.values()):
        deadline.check()
        if isinstance(leaf, Phrase) or leaf.part:
            others.append((number, leaf))
        elif words := words_of(leaf):
            leaf_of_word.update(dict.fromkeys(words, number))
    return leaf_of_word, others


def _patterns(numbered: Sequence[tuple[int, Leaf]], words_of: WordsOf) -> list["Pattern"] | None:
    """Return leaves that are phrases or limited to a part, for the compiled module; None if it cannot."""
    patterns: list[Pattern] = []
    for number, leaf in numbered:
        if not isinstance(leaf, Phrase):
            patterns.append((number, [words_of(leaf)], leaf.part))
            continue
        parts = {part for part in (leaf.part, *(word.part for word in leaf.words)) if part}
        if leaf.slop or len(parts) > 1:
            return None
        words = list(map(words_of, leaf.words))
        patterns.append((number, words, next(iter(parts), None)))
    is_short = sum(len(words) for _, words, _ in patterns) <= PATTERN_WORDS_MAX
    return patterns if is_short else None


def _first_leaves(
    page: _HitTexts,
    leaf_count: int,
    leaf_of_word: Mapping[int, int],
    others: Iterable[tuple[int, Leaf]],
    words_of: WordsOf,
) -> Ints:
    """Return the number of the first leaf that each token of *page* matches; *leaf_count* if none."""
    first_leaves = np.full(len(page.words), leaf_count)
    words = np.array(sorted(leaf_of_word), np.int64)
    tokens, places = find_places(words, page.words)
    first_leaves[tokens] = np.array([leaf_of_word[word] for word in words.tolist()], np.int64)[places]
    for number, leaf in others:
        tokens = _tokens(page, leaf, words_of)
        first_leaves[tokens] = first_leaves[tokens].clip(max=number)
    return first_leaves


def _tokens(page: _HitTexts, leaf: Leaf, words_of: WordsOf) -> Ints:
    """Return the tokens of a page that match a leaf of the query."""
    if isinstance(leaf, Phrase):
        occurrences = find_phrase(leaf, lambda word: page.places(page.tokens_of_words(words_of(word))))
        return np.concatenate([page.at(occurrences.rows, positions) for positions in occurrences.words])
    tokens = page.tokens_of_words(words_of(leaf))
    if leaf.part is None:
        return tokens
    _, positions = page.places(tokens)
    return tokens[is_in_part(positions, leaf.part)]


def _words_of(
    segment: SegmentReader,
    core: "CompiledSearcher | NumpySearcher | None",
    docs: list[int],
    leaf: TextLeaf,
) -> Sequence[int]:
    """Return the words that a leaf of the query matches, ascending; at least those that any of *docs* has."""
    if isinstance(leaf, Word):
        known = None if core is None else core.known_words(leaf, segment.base, docs)
        return segment.words_of(terms_of(leaf)) if known is None else known
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
