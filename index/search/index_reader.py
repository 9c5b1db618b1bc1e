"""A generation of an index, opened: terms, postings and columns of all its segments as if they were one."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold
from index.codec import ArrayIndex
from index.codec.codec import ArraySegment, open_arrays
from index.codec.toc import ArrayTOC
from index.errors import DamagedError
from index.query import Word
from index.search.posting_list import PostingList
from index.search.scoring import Precise, Precision
from index.segment import Array, ArrayFile, Postings
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, Rows, Sets
from index.segment.doc_values import Value
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.postings import Field, WordField
from index.segment.stored_fields import EXTENSION as DOCUMENTS
from index.segment.stored_fields import ArrayDocumentReader
from index.writer.vocabulary import FIELDS

K1, B = 1.2, 0.75
# What is kept decoded of the terms that were asked for.
CACHE_BYTES = 256 << 20
# Terms whose place in the dictionary is remembered.
KNOWN_TERMS = 50_000
# By field, what a word counts that lacks the diacritics it was typed with: texts with them come first, be it
# in another form. Forms may differ in their stem, which must not outweigh diacritics.
UNACCENTED: Mapping[str, float] = {"lemma": 0.875, "stem": 0.0}
# Terms, and words of queries, of which it is remembered which words bear them.
KNOWN_WORDS = 4_000

Term = tuple[str, str]
"""A field and a text."""


class _Words:
    """The terms of a segment, and the words that bear them."""

    def __init__(self, postings: Postings) -> None:
        self._fields = postings.fields
        self._known: dict[tuple[str, str], tuple[Field, int] | None] = {}

    def found(self, field: str, text: str) -> tuple[Field, int] | None:
        """Return a term's field and its place there, None where it is not."""
        key = field, text
        if key in self._known:
            return self._known[key]
        one = self._fields.get(field)
        place = one.terms.find(text.encode()) if one is not None else -1
        found = (one, place) if one is not None and place >= 0 else None
        if len(self._known) < KNOWN_TERMS:
            self._known[key] = found
        return found

    def bearers(self, terms: tuple[Term, ...]) -> list[int]:
        """Return the words, ascending, that bear one of *terms*."""
        places = [found for field, text in terms if (found := self.found(field, text))]
        return sorted(
            {word for field, place in places if isinstance(field, WordField) for word in field.bearers(place)}
        )

    def unaccented(self, field: str, text: str, accented: str) -> tuple[int, ...]:
        """Return the words that bear a term and lack the diacritics of *accented*: see ``_lacks``."""
        exact = self._fields.get("exact")
        if not isinstance(exact, WordField):
            return ()
        bearers = self.bearers(((field, text),))
        return tuple(word for word in bearers if _lacks(exact.borne(word), accented))


def _lacks(written: Iterable[bytes], accented: str) -> bool:
    """Whether a word lacks its diacritics that is *written* so, as a whole and in parts.

    Of those that begin as *accented* when diacritics are left out, there is one, and none has any there.
    """
    texts = map(bytes.decode, written)
    begun = [text for text in texts if fold(text).startswith(accented)]
    return bool(begun) and all(text.startswith(accented) for text in begun)


class SegmentReader:
    """A segment, opened; ``base`` is the number of its first document among all."""

    def __init__(self, folder: object, segment: ArraySegment, base: int) -> None:
        self.base = base
        self.files: tuple[ArrayFile, ArrayFile] = (
            open_arrays(folder, segment, DOCUMENTS),
            open_arrays(folder, segment, POSTINGS),
        )
        self.documents = ArrayDocumentReader(self.files[0], segment)
        self.postings = Postings(self.files[1])
        for file in self.files:
            if file.meta["documents"] != segment.doc_count_all():
                raise DamagedError(f"{file.path}: not of {segment.doc_count_all()} documents")
        self.count = segment.doc_count_all()
        self._words = _Words(self.postings)
        # Asked again when the hits are marked. No method of this object: with it in a cycle, its files would
        # stay mapped until the next garbage collection.
        self._known_bearers = lru_cache(KNOWN_WORDS)(self._words.bearers)
        self._known_unaccented = lru_cache(KNOWN_WORDS)(self._words.unaccented)
        self.live: NDArray[np.bool_] | None = None
        if segment.has_deletions():
            self.live = np.ones(self.count, bool)
            self.live[list(segment.deleted_docs())] = False

    @cached_property
    def ids(self) -> Sequence[Value]:
        """The ids of the documents."""
        return self.documents.columns.values("id")

    def kept(self, docs: Docs) -> NDArray[np.bool_] | None:
        """Tell which of *docs* are not deleted; None if no document is."""
        return None if self.live is None else self.live[docs]

    def found(self, field: str, text: str) -> tuple[Field, int] | None:
        """Return a term's field and its place there, None where it is not."""
        return self._words.found(field, text)

    @cached_property
    def has_texts(self) -> bool:
        """Whether every term of an analysed field is borne by words that the texts are kept of."""
        fields = [field for name in FIELDS if (field := self.field(name)) is not None]
        return all(isinstance(field, WordField) for field in fields)

    def bearers(self, terms: tuple[Term, ...]) -> list[int]:
        """Return the words, ascending, that bear one of *terms* (field, text)."""
        return self._known_bearers(terms)

    def unaccented(self, field: str, text: str, accented: str) -> tuple[int, ...]:
        """Return the words that bear a term and lack the diacritics of *accented*."""
        return self._known_unaccented(field, text, accented)

    def postings_of(self, word: int) -> tuple[Docs, Array]:
        """Return the documents of a word, numbered among all, and its weighted frequency in each."""
        words = self.postings.words
        return (words.docs(word) + self.base, words.weights(word)) if words else (NONE, NONE)

    def field(self, name: str) -> Field | None:
        """Return an indexed field, None where no document has it."""
        return self.postings.fields.get(name)


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
        share = UNACCENTED.get(field)
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


def shard_positions(
    shard: SegmentReader, terms: Sequence[tuple[Field, int]], docs: Docs
) -> tuple[Array, Array]:
    """Return pairs of a row of *docs*, numbered as in *shard*, and a position where one of *terms* stands."""
    bearers: set[int] = set()
    found = []
    for field, place in terms:
        if isinstance(field, WordField):
            bearers.update(field.bearers(place))
        else:
            found.append(field.positions(place, docs))
    if bearers and shard.postings.words is not None:
        found.append(shard.postings.words.positions(sorted(bearers), docs))
    if not found:
        return NONE, NONE
    rows, positions = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(positions)


def terms_of(word: Word) -> tuple[Term, ...]:
    """Return the terms that a word of a query matches, as (field, text)."""
    fields = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact, "fold": word.fold}
    return tuple((name, text) for name, texts in fields.items() for text in texts)
