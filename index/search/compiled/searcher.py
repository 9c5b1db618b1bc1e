"""Answers queries: finds, filters, counts, scores and orders the documents that match."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import structs

from crawler.config import Language
from index import deadline
from index.query import Clause, Everything, Filters, Query, Related, Word
from index.query.filters import FLAGS, YEAR
from index.results import FacetValue, Histogram
from index.search.collapse import Clusters
from index.search.compiled import candidates, clauses, posting_lists, proximity
from index.search.compiled.clauses import Node
from index.search.compiled.facets import FacetCounter
from index.search.compiled.finder import Finder
from index.search.compiled.matches import Matches
from index.search.compiled.proximity import Neighbours
from index.search.compiled.top import RankingValues
from index.search.cursor import HitPlace, TopDocs
from index.search.facets import histogram
from index.search.pages import Boost, Order
from index.search.standing import OPEN, bounds
from index.search.top_k import Scores
from index.segment.cache import Cache
from index.segment.doc_lists import Docs

if TYPE_CHECKING:
    from index.search.facets import FacetColumns
    from index.search.index_reader import IndexReader
    from index.search.ranking import DocFactors

# The most hits that are chosen one by one; all others are sorted.
TOP_MAX = 128
# A word in more documents is common, and its answer is kept.
COMMON, ANSWER_BYTES, ANSWERS_BYTES = 256, 40_000, 16 << 20
# Documents between two looks at the clock.
CHECK_EVERY = 256
# The first minute of a column.
EARLIEST = -OPEN
NO_FILTERS = Filters()

Facets = dict[str, tuple[FacetValue, ...]]
# Documents, their scores, and the place of the one before the last.
Ranked = tuple[list[int], list[float], HitPlace | None]


class CompiledSearcher:
    """Answers queries on one generation; shared by all threads.

    It keeps nothing of a query but what its caches hold, so threads do not meet.
    """

    def __init__(
        self,
        reader: "IndexReader",
        columns: "FacetColumns",
        clusters: Clusters,
        weights: Mapping[str, float],
        factors: "DocFactors",
        proximity: float,
        *,
        max_bytes: int,
    ) -> None:
        if not reader.has_texts:
            raise ValueError("an index without the words of its texts")
        self.reader, self.columns, self.clusters = reader, columns, clusters
        self.proximity, self.factors = proximity, factors
        self.facets = FacetCounter(columns, reader.count)
        self.finder = Finder(reader, weights, max_bytes)
        self.answers = Cache(ANSWERS_BYTES, answer_bytes)
        self.days, self.clusters_of = columns.published.data, clusters.of.data
        self.values: dict[Language | None, RankingValues] = {}
        if len(self.days) != reader.count or len(self.clusters_of) != reader.count:
            raise ValueError("doc values with a wrong number of documents")

    def search(
        self,
        query: Query,
        *,
        collapse: bool,
        after: HitPlace | None = None,
        excluded: Collection[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for."""
        deadline.check()
        key = None
        is_plain = not (excluded or query.histogram or are_set(query.filters)) and query.cursor is None
        if isinstance(query.clause, Word) and faceted and is_plain:
            key = query.clause, collapse, query.sort, query.page, query.per_page, query.own_language
            found = self.answers.peek(key)
            if found is not None:
                return found
        return self.find_page(query, after, excluded, collapse, faceted, key)

    def find_page(
        self,
        query: Query,
        after: HitPlace | None,
        excluded: Collection[int],
        collapse: bool,
        faceted: bool,
        key: object,
    ) -> TopDocs:
        """Return the page that *query* asks for; it is kept as *key* if that is given and many match."""
        docs, filters = self.find_standing(query.clause, query.filters)
        if excluded:
            docs.drop(set(excluded))
        deadline.check()
        facets = years = None
        if are_set(filters):
            if self.facets.is_small and not filters.has_values:
                years = self.keep_days(filters, docs, collapse, faceted)
            else:
                facets = self.keep_filtered(filters, docs, collapse, faceted)
        if query.sort == "relevance":
            self.finder.score(query.clause, docs)
            deadline.check()
        if collapse:
            docs.group(self.clusters_of)
        if facets is None:
            facets = self.count_facets(docs, collapse) if faceted else {}
        if years is not None:
            facets[YEAR] = years
            # The traits last, as for all other filters.
            facets[FLAGS.name] = facets.pop(FLAGS.name)
        found = self.answer(query, after, docs, facets, collapse)
        if key is not None and docs.count > COMMON:
            self.answers.keep(key, found)
        return found

    def count(self, clause: Clause, filters: Filters) -> int:
        """Return the number of matching documents, a cluster once."""
        docs = self.match_filtered(clause, filters)
        docs.group(self.clusters_of)
        return docs.count - docs.repeats

    def matching(self, clause: Clause, filters: Filters) -> Docs:
        """Return the matching documents, ascending."""
        return self.match_filtered(clause, filters).array()

    def match_filtered(self, clause: Clause, filters: Filters) -> Matches:
        """Return the matching documents, not scored."""
        docs, filters = self.find_standing(clause, filters)
        if are_set(filters):
            if filters.has_values:
                self.keep_filtered(filters, docs, False, False)
            else:
                self.keep_days(filters, docs, False, False)
        return docs

    def find_standing(self, clause: Clause, filters: Filters) -> tuple[Matches, Filters]:
        """Return the documents that match and stood in the period of *filters*, and the other filters.

        No facet is of that period, so that all ignore what did not stand in it.
        """
        docs = self.finder.find(clause)
        if not filters.is_through_time:
            return docs, filters
        if filters.stood is not None:
            first, last = bounds(*filters.stood)
            docs.keep_between(self.columns.since.data, EARLIEST, last)
            docs.keep_between(self.columns.until.data, first, OPEN)
        return docs, structs.replace(filters, versions=False, stood=None)

    def matching_among(self, clause: Clause, docs: Docs) -> Docs:
        """Return those of *docs*, which ascend, that match a clause."""
        return self.those_matching(self.finder.plan(clause), docs).array()

    def score_parts(self, clause: Clause, docs: Docs) -> tuple[Docs, Scores, Scores]:
        """Return those of *docs*, which ascend, that match a clause.

        Also return the score of each without boosts, and its boost of neighbours.
        """
        tree = self.finder.tree_of(clause)
        found = self.those_matching(tree, docs)
        clauses.score(tree, found)
        matching = found.array()
        return matching, found.score_array(), self.neighbour_boosts(clause, matching)

    def neighbour_boosts(self, clause: Clause, docs: Docs) -> Scores:
        """Return the boost of neighbours of each of *docs*."""
        runs = proximity.find_runs(clause) if self.proximity else []
        boosts = np.ones(len(docs))
        if runs:
            self.set_boosts(runs, docs, boosts)
        return boosts

    def set_boosts(self, runs: list[list[Word]], docs: Docs, boosts: Scores) -> int:
        """Set the boost of each of *docs* for the words that are adjacent in *runs*."""
        neighbours = self.neighbours(runs)
        for row, doc in enumerate(docs.tolist()):
            if row % CHECK_EVERY == 0:
                deadline.check()
            boosts[row] = neighbours.boost(doc)
        return 0

    def neighbours(self, runs: list[list[Word]]) -> Neighbours:
        """Return the boost of the words that are adjacent in *runs*."""
        adjacent, pairs = [self.finder.adjacent(run) for run in runs], sum([len(run) - 1 for run in runs])
        return Neighbours(adjacent, self.proximity, pairs)

    def those_matching(self, tree: Node, docs: Docs) -> Matches:
        """Return those of *docs*, which ascend, that match a clause."""
        found = Matches(posting_lists.list_of_docs(docs))
        found.intersect(tree.find())
        return found

    @property
    def blocks_decoded(self) -> int:
        """The number of blocks of posting lists, of 256 postings or fewer, that were decoded so far."""
        return self.finder.words.lists.blocks

    def known_words(self, word: Word, base: int, docs: list[int]) -> list[int] | None:
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
        return self.finder.known_words(word, base, docs)

    def known_leaves(self, clause: Related, base: int, docs: list[int]) -> list[int] | None:
        """Return the numbers of the leaves of *clause*, from the left, that match any of *docs*, as above."""
        return self.finder.known_leaves(clause, base, docs)

    def keep_filtered(self, filters: Filters, docs: Matches, collapse: bool, faceted: bool) -> Facets:
        """Keep the documents that pass *filters*; return the facets, each without its own filter."""
        filter_docs = self.columns.filter_and_count if faceted else self.columns.filter
        filtered = filter_docs(docs.array(), filters, self.clusters if collapse else None)
        if filtered.rows is not None:
            docs.keep(filtered.rows.data)
        return dict(filtered.facets)

    def keep_days(
        self, filters: Filters, docs: Matches, collapse: bool, faceted: bool
    ) -> tuple[FacetValue, ...] | None:
        """Keep the documents of the days of *filters*; return the facet of the years, which ignores them."""
        years = None
        if faceted:
            if collapse:
                docs.group(self.clusters_of)
            years = self.count_cells(docs)[YEAR]
        # A document without a date has the day 0.
        first = filters.published_from.toordinal() if filters.published_from else 1
        last = (filters.published_to or date.max).toordinal()
        docs.keep_between(self.days, first, last)
        return years

    def count_facets(self, docs: Matches, collapse: bool) -> Facets:
        """Return the facets of documents; of those that share a cluster, its members have been set."""
        clusters = self.clusters if collapse else None
        if not self.facets.is_small:
            return dict(self.columns.filter_and_count(docs.array(), NO_FILTERS, clusters).facets)
        facets = self.count_cells(docs)
        facets.update(self.columns.no_sets)
        if self.columns.has_sets:
            facets.update(self.columns.count_sets(docs.array(), clusters))
        return facets

    def count_cells(self, docs: Matches) -> Facets:
        """Return the facets of documents, but those of columns of sets."""
        return self.facets.count(docs.docs, docs.count, docs.members, docs.member_count)

    def answer(
        self, query: Query, after: HitPlace | None, docs: Matches, facets: Facets, collapse: bool
    ) -> TopDocs:
        """Return the page that is asked for, and figures about all matches."""
        ends = query.per_page if query.cursor else query.page * query.per_page
        # One more shows whether there is a next page.
        count = ends + 1 if query.cursor is not None else ends
        is_scored = query.sort == "relevance"
        runs = proximity.find_runs(query.clause) if is_scored and self.proximity else []
        # All of everything score 0, so only the order of clusters by language shows which one leads.
        is_even = query.own_language is not None and isinstance(query.clause, Everything)
        if is_scored and after is None and count <= TOP_MAX and not is_even:
            values = self.values_for(query.own_language)
            numbers, scores, last = self.first_best(values, runs, docs, count, collapse)
        else:
            numbers, scores, last = self.first_in_order(query, after, docs, bool(runs), count)
        is_more = len(numbers) > ends
        numbers, scores = numbers[ends - query.per_page : ends], scores[ends - query.per_page : ends]
        return TopDocs(
            docs=tuple(numbers),
            scores=tuple(scores if is_scored else self.scores_of(query, numbers)),
            folded=tuple([self.folded(docs, doc) for doc in numbers]),
            total=docs.count - docs.repeats,
            facets=facets,
            histogram=query.histogram and self.count_periods(docs, collapse, query.histogram),
            last=last if is_more else None,
        )

    def values_for(self, own_language: Language | None) -> RankingValues:
        """Return what ranks documents if those in a language come first."""
        found = self.values.get(own_language)
        if found is None:
            factors: Any = self.factors.of(own_language).data
            found = RankingValues(self.days, self.clusters_of, factors, self.reader.id)
            self.values[own_language] = found
        return found

    def first_best(
        self, values: RankingValues, runs: list[list[Word]], docs: Matches, count: int, collapse: bool
    ) -> Ranked:
        """Return the best *count* documents."""
        if runs:
            near = self.neighbours(runs)
            top = candidates.best_boosted(values, near, docs.docs, docs.scores, docs.count, count, collapse)
        else:
            top = candidates.best(values, docs.docs, docs.scores, docs.count, count, collapse)
        ranked, last = top.ranked(), None
        if top.size > 1:
            last = HitPlace(top.sort_keys(top.size - 2), self.reader.id(ranked[top.size - 2][0]))
        return [doc for doc, _ in ranked], [score for _, score in ranked], last

    def first_in_order(
        self, query: Query, after: HitPlace | None, docs: Matches, is_boosted: bool, count: int
    ) -> Ranked:
        """Return the first *count* documents in any order of a query, after the place *after*."""
        numbers = docs.array()
        if query.sort == "relevance":
            scores = docs.score_array() * self.factors.of(query.own_language)[numbers]
        else:
            scores = np.zeros(len(numbers))
        boost = (
            Boost(partial(self.neighbour_boosts, query.clause), 1 + self.proximity) if is_boosted else None
        )
        order = Order(
            query.sort,
            self.columns.published,
            self.clusters if docs.repeats else None,
            self.factors.is_own(query.own_language),
            self.reader.id,
        )
        numbers, scores, last = order.first(numbers, scores, boost, count, after)
        return numbers.tolist(), scores.tolist(), last

    def scores_of(self, query: Query, docs: list[int]) -> list[float]:
        """Return the scores of *docs*, which match a query."""
        ascending, scores, boosts = self.score_parts(query.clause, np.array(sorted(docs), np.int64))
        boosted = scores * self.factors.of(query.own_language)[ascending] * boosts
        by_doc = dict(zip(ascending.tolist(), boosted.tolist(), strict=True))
        return [by_doc[doc] for doc in docs]

    def folded(self, docs: Matches, doc: int) -> tuple[int, ...]:
        """Return the other matches of the cluster of a document."""
        cluster = self.clusters_of[doc]
        return docs.folded(cluster, doc) if docs.repeats and cluster >= 0 else ()

    def count_periods(self, docs: Matches, collapse: bool, interval: Any) -> Histogram:
        """Return the number of documents in each period of time."""
        numbers = docs.array()
        rows = self.clusters.rows_sharing_cluster(numbers) if collapse else numbers[:0]
        return histogram(self.columns.published[numbers], rows, self.clusters.of[numbers[rows]], interval)


def are_set(filters: Filters) -> bool:
    """Return whether there are any filters."""
    # Most often they are the default, which is compared sooner.
    return filters is not NO_FILTERS and filters != NO_FILTERS


def answer_bytes(answer: TopDocs) -> int:
    """Return the approximate size of an answer in bytes."""
    return ANSWER_BYTES + 40 * sum(map(len, answer.folded))
