"""Answers queries with NumPy, where there is no compiled core: as it does, but several times as slow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.query import AskedInterval, Clause, Filters, Query, Sort, Word
from index.results import Facets, Histogram
from index.search.collapse import Clusters
from index.search.cursor import Place, TopDocs
from index.search.facets import FacetColumns, histogram
from index.search.index_reader import IndexReader
from index.search.plain.candidates import CandidateSelector, Repeats
from index.search.plain.evaluator import Evaluator
from index.search.plain.neighbours import boost_neighbours
from index.search.plain.scoring import Match
from index.search.top_k import Scores, first_rows, place_of, rows_after, sort_keys
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE

# Up to this number of documents, all are scored exactly, without candidate selection.
SCORE_ALL = 256
# A word in more documents than SCORE_ALL is common: its facets and the head of its ranking are cached, so
# that a repeated search for any of the first HEAD hits reads no posting list (decision 071).
HEAD, OVERVIEW_BYTES = 100, 32 << 20
_NO_FILTERS = Filters()
# The approximate size of the facets of a search.
FACETS_BYTES = 16_000


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures that a search shows about all its matches; cached for common words without filters."""

    rows: NDArray[np.int64] | None
    """Rows of the matches that pass the filters; None for all."""
    facets: Facets
    clustered: Docs
    """Those that share a cluster with another one."""
    head: Docs | None = None
    """A superset of the first HEAD documents by score, if the overview is cached."""

    @property
    def nbytes(self) -> int:
        """The approximate size of a cached overview in bytes."""
        return FACETS_BYTES + self.clustered.nbytes + (0 if self.head is None else self.head.nbytes)


class NumpySearcher:
    """Searches one generation as `CompiledSearcher` does; shared by all threads."""

    def __init__(  # noqa: PLR0917 - as the core
        self,
        reader: IndexReader,
        columns: FacetColumns,
        clusters: Clusters,
        weights: Mapping[str, float],
        recency: NDArray[np.float64] | None,
        proximity: float,
    ) -> None:
        self.reader, self._columns, self.clusters = reader, columns, clusters
        self._evaluator = Evaluator(reader, weights)
        self._recency, self._proximity = recency, proximity
        self._selector = CandidateSelector(reader.sets, recency)
        self.score_all, self.head = SCORE_ALL, HEAD
        self._overviews: Cache[Overview] = Cache(OVERVIEW_BYTES, lambda overview: overview.nbytes)
        self._last: tuple[Clause, Match] | None = None

    def search(
        self,
        query: Query,
        *,
        after: Place | None = None,
        collapse: bool,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for; with *collapse*, one document per cluster."""
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
        return isinstance(clause, Word) and len(match.docs) > self.score_all and match.scoring is not None

    def _with_head(self, match: Match, clusters: Clusters | None) -> Overview:
        """Return the overview of a common word with the head of its ranking, to be cached."""
        overview = self._overview(match.docs, _NO_FILTERS, clusters, faceted=True)
        repeats = self._repeats if len(overview.clustered) else None
        return replace(overview, head=self._candidates(match, match.docs, self.head, repeats, None))

    def _match(self, clause: Clause, among: Docs | None = None) -> Match:
        match = self._find(clause) if among is None else self._evaluator.match(clause, among)
        return boost_neighbours(match, clause, self._evaluator, self._proximity)

    def _find(self, clause: Clause) -> Match:
        """Return the documents that match, and keep them: related words are counted, then searched."""
        last = self._last
        if last is None or last[0] != clause:
            self._last = last = clause, self._evaluator.match(clause)
        return last[1]

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
        if by_relevance and overview.head is not None and after is None and count <= self.head:
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
        if match.scoring is None or len(docs) <= max(count, self.score_all):
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

    def count(self, clause: Clause, filters: Filters) -> int:
        """Return the number of matching documents; a cluster counts once."""
        docs = self.matching(clause, filters)
        return len(docs) - self._repeats(docs)

    def matching(self, clause: Clause, filters: Filters) -> Docs:
        """Return all documents that match *clause*, ascending."""
        docs = self._find(clause).docs
        rows = self._columns.filter(docs, filters, None).rows
        return docs if rows is None else docs[rows]

    def matching_among(self, clause: Clause, docs: Docs) -> Docs:
        """Return those of *docs*, which ascend, that match *clause*."""
        return self._evaluator.match(clause, docs).docs

    def score_parts(self, clause: Clause, docs: Docs) -> tuple[Docs, Scores, Scores]:
        """Return those of *docs*, which ascend, that match a clause.

        Also return the score of each without boosts, and its boost of neighbours.
        """
        match = self._evaluator.match(clause, docs)
        unboosted = match.scores(match.docs)
        boosted = boost_neighbours(match, clause, self._evaluator, self._proximity).scores(match.docs)
        boosts = np.ones(len(unboosted))
        np.divide(boosted, unboosted, out=boosts, where=unboosted > 0)
        return match.docs, unboosted, boosts

    def known_words(self, word: Word, base: int, docs: Sequence[int]) -> None:
        """Return None: the words of the last query are not kept."""


class NumpyFinder:
    """Finds and scores the documents of *reader*, as `ListFinder` does."""

    def __init__(self, reader: IndexReader) -> None:
        self._evaluator = Evaluator(reader)

    def matching(self, clause: Clause) -> Docs:
        """Return the documents that match a clause, ascending."""
        return self._evaluator.match(clause).docs

    def scores(self, clause: Clause, docs: Docs) -> Scores:
        """Return the scores of *docs*, which ascend and match, without boosts."""
        return self._evaluator.match(clause, docs).scores(docs)
