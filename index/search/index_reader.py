"""A generation of an index, opened: its segments read as one."""

import math
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec import ArrayIndex
from index.codec.toc import ArrayTOC
from index.search.posting_list import PostingList
from index.search.ranking import K1, UNACCENTED_SHARE, B
from index.search.scoring import Precise, Precision
from index.search.segment_reader import SegmentReader, Term, segment_positions
from index.segment import Array
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, DocSets, Rows
from index.segment.postings import IndexedField
from index.writer.vocabulary import FIELDS

# Size of the cache of decoded posting lists.
CACHE_BYTES = 256 << 20


class IndexReader:
    """The segments of one generation; immutable."""

    def __init__(self, ix: ArrayIndex) -> None:
        toc: ArrayTOC = ix._read_toc()  # the public properties parse it once per value
        self.generation, self.meta = toc.generation, toc.meta
        bases = np.cumsum([0, *(segment.doc_count_all() for segment in toc.segments)]).tolist()
        self.segments = [
            SegmentReader(ix.storage, segment, base)
            for segment, base in zip(toc.segments, bases, strict=False)
        ]
        self.count: int = bases[-1]
        self.live_count = sum(segment.doc_count() for segment in toc.segments)
        self.sets = DocSets(self.count)
        self._terms: Cache[PostingList] = Cache(CACHE_BYTES, lambda one: one.nbytes)
        self._known_lengths: dict[str, tuple[float, Array]] = {}
        self._norms: dict[tuple[int, type], Array] = {}

    def release_memory(self, max_bytes: int) -> None:
        """Release the memory of mapped files if they are larger than *max_bytes* together."""
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
        segment = next(segment for segment in reversed(self.segments) if segment.base <= doc)
        return segment, doc - segment.base

    @cached_property
    def has_texts(self) -> bool:
        """Whether every segment has a forward index."""
        return all(segment.has_texts for segment in self.segments)

    def split(self, docs: Docs) -> Iterable[tuple[SegmentReader, int, Docs]]:
        """Yield each segment with some of *docs*, the row of the first, and their numbers there."""
        for segment in self.segments:
            first, last = np.searchsorted(docs, (segment.base, segment.base + segment.count)).tolist()
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
        found: bytes = segment.ids[row]  # type: ignore[assignment]  # a column of bytes
        return found

    def ids(self) -> Iterable[str]:
        """Yield the ids of the live documents."""
        for segment in self.segments:
            live = range(segment.count) if segment.live is None else np.flatnonzero(segment.live).tolist()
            for row in live:
                found: bytes = segment.ids[row]  # type: ignore[assignment]  # a column of bytes
                yield found.decode()

    # --- Terms -------------------------------------------------------------------------------

    def size(self, field: str, text: str) -> int:
        """Return the document frequency of a term, or slightly more."""
        return sum(one.size(place) for _, one, place in self._find_in_segments(field, text))

    def term(self, field: str, text: str) -> PostingList:
        """Return the posting list of a term; terms of the same words share one object."""
        key: Hashable = field, text
        if field in FIELDS and self.has_texts:
            key = tuple(tuple(segment.words_of(((field, text),))) for segment in self.segments)
        return self._terms.get(key, lambda: self._read(field, text))

    def find_covering_term(self, terms: tuple[Term, ...]) -> Term | None:
        """Return the one of *terms* that covers all words of the others, None if there is none."""
        if not self.has_texts:
            return None
        every = [len(segment.words_of(terms)) for segment in self.segments]
        return next(
            (one for one in terms if [len(segment.words_of((one,))) for segment in self.segments] == every),
            None,
        )

    def _read(self, field: str, text: str) -> PostingList:
        found: list[tuple[Docs, Array]] = []
        for segment, one, place in self._find_in_segments(field, text):
            docs, weights = one.docs(place), one.weights(place)
            kept = segment.live_mask(docs)
            if kept is not None:
                docs, weights = docs[kept], weights[kept]
            found.append((docs + segment.base if segment.base else docs, weights))
        if len(found) == 1:
            return PostingList(*found[0], self.sets)
        return PostingList(
            np.concatenate([NONE, *(docs for docs, _ in found)]),
            np.concatenate([np.zeros(0, np.uint8), *(weights for _, weights in found)]),
            self.sets,
        )

    def find_accented_term(self, field: str, text: str, accented: str) -> PostingList:
        """Return the posting list of a term in which words without the typed diacritics count less.

        *accented* is how words with them begin, as in ``Word``; empty if none were typed.
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
        """Return the posting list of a term; words without diacritics count by *share*."""
        whole = self.term(field, text)
        _, frequencies = whole.frequencies_in(whole.docs)
        frequencies = frequencies.astype(np.float32)
        for segment in self.segments:
            for word in segment.unaccented_words(field, text, accented):
                docs, weights = segment.postings_of(word)
                rows, places = self.sets.intersect(whole.docs, docs)
                frequencies[rows] -= (1 - share) * weights[places]
        kept = frequencies > share / 2
        return PostingList(whole.docs[kept], frequencies[kept], self.sets)

    def _find_in_segments(self, field: str, text: str) -> Iterable[tuple[SegmentReader, IndexedField, int]]:
        for segment in self.segments:
            found = segment.find_term(field, text)
            if found:
                yield segment, *found

    def idf(self, documents: int) -> float:
        """Return the inverse document frequency of a term in this many documents."""
        return math.log(1 + (self.live_count - documents + 0.5) / (documents + 0.5))

    def bm25(self, term: PostingList, docs: Docs, norms: Precise, weight: float) -> Precise:
        """Return the BM25 scores of a term in *docs*, in the precision of their *norms*."""
        rows, found = self.bm25_where(term, docs, norms, weight)
        if rows is None:
            return found
        scores = np.zeros_like(norms)
        scores[rows] = found
        return scores

    def bm25_where(
        self, term: PostingList, docs: Docs, norms: Precise, weight: float
    ) -> tuple[Rows | None, Precise]:
        """Return the rows of *docs* that contain a term, None for all, and its scores there."""
        most = norms.dtype.type(self.max_score(term, weight))
        rows, frequencies = term.frequencies_in(docs)
        return rows, _bm25(frequencies, norms if rows is None else norms[rows], most)

    def max_score(self, term: PostingList, weight: float) -> float:
        """Return the upper bound of a term's score in any document."""
        return weight * self.idf(len(term)) * (K1 + 1)

    def norms(self, field: str, precision: type[Precision]) -> NDArray[Precision]:
        """Return the part of BM25 that depends only on the length of a field, for all documents.

        Fields of one text have equal lengths and share one object.
        """
        average, lengths = self._lengths(field)
        key = id(lengths), precision
        found: NDArray[Precision] | None = self._norms.get(key)
        if found is None:
            made = lengths * precision(K1 * B / average) + precision(K1 * (1 - B))
            found = self._norms.setdefault(key, made)
        return found

    def _lengths(self, field: str) -> tuple[float, Array]:
        """Return the average length of a field, and its length in each document."""
        found = self._known_lengths.get(field)
        if found is None:
            columns = [segment.documents.lengths(field) for segment in self.segments]
            lengths = columns[0] if len(columns) == 1 else np.concatenate([np.zeros(0, np.uint8), *columns])
            average = float(lengths[self.live].sum(dtype=np.int64)) / max(1, self.live_count) or 1.0
            # The fields of one text have equal lengths; share the array.
            same = (known for _, known in self._known_lengths.values() if np.array_equal(known, lengths))
            found = self._known_lengths.setdefault(field, (average, next(same, lengths)))
        return found

    # --- Positions ---------------------------------------------------------------------------

    def positions(self, terms: Sequence[Term], docs: Docs) -> tuple[Array, Array]:
        """Return pairs, in no order, of a row of *docs* and a position of one of *terms*."""
        found = []
        for segment, first, theirs in self.split(docs):
            places = [segment.find_term(field, text) for field, text in terms]
            rows, positions = segment_positions(segment, [found for found in places if found], theirs)
            found.append((rows + first, positions))
        if not found:
            return NONE, NONE
        rows, positions = zip(*found, strict=True)
        return np.concatenate(rows), np.concatenate(positions)


def _bm25(frequencies: Array, norms: Precise, most: np.floating[Any]) -> Precise:
    scores = frequencies + norms
    np.divide(frequencies, scores, out=scores, casting="same_kind")
    scores *= most
    return scores
