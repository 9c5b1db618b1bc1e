"""An open generation of an index: its segments, read as one."""

import math
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache, partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.analysis.word_cache import for_length
from index.codec import ArrayIndex
from index.codec.toc import ArrayTOC
from index.query import Word
from index.search.posting_list import PostingList
from index.search.ranking import K1, UNACCENTED_SHARE, B
from index.search.segment_reader import KNOWN_WORDS, SegmentReader, Term, segment_positions
from index.segment import Array
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, DocSets
from index.segment.postings import IndexedField
from index.writer.vocabulary import FIELDS

Rough = NDArray[np.float32]
Precise = TypeVar("Precise", NDArray[np.float64], Rough)
"""Scores in either precision."""
Precision = TypeVar("Precision", np.float64, np.float32)
"""The element type of the scores."""

# Size of the cache of decoded posting lists.
CACHE_BYTES = 256 << 20


class IndexReader:
    """The segments of one generation; immutable."""

    def __init__(self, ix: ArrayIndex, cache_bytes: int = CACHE_BYTES) -> None:
        toc: ArrayTOC = ix._read_toc()  # the public properties would parse the file once for each value
        self.generation, self.meta = toc.generation, toc.meta
        bases = np.cumsum([0, *(segment.doc_count_all() for segment in toc.segments)]).tolist()
        segments = [
            SegmentReader(ix.storage, segment, base)
            for segment, base in zip(toc.segments, bases, strict=False)
        ]
        self._take(segments, cache_bytes)

    def without(self, ids: Collection[str], field: str = "id") -> "IndexReader":
        """Return a reader of the same files, in which documents with *ids* in *field* count as deleted."""
        return self.of([segment.without(ids, field) for segment in self.segments])

    def followed_by(self, other: "IndexReader") -> "IndexReader":
        """Return a reader of the documents of this one and, after them, those of *other*."""
        return self.of([*self.segments, *(segment.after(self.count) for segment in other.segments)])

    def of(self, segments: list[SegmentReader]) -> "IndexReader":
        """Return a reader of *segments* as of this generation."""
        other = object.__new__(IndexReader)
        other.generation, other.meta = self.generation, self.meta
        other._take(segments, self._cache_bytes)
        return other

    def _take(self, segments: list[SegmentReader], cache_bytes: int) -> None:
        self.segments, self._cache_bytes = segments, cache_bytes
        self._bases: list[int] = [segment.base for segment in segments]
        self.count: int = sum(segment.count for segment in segments)
        self.live_count = sum(segment.live_count for segment in segments)
        self.sets = DocSets(self.count)
        self._terms: Cache[PostingList] = Cache(cache_bytes, lambda postings: postings.nbytes)
        self._cached_lengths: dict[str, tuple[float, Array]] = {}
        self._norms: dict[tuple[str | int, type], Array] = {}
        # One query looks up the same terms several times. As in ``SegmentReader``, no method is cached.
        self._cached_sizes = lru_cache(KNOWN_WORDS)(partial(_size, self.segments))
        self._cached_words = lru_cache(KNOWN_WORDS)(partial(_words_of, self.segments))

    def release_memory(self, max_bytes: int) -> None:
        """Release the memory of mapped files if their sizes add up to more than *max_bytes*."""
        files = [file for segment in self.segments for file in segment.files]
        if sum(file.size for file in files) > max_bytes:
            for file in files:
                file.forget()

    # --- Documents ---------------------------------------------------------------------------

    @cached_property
    def live(self) -> Docs:
        """The live documents."""
        masks = [np.ones(s.count, bool) if s.live is None else s.live for s in self.segments]
        return np.flatnonzero(np.concatenate(masks)) if masks else NONE

    def locate(self, doc: int) -> tuple[SegmentReader, int]:
        """Return the segment of a document and its number there."""
        segment = self.segments[bisect_right(self._bases, doc) - 1]
        return segment, doc - segment.base

    @cached_property
    def has_texts(self) -> bool:
        """Whether every segment has a forward index."""
        return all(segment.has_texts for segment in self.segments)

    def split(self, docs: Docs) -> Iterable[tuple[SegmentReader, int, Docs]]:
        """Yield each segment of *docs* with the row of its first one, and their numbers in the segment."""
        if len(self.segments) == 1 and len(docs):
            yield self.segments[0], 0, docs  # its base is 0
            return
        for segment in self.segments:
            first, last = docs.searchsorted((segment.base, segment.base + segment.count)).tolist()
            if first < last:
                yield segment, first, docs[first:last] - segment.base

    def numbers(self, name: str) -> NDArray[np.int64]:
        """Return a column of integers; 0 where a segment lacks it."""
        columns = [
            segment.documents.columns.numbers(name)
            if name in segment.documents.columns
            else np.zeros(segment.count, np.int64)
            for segment in self.segments
        ]
        return np.concatenate(columns) if columns else NONE

    def ordinals(self, name: str) -> tuple[list[str], NDArray[np.int64]]:
        """Return the sorted distinct values of a column, and each document's ordinal among them."""
        columns = [
            segment.documents.columns.ordinals(name)
            if name in segment.documents.columns
            else ([b""], np.zeros(segment.count, np.int64))
            for segment in self.segments
        ]
        table = sorted({value for values, _ in columns for value in values})
        place = {value: number for number, value in enumerate(table)}
        codes = [np.array([place[value] for value in values])[rows] for values, rows in columns]
        return [value.decode() for value in table], np.concatenate(codes) if codes else NONE

    def id(self, doc: int) -> bytes:
        """Return the id of a document."""
        segment, row = self.locate(doc)
        name: bytes = segment.ids[row]  # type: ignore[assignment]  # a column of bytes
        return name

    def ids(self) -> Iterable[str]:
        """Yield the ids of the live documents."""
        for segment in self.segments:
            live = range(segment.count) if segment.live is None else np.flatnonzero(segment.live).tolist()
            for row in live:
                name: bytes = segment.ids[row]  # type: ignore[assignment]  # a column of bytes
                yield name.decode()

    # --- Terms -------------------------------------------------------------------------------

    def size(self, field: str, text: str) -> int:
        """Return the number of live documents with a term, or slightly more; 0 if none has it."""
        return for_length(self._cached_sizes, len(text))(field, text)

    def term(self, field: str, text: str) -> PostingList:
        """Return the posting list of a term; terms that the same words map to share one object."""
        term = field, text
        is_of_words = field in FIELDS and self.has_texts
        key = for_length(self._cached_words, len(text))((term,)) if is_of_words else term
        return self._terms.get(key, lambda: self._read(field, text))

    def _read(self, field: str, text: str) -> PostingList:
        parts: list[tuple[Docs, Array]] = []
        for segment, indexed, place in _find_in_segments(self.segments, field, text):
            docs, weights = indexed.docs(place), indexed.weights(place)
            is_live = segment.live_mask(docs)
            if is_live is not None:
                docs, weights = docs[is_live], weights[is_live]
            parts.append((docs + segment.base if segment.base else docs, weights))
        if len(parts) == 1:
            return PostingList(*parts[0], self.sets)
        return PostingList(
            np.concatenate([NONE, *(docs for docs, _ in parts)]),
            np.concatenate([np.zeros(0, np.uint8), *(weights for _, weights in parts)]),
            self.sets,
        )

    def find_accented_term(self, field: str, text: str, accented: str) -> PostingList:
        """Return the posting list of a term, in which words without the typed diacritics count less.

        Words with these diacritics begin with *accented*, as in ``Word``; it is empty if none were typed.
        """
        share = UNACCENTED_SHARE.get(field)
        if not accented or share is None:
            return self.term(field, text)
        if not any(segment.unaccented_words(field, text, accented) for segment in self.segments):
            return self.term(field, text)
        return self._terms.get(
            (field, text, accented), lambda: self._discount_unaccented(field, text, accented, share)
        )

    def _discount_unaccented(self, field: str, text: str, accented: str, share: float) -> PostingList:
        """Return the posting list of a term, in which words without diacritics count only by *share*."""
        whole = self.term(field, text)
        _, frequencies = whole.frequencies_in(whole.docs)
        frequencies = frequencies.astype(np.float32)
        for segment in self.segments:
            for word in segment.unaccented_words(field, text, accented):
                docs, weights = segment.postings_of(word)
                rows, places = self.sets.intersect(whole.docs, docs)
                frequencies[rows] -= (1 - share) * weights[places]
        is_counted = frequencies > share / 2
        return PostingList(whole.docs[is_counted], frequencies[is_counted], self.sets)

    def idf(self, documents: int) -> float:
        """Return the inverse document frequency of a term in this many documents."""
        return idf(self.live_count, documents)

    def weigh_terms(
        self, field: str, texts: Sequence[str], word: Word, weight: float
    ) -> list[tuple[PostingList, float]]:
        """Return the terms *texts* of a word in a field with their weights.

        Each has *weight*; if the word is pooled, each scores by the idf of all of them together.
        """
        terms = [self.find_accented_term(field, text, word.accented) for text in texts]
        if not word.pooled or len(terms) == 1:
            return [(term, weight) for term in terms]
        pooled = weight * self.idf(self._count_any(field, texts))
        return [(term, pooled / self.idf(len(term))) for term in terms]

    def _count_any(self, field: str, texts: Sequence[str]) -> int:
        """Return the number of documents with any of the terms *texts*."""
        return len(self.sets.union([self.term(field, text).docs for text in texts]))

    def max_score(self, term: PostingList, weight: float) -> float:
        """Return the upper bound of a term's score in any document."""
        return weight * self.idf(len(term)) * (K1 + 1)

    def norms(self, field: str, precision: type[Precision]) -> NDArray[Precision]:
        """Return, for all documents, the part of BM25 that depends only on the length of a field.

        Fields of the same text have equal lengths, so they share one array.
        """
        norms: NDArray[Precision] | None = self._norms.get((field, precision))
        return self._compute_norms(field, precision) if norms is None else norms

    def _compute_norms(self, field: str, precision: type[Precision]) -> NDArray[Precision]:
        average, lengths = self._lengths(field)
        computed = lengths * precision(K1 * B / average) + precision(K1 * (1 - B))
        shared = self._norms.setdefault((id(lengths), precision), computed)
        return self._norms.setdefault((field, precision), shared)

    def _lengths(self, field: str) -> tuple[float, Array]:
        """Return the average length of a field, and its length in each document."""
        stored = self._cached_lengths.get(field)
        if stored is None:
            columns = [segment.documents.lengths(field) for segment in self.segments]
            lengths = columns[0] if len(columns) == 1 else np.concatenate([np.zeros(0, np.uint8), *columns])
            average = float(lengths[self.live].sum(dtype=np.int64)) / max(1, self.live_count) or 1.0
            # Share the array with a field of equal lengths: one of the same text. The list is a copy,
            # since another thread may add a field while arrays are compared.
            known = list(self._cached_lengths.values())
            equal_arrays = (other for _, other in known if np.array_equal(other, lengths))
            stored = self._cached_lengths.setdefault(field, (average, next(equal_arrays, lengths)))
        return stored

    # --- Positions ---------------------------------------------------------------------------

    def positions(self, terms: Sequence[Term], docs: Docs) -> tuple[Array, Array]:
        """Return pairs, in no order, of a row of *docs* and a position of one of *terms*."""
        pairs = []
        for segment, first, local_docs in self.split(docs):
            places = [segment.find_term(field, text) for field, text in terms]
            rows, positions = segment_positions(segment, [place for place in places if place], local_docs)
            pairs.append((rows + first, positions))
        if not pairs:
            return NONE, NONE
        rows, positions = zip(*pairs, strict=True)
        return np.concatenate(rows), np.concatenate(positions)


