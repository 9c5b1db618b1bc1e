"""Answers queries on one generation of an index; immutable, shared by all threads."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdError

from crawler.config import Language
from index.codec import ArrayIndex
from index.query import Clause, Filters, Query
from index.results import Explanation
from index.search.collapse import Clusters, OrderedDocs
from index.search.compiled.searcher import CompiledSearcher
from index.search.cursor import HitPlace, TopDocs
from index.search.explain import word_scores
from index.search.facets import FacetColumns
from index.search.index_reader import CACHE_BYTES, IndexReader
from index.search.match_offsets import MatchOffsets, match_offsets
from index.search.ranking import FIELD_WEIGHTS, DocFactors, own_share
from index.search.standing import bounds
from index.search.top_k import Scores, own_first, sort_keys
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE

Recency = Callable[[NDArray[np.int32]], NDArray[np.float64]]
"""Returns the recency factor of each document, given its day as an ordinal, 0 if unknown."""

# Pages of mapped files count as resident memory. If the files exceed MAPPED_BYTES, their pages are released
# every RELEASE_EVERY searches: a million releases then take 0.9 GB at most instead of 4 GB. The page cache
# keeps the pages, and mapping them again costs less than 0.3 ms a search.
MAPPED_BYTES, RELEASE_EVERY = 1 << 30, 30
_NO_FILTERS = Filters()
ENDS = 100
"""The most documents that began, or ended, in the same minute that are compared."""
# The errors that inconsistent arrays can raise.
_INCONSISTENT = (LookupError, ValueError, ArithmeticError, MemoryError, ZstdError)


class Searcher:
    """Searches one generation; a new generation needs a new searcher."""

    def __init__(
        self,
        ix: ArrayIndex | IndexReader,
        weights: Mapping[str, float] = FIELD_WEIGHTS,
        recency: Recency | None = None,
        proximity: float = 0.0,
    ) -> None:
        self.reader = ix if isinstance(ix, IndexReader) else IndexReader(ix, CACHE_BYTES // 2)
        self._weights, self._recency_of = weights, recency
        self._proximity = proximity
        with self.verify_on_error():
            self._columns = FacetColumns(self.reader)
        recency_of_docs = recency(self._live_days()) if recency else None
        self._factors = DocFactors(self.reader.count, recency_of_docs, self._columns.is_in)
        self._searches = count(1)

    def without(self, ids: Collection[str]) -> "Searcher":
        """Return a searcher of the same files, in which the releases *ids* count as deleted."""
        return Searcher(self.reader.without(ids), self._weights, self._recency_of, self._proximity)

    def followed_by(self, past: IndexReader) -> "Searcher":
        """Return a searcher of the documents of this one, and of those of *past*."""
        return Searcher(self.reader.followed_by(past), self._weights, self._recency_of, self._proximity)

    def _live_days(self) -> NDArray[np.int32]:
        """Return the day of each document; 0 for deleted ones, so that the newest day is of a live one."""
        days, live = np.zeros_like(self._columns.published), self.reader.live
        days[live] = self._columns.published[live]
        return days

    @contextmanager
    def verify_on_error(self) -> Iterator[None]:
        """On inconsistent arrays, verify the checksums: corruption is by far the likeliest cause."""
        try:
            yield
        except _INCONSISTENT:
            self.verify()
            raise

    @cached_property
    def core(self) -> CompiledSearcher:
        """What finds and scores."""
        with self.verify_on_error():
            parts = self.reader, self._columns, self.clusters, self._weights, self._factors, self._proximity
            return CompiledSearcher(*parts, max_bytes=CACHE_BYTES // 2)

    @cached_property
    def clusters(self) -> Clusters:
        """The clusters of near-identical releases."""
        return Clusters(self.reader)

    def search(
        self,
        query: Query,
        *,
        after: HitPlace | None = None,
        excluded: Sequence[int] = (),
        collapse: bool = True,
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for; with *collapse*, one document per cluster.

        Leaves out the documents *excluded*; counts facets only if *faceted*. With a cursor, the page begins
        after the place *after*.

        Raises:
            DamagedError: the arrays are inconsistent, and a checksum differs.
        """
        if next(self._searches) % RELEASE_EVERY == 0:
            self.reader.release_memory(MAPPED_BYTES)
        with self.verify_on_error():
            return self.core.search(query, after=after, collapse=collapse, excluded=excluded, faceted=faceted)

    def count(self, clause: Clause, filters: Filters = _NO_FILTERS) -> int:
        """Return the number of matching documents; a cluster counts once."""
        return self.core.count(clause, filters)

    def matching(self, clause: Clause, filters: Filters = _NO_FILTERS) -> Docs:
        """Return all documents that match *clause*, ascending."""
        return self.core.matching(clause, filters)

    def list_all(self, query: Query) -> OrderedDocs:
        """Return all documents that match *query*, in its order; of a cluster, only the first."""
        with self.verify_on_error():
            return self._order(query, self.core.matching(query.clause, query.filters))

    def list_among(self, query: Query, docs: Docs) -> tuple[OrderedDocs, list[int]]:
        """Return those of *docs* that `list_all` has, in its order, with what is folded into them."""
        with self.verify_on_error():
            matching = self.core.matching(query.clause, query.filters)
            found = self._order(query, self.clusters.around(matching, docs))
            return found, found.among(docs.tolist())

    def _order(self, query: Query, docs: Docs) -> OrderedDocs:
        own = query.own_language
        keys = sort_keys(
            self._columns.published,
            docs,
            lambda rows: self._scores(query.clause, docs[rows], own)[1],
            query.sort,
        )
        leading = own_first(self._factors.is_own(own), docs)
        return OrderedDocs(docs, keys, self.clusters, self.reader.id, leading)

    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float]:
        """Return the score of each of *docs*, 0 if it does not match."""
        matching, scores = self._scores(clause, np.array(sorted({*docs}), np.int64))
        score_by_doc = dict(zip(matching.tolist(), scores.tolist(), strict=True))
        return [score_by_doc.get(doc, 0.0) for doc in docs]

    def _scores(
        self, clause: Clause, docs: Docs, own_language: Language | None = None
    ) -> tuple[Docs, Scores]:
        """Return those of *docs*, which ascend, that match, and their scores."""
        matching, unboosted, boosts = self.core.score_parts(clause, docs)
        return matching, unboosted * self._factors.of(own_language)[matching] * boosts

    def unboosted_scores(self, clause: Clause, docs: Docs) -> Scores:
        """Return the scores of *docs*, which ascend and match, without boosts."""
        return self.core.score_parts(clause, docs)[1]

    def explain(
        self, clause: Clause, docs: Iterable[int], own_language: Language | None = None
    ) -> dict[int, Explanation]:
        """Explain the scores of those of *docs* that match."""
        asked = np.array(sorted(docs), np.int64)
        matching, unboosted, boosts = self.core.score_parts(clause, asked)
        words = word_scores(self.core.matching_among, self.reader, self._weights, clause, matching)
        is_own = self._factors.is_own(own_language)
        shares = np.ones(len(matching)) if is_own is None else own_share(is_own[matching])
        columns = matching, unboosted, boosts, self._factors.recency[matching], shares
        parts = zip(*(column.tolist() for column in columns), words, strict=True)
        return {
            doc: Explanation(
                score=recency_factor * share * boost * score,
                recency=recency_factor,
                proximity=boost if score else 1.0,
                language=share,
                words=tuple(word_scores_of_doc),
            )
            for doc, score, boost, recency_factor, share, word_scores_of_doc in parts
        }

    def coverage(self) -> list[tuple[str, int, int, int]]:
        """Return each ministry, its number of releases, and the documents of its oldest and newest one."""
        return list(self._columns.coverage(self.reader.live))

    def stored(self, doc: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        segment, row = self.reader.locate(doc)
        try:
            fields = segment.documents.stored_fields(row)
        except _INCONSISTENT:
            self.verify()
            raise
        return fields if "id" in fields else {**fields, "id": self.reader.id(doc).decode()}

    def published(self, doc: int) -> date | None:
        """Return the day of a document, None if unknown."""
        day = int(self._columns.published[doc])
        return date.fromordinal(day) if day > 0 else None

    def find(self, id_: str) -> int | None:
        """Return the document with the id *id_*, None if there is none."""
        docs = self.reader.term("id", id_).docs
        return int(docs[-1]) if len(docs) else None

    def find_all(self, ids: Collection[str]) -> dict[str, int]:
        """Return the documents with any of *ids*, by id."""
        return {id_: doc for id_ in ids if (doc := self.find(id_)) is not None}

    def texts_of(self, releases: Sequence[str], clause: Clause, filters: Filters) -> Sequence[int]:
        """Return the documents of *releases*, of all their texts, that match *clause* and when they stood."""
        docs = self.core.matching_among(clause, self.docs_of(releases))
        if filters.stood:
            first, last = bounds(*filters.stood)
            docs = docs[(self._columns.since[docs] <= last) & (self._columns.until[docs] >= first)]
        found_docs: list[int] = docs.tolist()
        return found_docs

    def docs_of(self, releases: Iterable[str]) -> Docs:
        """Return the documents of *releases*, ascending: of all their texts, as far as these are searched."""
        fields = ("id", "release")
        found = [self.reader.term(field, id_).docs for id_ in dict.fromkeys(releases) for field in fields]
        return np.sort(np.concatenate([NONE, *found]))

    def ends(self, clause: Clause, filters: Filters) -> tuple[Sequence[int], Sequence[int]]:
        """Return the matching documents that appeared first, and those that ended last, `ENDS` at most."""
        docs = self.core.matching(clause, filters)
        since, until = self._columns.since[docs], self._columns.until[docs]
        if not len(docs):
            return (), ()
        return docs[since == since.min()][:ENDS].tolist(), docs[until == until.max()][:ENDS].tolist()

    def match_offsets(self, clause: Clause, docs: Sequence[int]) -> list[MatchOffsets]:
        """Return the match offsets of *clause* in each of *docs*."""
        with self.verify_on_error():
            return match_offsets(self.reader, clause, docs, self.core)

    @property
    def files(self) -> frozenset[Path]:
        """The array files of the generation."""
        return frozenset(file.path for segment in self.reader.segments for file in segment.files)

    def verify(self, *, sound: Container[Path] = ()) -> None:
        """Verify the checksums of all files, except files known to be *sound*.

        Raises:
            DamagedError: a checksum differs.
        """
        for file in chain.from_iterable(segment.files for segment in self.reader.segments):
            if file.path not in sound:
                file.verify()
