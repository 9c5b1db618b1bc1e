"""Answers queries on one generation of an index; immutable, shared by all threads."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdError

from index.codec import ArrayIndex
from index.query import AskedInterval, Clause, Filters, Query, Sort, Word
from index.results import Explanation, Histogram
from index.search.collapse import Clusters, OrderedDocs
from index.search.compiled import CompiledSearcher
from index.search.cursor import Place, TopDocs
from index.search.evaluator import Evaluator
from index.search.explain import word_scores
from index.search.facets import FacetColumns, Overview, histogram
from index.search.index_reader import CACHE_BYTES, IndexReader
from index.search.match_offsets import MatchOffsets, match_offsets
from index.search.proximity import boost_neighbours
from index.search.ranking import FIELD_WEIGHTS
from index.search.scoring import Match, Scores, Scoring
from index.search.top_k import CandidateSelector, Repeats, first_rows, place_of, rows_after, sort_keys
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE

if TYPE_CHECKING:
    from index.search.compiled.searcher import CompiledSearcher as Compiled

Recency = Callable[[NDArray[np.int32]], NDArray[np.float64]]
"""Returns the recency factor of each document, given its day as an ordinal, 0 if unknown."""

# Up to this number of documents, all are scored exactly, without candidate selection.
SCORE_ALL = 256
# A word in more documents than SCORE_ALL is common: its facets and the head of its ranking are cached, so
# that a repeated search for any of the first HEAD hits reads no posting list (decision 071).
HEAD, OVERVIEW_BYTES = 100, 32 << 20
# Pages of mapped files count as resident memory. If the files exceed MAPPED_BYTES, their pages are released
# every RELEASE_EVERY searches: a million releases then take 0.9 GB at most instead of 4 GB. The page cache
# keeps the pages, and mapping them again costs less than 0.3 ms a search.
MAPPED_BYTES, RELEASE_EVERY = 1 << 30, 30
_NO_FILTERS = Filters()
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
        *,
        compiled: bool = True,
    ) -> None:
        self._is_compiled = compiled and CompiledSearcher is not None
        cache_bytes = CACHE_BYTES // 2 if self._is_compiled else CACHE_BYTES
        self.reader = ix if isinstance(ix, IndexReader) else IndexReader(ix, cache_bytes)
        self._weights, self._recency_of = weights, recency
        self._evaluator = Evaluator(self.reader, weights)
        self._proximity = proximity
        with self.verify_on_error():
            self._columns = FacetColumns(self.reader)
        self._recency = recency(self._live_days()) if recency else None
        self._selector = CandidateSelector(self.reader.sets, self._recency)
        self._score_all, self._head = SCORE_ALL, HEAD
        self._overviews: Cache[Overview] = Cache(OVERVIEW_BYTES, lambda overview: overview.nbytes)
        self._last: tuple[Clause, Match] | None = None
        self._searches = count(1)

    def without(self, ids: Collection[str]) -> "Searcher":
        """Return a searcher of the same files, in which the releases *ids* count as deleted."""
        ranking = self._weights, self._recency_of, self._proximity
        return Searcher(self.reader.without(ids), *ranking, compiled=self._is_compiled)

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
    def _compiled(self) -> "Compiled | None":
        """The compiled searcher, which answers common queries; None if there is none."""
        if CompiledSearcher is None or not self._is_compiled:
            return None
        ranking = self._weights, self._recency, self._proximity
        parts = self.reader, self._columns, self.clusters, self._evaluator
        return CompiledSearcher(*parts, *ranking, max_bytes=CACHE_BYTES // 2)

    @cached_property
    def clusters(self) -> Clusters:
        """The clusters of near-identical releases."""
        return Clusters(self.reader)

    def search(
        self,
        query: Query,
        *,
        after: Place | None = None,
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
            if after is None and (compiled := self._compiled) is not None:
                found = compiled.search(query, collapse=collapse, excluded=excluded, faceted=faceted)
                if found is not None:
                    return found
            match = self._match(query.clause)
            clusters = self.clusters if collapse else None
            if excluded:
                without = self.reader.sets.without(match.docs, np.array(sorted(excluded), np.int64))
                match = replace(match, docs=without)
            elif faceted and query.filters == _NO_FILTERS and self._is_common_word(query.clause, match):
                key = query.clause, collapse
                overview = self._overviews.get(key, lambda: self._with_head(match, clusters))
                return self._search(match, overview, query, after, clusters)
            overview = self._overview(match.docs, query.filters, clusters, faceted=faceted)
            return self._search(match, overview, query, after, clusters)

    def _search(
        self,
        match: Match,
        overview: Overview,
        query: Query,
        after: Place | None,
        clusters: Clusters | None,
    ) -> TopDocs:
        docs = match.docs if overview.rows is None else match.docs[overview.rows]
        page, scores, last = self._page(match, docs, overview, query, after)
        return TopDocs(
            docs=tuple(page.tolist()),
            scores=tuple(scores.tolist()),
            folded=self.clusters.others(page, overview.clustered),
            total=len(docs) - self.clusters.count_repeats(overview.clustered),
            facets=overview.facets,
            histogram=query.histogram and self._histogram(docs, clusters, query.histogram),
            last=last,
        )

    def _overview(
        self, docs: Docs, filters: Filters, clusters: Clusters | None, *, faceted: bool
    ) -> Overview:
        filter_docs = self._columns.filter_and_count if faceted else self._columns.filter
        filtered = filter_docs(docs, filters, clusters)
        if filtered.rows is not None:
            docs = docs[filtered.rows]
        clustered = docs[:0]
        if clusters is not None:
            clustered = docs[
                filtered.clustered if filtered.rows is None else clusters.rows_sharing_cluster(docs)
            ]
        return Overview(filtered.rows, filtered.facets, clustered)

    def _is_common_word(self, clause: Clause, match: Match) -> bool:
        return isinstance(clause, Word) and len(match.docs) > self._score_all and match.scoring is not None

    def _with_head(self, match: Match, clusters: Clusters | None) -> Overview:
        """Return the overview of a common word with the head of its ranking, to be cached."""
        overview = self._overview(match.docs, _NO_FILTERS, clusters, faceted=True)
        repeats = self._repeats if len(overview.clustered) else None
        return replace(overview, head=self._candidates(match, match.docs, self._head, repeats, None))

    def _match(self, clause: Clause, among: Docs | None = None) -> Match:
        match = self._find(clause) if among is None else self._evaluator.match(clause, among)
        return boost_neighbours(match, clause, self._evaluator, self._proximity)

    def _find(self, clause: Clause) -> Match:
        """Return the documents that match, and keep them: related words are counted, then searched."""
        last = self._last
        if last is None or last[0] != clause:
            self._last = last = clause, self._find_anew(clause)
        return last[1]

    def _find_anew(self, clause: Clause) -> Match:
        core = self._compiled
        if core is None or (docs := core.matching(clause, _NO_FILTERS)) is None:
            return self._evaluator.match(clause)
        most, exact = core.most(clause), partial(core.unboosted_scores, clause)
        return Match(
            docs, Scoring(exact, lambda some: exact(some).astype(np.float32), most) if most else None
        )

    def _page(
        self, match: Match, docs: Docs, overview: Overview, query: Query, after: Place | None
    ) -> tuple[Docs, Scores, Place | None]:
        """Return the page that *query* asks for: documents in order, scores, and the place of the last.

        Only the first document of each cluster is listed.
        """
        clustered = overview.clustered
        if after is not None and len(clustered):
            # Documents whose cluster is on an earlier page must not appear on this one.
            docs, clustered = self._drop_repeats(match, docs, query.sort), docs[:0]
        ends = query.per_page if query.cursor else query.page * query.per_page
        count = ends + (query.cursor is not None)  # one more shows whether there is a next page
        by_relevance, repeats = query.sort == "relevance", self._repeats if len(clustered) else None
        candidates = docs
        if by_relevance and overview.head is not None and after is None and count <= self._head:
            candidates = overview.head
        elif by_relevance:
            candidates = self._candidates(match, docs, count, repeats, after)
        scores = self._scores(match, candidates) if by_relevance else np.zeros(0)
        keys = sort_keys(self._columns.published, candidates, scores.__getitem__, query.sort)

        def name(row: int) -> bytes:
            return self.reader.id(int(candidates[row]))

        rows_left = np.arange(len(candidates))
        if len(clustered):
            rows_left = np.delete(rows_left, self.clusters.repeats(candidates, keys))
        if after is not None:
            rows_left = rows_after(after, keys, rows_left, name)
        first = first_rows(keys, rows_left, name, count)
        rows = first[ends - query.per_page : ends]
        page = candidates[rows]
        last = place_of(keys, rows[-1], name) if len(first) > ends else None
        if by_relevance:
            return page, scores[rows], last
        order = np.argsort(page)
        scores = np.zeros(len(page))
        scores[order] = self._scores(match, page[order])
        return page, scores, last

    def _drop_repeats(self, match: Match, docs: Docs, sort: Sort) -> Docs:
        """Return *docs* without those preceded by another document of their cluster."""
        keys = sort_keys(self._columns.published, docs, lambda rows: self._scores(match, docs[rows]), sort)
        return np.delete(docs, self.clusters.repeats(docs, keys))

    def _repeats(self, docs: Docs) -> int:
        """Return how many of *docs* are preceded by another document of their cluster."""
        return self.clusters.count_repeats(docs[self.clusters.rows_sharing_cluster(docs)])

    def _candidates(
        self, match: Match, docs: Docs, count: int, repeats: Repeats | None, after: Place | None
    ) -> Docs:
        """Return a superset of the first *count* of *docs* by score."""
        if match.scoring is None or len(docs) <= max(count, self._score_all):
            return docs
        if after is not None:
            return self._selector.next(match.scoring, docs, count, -after.keys[0])
        return self._selector.first(match.scoring, docs, count, repeats)

    def _scores(self, match: Match, docs: Docs) -> Scores:
        scores = match.scores(docs)
        return scores if self._recency is None else scores * self._recency[docs]

    def _histogram(self, docs: Docs, clusters: Clusters | None, interval: AskedInterval) -> Histogram:
        clustered = NONE if clusters is None else clusters.rows_sharing_cluster(docs)
        of = NONE if clusters is None else clusters.of[docs[clustered]]
        return histogram(self._columns.published[docs], clustered, of, interval)

    def count(self, clause: Clause, filters: Filters = _NO_FILTERS) -> int:
        """Return the number of matching documents; a cluster counts once."""
        if (core := self._compiled) and (total := core.count(clause, filters)) is not None:
            return total
        docs = self.matching(clause, filters)
        return len(docs) - self._repeats(docs)

    def matching(self, clause: Clause, filters: Filters = _NO_FILTERS) -> Docs:
        """Return all documents that match *clause*, ascending."""
        if (core := self._compiled) and (found := core.matching(clause, filters)) is not None:
            return found
        docs = self._find(clause).docs
        rows = self._columns.filter(docs, filters, None).rows
        return docs if rows is None else docs[rows]

    def list_all(self, query: Query) -> OrderedDocs:
        """Return all documents that match *query*, in its order; of a cluster, only the first."""
        with self.verify_on_error():
            match = self._match(query.clause)
            rows = self._columns.filter(match.docs, query.filters, None).rows
            docs = match.docs if rows is None else match.docs[rows]
            keys = sort_keys(
                self._columns.published, docs, lambda rows: self._scores(match, docs[rows]), query.sort
            )
            return OrderedDocs(docs, keys, self.clusters, self.reader.id)

    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float]:
        """Return the score of each of *docs*, 0 if it does not match."""
        if (core := self._compiled) and (known := core.scores(clause, docs)) is not None:
            return known
        match = self._match(clause, np.array(sorted(docs), np.int64))
        score_by_doc = dict(zip(match.docs.tolist(), self._scores(match, match.docs).tolist(), strict=True))
        return [score_by_doc.get(doc, 0.0) for doc in docs]

    def explain(self, clause: Clause, docs: Iterable[int]) -> dict[int, Explanation]:
        """Explain the scores of those of *docs* that match."""
        match = self._match(clause, np.array(sorted(docs), np.int64))
        scores = match.scores(match.docs)
        unboosted = self._evaluator.match(clause, match.docs).scores(match.docs)
        recency = np.ones(len(match.docs)) if self._recency is None else self._recency[match.docs]
        words = word_scores(self._evaluator, self.reader, self._weights, clause, match.docs)
        columns = match.docs, scores, unboosted, recency
        parts = zip(*(column.tolist() for column in columns), words, strict=True)
        return {
            doc: Explanation(
                score=recency_factor * score,
                recency=recency_factor,
                proximity=score / base if base else 1.0,
                words=tuple(word_scores_of_doc),
            )
            for doc, score, base, recency_factor, word_scores_of_doc in parts
        }

    def coverage(self) -> list[tuple[str, int, int, int]]:
        """Return each ministry, its number of releases, and the documents of its oldest and newest one."""
        return list(self._columns.coverage(self.reader.live))

    def stored(self, doc: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        segment, row = self.reader.locate(doc)
        try:
            return segment.documents.stored_fields(row)
        except _INCONSISTENT:
            self.verify()
            raise

    def published(self, doc: int) -> date | None:
        """Return the day of a document, None if unknown."""
        day = int(self._columns.published[doc])
        return date.fromordinal(day) if day > 0 else None

    def find(self, id_: str) -> int | None:
        """Return the document with the id *id_*, None if there is none."""
        docs = self.reader.term("id", id_).docs
        return int(docs[-1]) if len(docs) else None

    def match_offsets(self, clause: Clause, docs: Sequence[int]) -> list[MatchOffsets]:
        """Return the match offsets of *clause* in each of *docs*."""
        with self.verify_on_error():
            return match_offsets(self.reader, clause, docs, self._compiled)

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