def idf(count: int, documents: int) -> float:
    """Return the inverse document frequency of a term in *documents* of *count* documents."""
    return math.log(1 + (count - documents + 0.5) / (documents + 0.5))


def bm25(term: PostingList, docs: Docs, norms: Precise, max_score: float) -> Precise:
    """Return the BM25 scores of a term in *docs*, in the precision of their *norms*."""
    rows, frequencies = term.frequencies_in(docs)
    values = frequencies + (norms if rows is None else norms[rows])
    np.divide(frequencies, values, out=values, casting="same_kind")
    values *= norms.dtype.type(max_score)
    if rows is None:
        return values
    scores = np.zeros_like(norms)
    scores[rows] = values
    return scores


def _find_in_segments(
    segments: Iterable[SegmentReader], field: str, text: str
) -> Iterable[tuple[SegmentReader, IndexedField, int]]:
    for segment in segments:
        match = segment.find_term(field, text)
        if match:
            yield segment, *match


def _size(segments: Iterable[SegmentReader], field: str, text: str) -> int:
    return sum(segment.size(field, text) for segment in segments)


def _words_of(segments: Iterable[SegmentReader], terms: tuple[Term, ...]) -> tuple[tuple[int, ...], ...]:
    """Return the words of each segment that map to any of *terms*."""
    return tuple(tuple(segment.words_of(terms)) for segment in segments)
