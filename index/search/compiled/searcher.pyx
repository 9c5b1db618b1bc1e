# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Answers queries: finds, filters, counts, scores and orders the documents that match."""

from datetime import date
from functools import partial

import numpy as np

from libc.stdint cimport int32_t, int64_t

from index.search.compiled cimport clauses
from index.search.compiled.candidates cimport CHECK_EVERY, best, best_boosted
from index.search.compiled.clauses cimport Node
from index.search.compiled.facets cimport FacetCounter
from index.search.compiled.finder cimport Finder, find_runs
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport list_of_docs
from index.search.compiled.proximity cimport Neighbours
from index.search.compiled.top cimport RankingValues, Top

from index import deadline
from index.query import Filters, Word
from index.query.filters import FLAGS, YEAR
from index.search.cursor import Place, TopDocs
from index.search.facets import histogram
from index.search.pages import Boost, Order
from index.segment.cache import Cache

# The most hits that are chosen one by one; all others are sorted.
TOP_MAX = 128
# A word in more documents is common, and its answer is kept.
COMMON, ANSWER_BYTES, ANSWERS_BYTES = 256, 40_000, 16 << 20
_NO_FILTERS = Filters()


cdef class CompiledSearcher:
    """Answers queries on one generation; shared by all threads.

    It keeps nothing of a query but what its caches hold, so threads do not meet.
    """

    cdef object reader, columns, clusters, answers, recency_of
    cdef Finder finder
    cdef FacetCounter facets
    cdef RankingValues values
    cdef const int32_t[::1] days
    cdef const int64_t[::1] clusters_of
    cdef double proximity

    def __init__(self, reader, columns, clusters, weights, recency, proximity, *, max_bytes):
        if not reader.has_texts:
            raise ValueError("an index without the words of its texts")
        self.reader, self.columns, self.clusters = reader, columns, clusters
        self.proximity, self.recency_of = proximity, recency
        self.facets = FacetCounter(columns, reader.count)
        self.finder = Finder(reader, weights, max_bytes)
        self.answers = Cache(ANSWERS_BYTES, answer_bytes)
        self.days, self.clusters_of = columns.published, clusters.of
        self.values = RankingValues(columns.published, clusters.of, recency, reader.id)
        if len(self.days) != reader.count or len(self.clusters_of) != reader.count:
            raise ValueError("doc values with a wrong number of documents")
        if recency is not None and len(recency) != reader.count:
            raise ValueError("recency factors of a wrong number of documents")

    def search(self, query, *, collapse, after=None, excluded=(), faceted=True):
        """Return the page that *query* asks for."""
        cdef Matches docs
        deadline.check()
        clause = query.clause
        is_filtered = are_set(query.filters)
        key = None
        if type(clause) is Word and faceted and not (excluded or is_filtered or query.cursor is not None or query.histogram):
            key = clause, collapse, query.sort, query.page, query.per_page
            found = self.answers.peek(key)
            if found is not None:
                return found
        docs = self.finder.find(clause)
        if excluded:
            docs.drop(set(excluded))
        deadline.check()
        facets = years = None
        if is_filtered and not query.filters.has_values and self.facets.is_small:
            years = self.keep_days(query.filters, docs, collapse, faceted)
        elif is_filtered:
            facets = self.keep_filtered(query.filters, docs, collapse, faceted)
        if query.sort == "relevance":
            self.finder.score(clause, docs)
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

    def count(self, clause, filters):
        """Return the number of matching documents, a cluster once."""
        cdef Matches docs = self.match_filtered(clause, filters)
        docs.group(self.clusters_of)
        return docs.count - docs.repeats

    def matching(self, clause, filters):
        """Return the matching documents, ascending."""
        return self.match_filtered(clause, filters).array()

    cdef Matches match_filtered(self, clause, filters):
        docs = self.finder.find(clause)
        if are_set(filters):
            if not filters.has_values:
                self.keep_days(filters, docs, False, False)
            else:
                self.keep_filtered(filters, docs, False, False)
        return docs

    def matching_among(self, clause, docs):
        """Return those of *docs*, which ascend, that match a clause."""
        return self.those_matching(self.finder.plan(clause), docs).array()

    def score_parts(self, clause, docs):
        """Return those of *docs*, which ascend, that match a clause.

        Also return the score of each without boosts, and its boost of neighbours.
        """
        cdef Node tree = self.finder.tree_of(clause)
        cdef Matches found = self.those_matching(tree, docs)
        clauses.score(tree, found)
        return found.array(), found.score_array(), self.neighbour_boosts(clause, found.array())

    def neighbour_boosts(self, clause, docs):
        """Return the boost of neighbours of each of *docs*."""
        cdef list runs = find_runs(clause) if self.proximity else []
        cdef Neighbours neighbours
        cdef Py_ssize_t i
        boosts = np.ones(len(docs))
        if runs:
            neighbours = self.neighbours(runs)
            for i in range(len(docs)):
                if i % CHECK_EVERY == 0:
                    deadline.check()
                boosts[i] = neighbours.boost(docs[i])
        return boosts

    cdef Neighbours neighbours(self, list runs):
        """Return the boost of the words that are adjacent in *runs*."""
        return Neighbours([self.finder.adjacent(run) for run in runs], self.proximity, sum([len(run) - 1 for run in runs]))

    cdef Matches those_matching(self, Node tree, docs):
        cdef Matches found = Matches(list_of_docs(docs))
        found.intersect(tree.find())
        return found

    @property
    def blocks_decoded(self):
        """The number of blocks of posting lists, of 256 postings or fewer, that were decoded so far."""
        return self.finder.words.lists.blocks

    def known_words(self, word, Py_ssize_t base, list docs):
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
        return self.finder.known_words(word, base, docs)

    cdef dict keep_filtered(self, filters, Matches docs, bint collapse, bint faceted):
        """Keep the documents that pass *filters*; return the facets, each without the filter on its own field."""
        filter_docs = self.columns.filter_and_count if faceted else self.columns.filter
        filtered = filter_docs(docs.array(), filters, self.clusters if collapse else None)
        if filtered.rows is not None:
            docs.keep(filtered.rows)
        return filtered.facets

    cdef tuple keep_days(self, filters, Matches docs, bint collapse, bint faceted):
        """Keep the documents published in the days of *filters*; return the facet of the years, which ignores them."""
        cdef tuple years = None
        if faceted:
            if collapse:
                docs.group(self.clusters_of)
            years = self.facets.count(docs.docs, docs.count, docs.members, docs.member_count)[YEAR]
        # A document without a date has the day 0.
        first = filters.published_from.toordinal() if filters.published_from else 1
        last = filters.published_to.toordinal() if filters.published_to else date.max.toordinal()
        docs.keep_between(self.days, first, last)
        return years

    cdef dict count_facets(self, Matches docs, bint collapse):
        if not self.facets.is_small:
            return self.columns.filter_and_count(docs.array(), _NO_FILTERS, self.clusters if collapse else None).facets
        cdef dict facets = self.facets.count(docs.docs, docs.count, docs.members, docs.member_count)
        facets.update(self.columns.no_sets)
        if self.columns.has_sets:
            facets.update(self.columns.count_sets(docs.array(), self.clusters if collapse else None))
        return facets

    cdef object answer(self, query, after, Matches docs, dict facets, bint collapse):
        """Return the page that is asked for, and figures about all matches."""
        cdef Py_ssize_t ends = query.per_page if query.cursor else query.page * query.per_page
        # One more shows whether there is a next page.
        cdef Py_ssize_t count = ends + (query.cursor is not None)
        cdef bint is_scored = query.sort == "relevance"
        cdef list runs = find_runs(query.clause) if is_scored and self.proximity else []
        if is_scored and after is None and count <= TOP_MAX:
            numbers, scores, last = self.first_best(runs, docs, count, collapse)
        else:
            numbers, scores, last = self.first_in_order(query, after, docs, bool(runs), count, collapse)
        is_more = len(numbers) > ends
        numbers, scores = numbers[ends - query.per_page : ends], scores[ends - query.per_page : ends]
        return TopDocs(
            docs=tuple(numbers),
            scores=tuple(scores if is_scored else self.scores_of(query.clause, numbers)),
            folded=tuple([self.folded(docs, doc) for doc in numbers]),
            total=docs.count - docs.repeats,
            facets=facets,
            histogram=query.histogram and self.count_periods(docs, collapse, query.histogram),
            last=last if is_more else None,
        )

    cdef tuple first_best(self, list runs, Matches docs, Py_ssize_t count, bint collapse):
        """Return the best documents, their scores, and the place of the one before the last."""
        cdef Top top
        cdef list ranked
        if runs:
            top = best_boosted(self.values, self.neighbours(runs), docs.docs, docs.scores, docs.count, count, collapse)
        else:
            top = best(self.values, docs.docs, docs.scores, docs.count, count, collapse)
        ranked = top.ranked()
        last = None
        if top.size > 1:
            last = Place(top.sort_keys(top.size - 2), self.reader.id(ranked[top.size - 2][0]))
        return [doc for doc, _ in ranked], [score for _, score in ranked], last

    cdef tuple first_in_order(self, query, after, Matches docs, bint is_boosted, Py_ssize_t count, bint collapse):
        """Return the same in any order of a query, after the place *after*."""
        numbers = docs.array()
        if query.sort == "relevance":
            scores = self.with_recency(docs.score_array(), numbers)
        else:
            scores = np.zeros(len(numbers))
        boost = Boost(partial(self.neighbour_boosts, query.clause), 1 + self.proximity) if is_boosted else None
        order = Order(query.sort, self.columns.published, self.clusters if docs.repeats else None, self.reader.id)
        numbers, scores, last = order.first(numbers, scores, boost, count, after)
        return numbers.tolist(), scores.tolist(), last

    cdef list scores_of(self, clause, list docs):
        """Return the scores of *docs*, which match a clause."""
        ascending, scores, boosts = self.score_parts(clause, np.array(sorted(docs), np.int64))
        by_doc = dict(zip(ascending.tolist(), (self.with_recency(scores, ascending) * boosts).tolist()))
        return [by_doc[doc] for doc in docs]

    cdef object with_recency(self, scores, docs):
        return scores if self.recency_of is None else scores * self.recency_of[docs]

    cdef tuple folded(self, Matches docs, int32_t doc):
        """Return the other matches of the cluster of a document."""
        return docs.folded(self.clusters_of[doc], doc) if docs.repeats and self.clusters_of[doc] >= 0 else ()

    cdef object count_periods(self, Matches docs, bint collapse, interval):
        numbers = docs.array()
        rows = self.clusters.rows_sharing_cluster(numbers) if collapse else numbers[:0]
        return histogram(self.columns.published[numbers], rows, self.clusters.of[numbers[rows]], interval)


cdef bint are_set(filters):
    # Most often they are the default, which is compared sooner.
    return filters is not _NO_FILTERS and filters != _NO_FILTERS


def answer_bytes(answer):
    """Return the approximate size of an answer in bytes."""
    return ANSWER_BYTES + 40 * sum(map(len, answer.folded))
