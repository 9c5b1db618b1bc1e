"""An oracle: answers queries by arrays over all documents."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.query import Clause, Filters, Query, Related, Word
from index.search.collapse import Clusters
from index.search.cursor import HitPlace, TopDocs
from index.search.facets import FacetColumns, histogram
from index.search.index_reader import IndexReader
from index.search.proximity import neighbours
from index.search.ranking import DocFactors
from index.search.top_k import DIGITS, Scores
from index.segment.doc_lists import Docs
from tests.support.numpy_finder import NumpyFinder

# The sort key of a release without a date is beyond that of any day.
_UNDATED = 4_000_000.0


class NumpySearcher:
    """Searches one generation as `CompiledSearcher` does, but keeps nothing for later queries."""

    def __init__(  # noqa: PLR0917 - as the core
        self,
        reader: IndexReader,
        columns: FacetColumns,
        clusters: Clusters,
        weights: Mapping[str, float],
        factors: DocFactors,
        proximity: float,
    ) -> None:
        self._reader, self._columns, self._clusters = reader, columns, clusters
        self._factors, self._proximity = factors, proximity
        self._finder = NumpyFinder(reader, weights)

    def search(
        self,
        query: Query,
        *,
        after: HitPlace | None = None,
        collapse: bool = True,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for; with *collapse*, one document per cluster."""
        found, clusters = self._finder.find(query.clause), self._clusters if collapse else None
        docs = np.flatnonzero(found.matching & ~self._finder.mask_of(np.array(excluded, np.int64)))
        filter_docs = self._columns.filter_and_count if faceted else self._columns.filter
        filtered = filter_docs(docs, query.filters, clusters)
        docs = docs if filtered.rows is None else docs[filtered.rows]
        scores = found.scores * self._boosts(query.clause) * self._factors.of(query.own_language)
        places = {doc: self._place(query, scores, doc) for doc in docs.tolist()}
        is_own = self._factors.is_own(query.own_language)
        ordered = sorted(places, key=places.__getitem__)
        if is_own is not None:  # the first in the language asked for leads its cluster
            ordered.sort(key=lambda doc: not is_own[doc])
        first = self._members(ordered, clusters)
        first = {doc: first[doc] for doc in sorted(first, key=places.__getitem__)}
        rest = [doc for doc in first if after is None or is_after(places[doc], after)]
        ends = query.per_page if query.cursor else query.page * query.per_page
        page = rest[:ends][ends - query.per_page :]
        shared = docs[:0] if clusters is None else clusters.rows_sharing_cluster(docs)
        days, clusters_of = self._columns.published[docs], self._clusters.of[docs[shared]]
        last = places[page[-1]] if query.cursor and len(rest) > ends else None
        return TopDocs(
            docs=tuple(page),
            scores=tuple(scores[page].tolist()),
            folded=tuple(tuple(sorted({*first[doc]} - {doc})) for doc in page),
            total=len(first),
            facets=filtered.facets,
            histogram=query.histogram and histogram(days, shared, clusters_of, query.histogram),
            last=last and HitPlace(*last),
        )

    def _place(self, query: Query, scores: Scores, doc: int) -> tuple[tuple[float, ...], bytes]:
        """Return what orders a document in the answer of *query*, ascending."""
        day, name = float(self._columns.published[doc]), self._reader.id(doc)
        if query.sort == "relevance":
            return (-round(float(scores[doc]), DIGITS), -day), name
        return (-day if query.sort == "newest" else day if day > 0 else _UNDATED,), name

    def _members(self, docs: Sequence[int], clusters: Clusters | None) -> dict[int, list[int]]:
        """Return the first document of each cluster, in order, with all of *docs* that are in it."""
        members: dict[int, list[int]] = {}
        for doc in docs:
            cluster = -1 if clusters is None else int(clusters.of[doc])
            members.setdefault(cluster if cluster >= 0 else -1 - doc, []).append(doc)
        return {some[0]: some for some in members.values()}

    def _boosts(self, clause: Clause) -> Scores:
        """Return the boost of each document for adjacent words of *clause* that are adjacent in it."""
        pairs = [self._finder.with_phrase(pair) for pair in neighbours(clause)] if self._proximity else []
        return 1 + self._proximity * sum(pairs, np.zeros(self._reader.count)) / max(1, len(pairs))

    def count(self, clause: Clause, filters: Filters) -> int:
        """Return the number of matching documents; a cluster counts once."""
        return len(self._members(self.matching(clause, filters).tolist(), self._clusters))

    def matching(self, clause: Clause, filters: Filters) -> Docs:
        """Return all documents that match *clause*, ascending."""
        docs = self._finder.matching(clause)
        rows = self._columns.filter(docs, filters, None).rows
        return docs if rows is None else docs[rows]

    def matching_among(self, clause: Clause, docs: Docs) -> Docs:
        """Return those of *docs*, which ascend, that match *clause*."""
        return docs[self._finder.find(clause).matching[docs]]

    def score_parts(self, clause: Clause, docs: Docs) -> tuple[Docs, Scores, Scores]:
        """Return those of *docs*, which ascend, that match a clause.

        Also return the score of each without boosts, and its boost of neighbours.
        """
        found = self._finder.find(clause)
        matching = docs[found.matching[docs]]
        return matching, found.scores[matching], self._boosts(clause)[matching]

    def known_leaves(self, clause: Related, base: int, docs: Sequence[int]) -> None:
        """Return None: nothing of the last query is kept."""

    def known_words(self, word: Word, base: int, docs: Sequence[int]) -> None:
        """Return None, as above."""


def is_after(place: tuple[tuple[float, ...], bytes], after: HitPlace) -> bool:
    """Return whether a place is after another one, which may have been forged: with any number of keys."""
    keys, name = place
    shared = min(len(keys), len(after.keys))
    return (keys[:shared], name) > (after.keys[:shared], after.id)
