"""A generation of an index, opened: terms, postings and columns of all its segments as if they were one."""

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
from index.search.segment_reader import SegmentReader, Term, shard_positions
from index.segment import Array
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, Rows, Sets
from index.segment.postings import Field
from index.writer.vocabulary import FIELDS

# What is kept decoded of the terms that were asked for.
CACHE_BYTES = 256 << 20


class IndexReader:
    """The segments of one generation; immutable."""

    def __init__(self, ix: ArrayIndex) -> None:
        toc: ArrayTOC = ix._read_toc()  # its public name parses again for each part of it
        self.generation, self.meta = toc.generation, toc.meta
        bases = np.cumsum([0, *(segment.doc_count_all() for segment in toc.segments)]).tolist()
        self.shards = [
            SegmentReader(ix.storage, segment, base)
            for segment, base in zip(toc.segments, bases, strict=False)
        ]
        self.count: int = bases[-1]
        self.live_count = sum(segment.doc_count() for segment in toc.segments)
        self.sets = Sets(self.count)
        self._terms: Cache[PostingList] = Cache(CACHE_BYTES, lambda one: one.nbytes)
        self._known_lengths: dict[str, tuple[float, Array]] = {}
        self._norms: dict[tuple[int, type], Array] = {}

    def let_go(self, most_bytes: int) -> None:
        """Let go of the memory that was read of the files, if these are larger than *most_bytes* together."""
        files = [file for shard in self.shards for file in shard.files]
        if sum(file.size for file in files) > most_bytes:
            for file in files:
                file.forget()

    # --- Documents ---------------------------------------------------------------------------

    @cached_property
    def live(self) -> Docs:
        """All documents that are not deleted."""
        masks = [np.ones(s.count, bool) if s.live is None else s.live for s in self.shards]
        return np.flatnonzero(np.concatenate(masks)) if masks else NONE

    def locate(self, doc: int) -> tuple[SegmentReader, int]:
        """Return the segment of a document and its number there."""
        shard = next(shard for shard in reversed(self.shards) if shard.base <= doc)
        return shard, doc - shard.base

    @cached_property
    def has_texts(self) -> bool:
        """Whether the texts of all documents are at hand, word by word."""
        return all(shard.has_texts for shard in self.shards)

    def split(self, docs: Docs) -> Iterable[tuple[SegmentReader, int, Docs]]:
        """Yield for each segment that holds some of *docs*: it, the row of the first, their numbers there."""
        for shard in self.shards:
            first, last = np.searchsorted(docs, (shard.base, shard.base + shard.count)).tolist()
            if first < last:
                yield shard, first, docs[first:last] - shard.base

    def numbers(self, name: str) -> NDArray[np.int64]:
        """Return a column of whole numbers; 0 where a segment has no such column."""
        columns = [
            shard.documents.columns.numbers(name)
            if name in shard.documents.columns
            else np.zeros(shard.count, np.int64)
            for shard in self.shards
        ]
        return np.concatenate(columns) if columns else NONE

    def coded(self, name: str) -> tuple[list[str], NDArray[np.int64]]:
        """Return the distinct values of a column, sorted, and for each document the place of its value."""
        columns = [
            shard.documents.columns.coded(name)
            if name in shard.documents.columns
            else ([b""], np.zeros(shard.count, np.int64))
            for shard in self.shards
        ]
        table = sorted({value for values, _ in columns for value in values})
        place = {value: number for number, value in enumerate(table)}
        codes = [np.array([place[value] for value in values])[rows] for values, rows in columns]
        return [value.decode() for value in table], np.concatenate(codes) if codes else NONE

    def id(self, doc: int) -> bytes:
        """Return the id of a document."""
        shard, row = self.locate(doc)
        found: bytes = shard.ids[row]  # type: ignore[assignment]  # a column of bytes
        return found

    def ids(self) -> Iterable[str]:
        """Yield the ids of all documents that are not deleted."""
        for shard in self.shards:
            live = range(shard.count) if shard.live is None else np.flatnonzero(shard.live).tolist()
            for row in live:
                found: bytes = shard.ids[row]  # type: ignore[assignment]  # a column of bytes
                yield found.decode()

    # --- Terms -------------------------------------------------------------------------------

    def size(self, field: str, text: str) -> int:
        """Return in how many documents a term stands, or a few more."""
        return sum(one.size(place) for _, one, place in self._found(field, text))

    def term(self, field: str, text: str) -> PostingList:
        """Return where a term stands; the same object for terms that the same words bear."""
        key: Hashable = field, text
        if field in FIELDS and self.has_texts:
            key = tuple(tuple(shard.bearers(((field, text),))) for shard in self.shards)
        return self._terms.get(key, lambda: self._read(field, text))

    def covering(self, terms: tuple[Term, ...]) -> Term | None:
        """Return which of *terms* all words bear that bear one of them; None if none is."""
        if not self.has_texts:
            return None
        every = [len(shard.bearers(terms)) for shard in self.shards]
        return next(
            (one for one in terms if [len(shard.bearers((one,))) for shard in self.shards] == every), None
        )

    def _read(self, field: str, text: str) -> PostingList:
        found: list[tuple[Docs, Array]] = []
        for shard, one, place in self._found(field, text):
            docs, weights = one.docs(place), one.weights(place)
            kept = shard.kept(docs)
            if kept is not None:
                docs, weights = docs[kept], weights[kept]
            found.append((docs + shard.base if shard.base else docs, weights))
        if len(found) == 1:
            return PostingList(*found[0], self.sets)
        return PostingList(
            np.concatenate([NONE, *(docs for docs, _ in found)]),
            np.concatenate([np.zeros(0, np.uint8), *(weights for _, weights in found)]),
            self.sets,
        )

    def accented_term(self, field: str, text: str, accented: str) -> PostingList:
        """Return where a term stands; words that are written without their diacritics count less.

        *accented* is how these begin, empty where there are none: as in ``Word``.
        """
        share = UNACCENTED_SHARE.get(field)
        if not accented or share is None:
            return self.term(field, text)
        if not any(shard.unaccented(field, text, accented) for shard in self.shards):
            return self.term(field, text)
        return self._terms.get((field, text, accented), lambda: self._lessened(field, text, accented, share))

    def _lessened(self, field: str, text: str, accented: str, share: float) -> PostingList:
        """Return where a term stands; words without the diacritics of *accented* count by their *share*."""
        whole = self.term(field, text)
        _, frequencies = whole.frequencies_in(whole.docs)
        frequencies = frequencies.astype(np.float32)
        for shard in self.shards:
            for word in shard.unaccented(field, text, accented):
                docs, weights = shard.postings_of(word)
                rows, places = self.sets.intersect(whole.docs, docs)
                frequencies[rows] -= (1 - share) * weights[places]
        kept = frequencies > share / 2
        return PostingList(whole.docs[kept], frequencies[kept], self.sets)

    def _found(self, field: str, text: str) -> Iterable[tuple[SegmentReader, Field, int]]:
        for shard in self.shards:
            found = shard.found(field, text)
            if found:
                yield shard, *found

    def idf(self, documents: int) -> float:
        """Return what a term in so many documents says of one of them."""
        return math.log(1 + (self.live_count - documents + 0.5) / (documents + 0.5))

    def bm25(self, term: PostingList, docs: Docs, norms: Precise, weight: float) -> Precise:
        """Return what a term scores in each of *docs*, as precisely as their *norms* are given."""
        rows, found = self.bm25_where(term, docs, norms, weight)
        if rows is None:
            return found
        scores = np.zeros_like(norms)
        scores[rows] = found
        return scores

    def bm25_where(
        self, term: PostingList, docs: Docs, norms: Precise, weight: float
    ) -> tuple[Rows | None, Precise]:
        """Return the rows of *docs* where a term stands, None for all, and what it scores there."""
        most = norms.dtype.type(self.most(term, weight))
        rows, frequencies = term.frequencies_in(docs)
        return rows, _bm25(frequencies, norms if rows is None else norms[rows], most)

    def most(self, term: PostingList, weight: float) -> float:
        """Return what a term scores less than, however often it stands in a document."""
        return weight * self.idf(len(term)) * (K1 + 1)

    def norms(self, field: str, precision: type[Precision]) -> NDArray[Precision]:
        """Return what of BM25 depends on the length of a field only, for all documents.

        The same object for fields of one text, which have one length.
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
            columns = [shard.documents.lengths(field) for shard in self.shards]
            lengths = columns[0] if len(columns) == 1 else np.concatenate([np.zeros(0, np.uint8), *columns])
            average = float(lengths[self.live].sum(dtype=np.int64)) / max(1, self.live_count) or 1.0
            # The fields of a text all have its length: keep that once.
            same = (known for _, known in self._known_lengths.values() if np.array_equal(known, lengths))
            found = self._known_lengths.setdefault(field, (average, next(same, lengths)))
        return found

    # --- Positions ---------------------------------------------------------------------------

    def positions(self, terms: Sequence[Term], docs: Docs) -> tuple[Array, Array]:
        """Return pairs, in no order: a row of *docs* and where one of *terms* (field, text) stands."""
        found = []
        for shard, first, theirs in self.split(docs):
            places = [shard.found(field, text) for field, text in terms]
            rows, positions = shard_positions(shard, [found for found in places if found], theirs)
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
