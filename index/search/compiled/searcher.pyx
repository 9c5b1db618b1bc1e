# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Answers the first pages of queries by relevance, and counts matches, as `index/search/searcher.py` does."""

from datetime import date

import numpy as np

from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcpy

from index.search.compiled.clauses cimport Node
from index.search.compiled.facets cimport FacetCounter
from index.search.compiled.finder cimport Finder, find_runs
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport list_of_docs
from index.search.compiled.proximity cimport AdjacentWords
from index.search.compiled.doc_bits cimport bit_count
from index.search.compiled.top cimport Top

from index import deadline
from index.query import Filters, Word
from index.search.compiled.facets import FacetCounter
from index.search.compiled.finder import Finder
from index.search.compiled.top import Top
from index.search.cursor import TopDocs
from index.segment.cache import Cache

# The most hits of a page.
PAGE_MAX = 100
# As in `index/search/searcher.py`: a word in more documents is common, and its answer is kept.
COMMON, ANSWER_BYTES, ANSWERS_BYTES = 256, 40_000, 16 << 20
# Candidates between two looks at the clock.
CHECK_EVERY = 256
_NO_FILTERS = Filters()


cdef struct Candidate:
    double upper  # what its score cannot exceed
    double score
    int32_t doc


cdef class CompiledSearcher:
    """Answers queries on one generation; shared by all threads.

    It keeps nothing of a query but what its caches hold, so threads do not meet.
    """

    cdef object reader, columns, clusters, answers
    cdef list kept
    cdef Finder finder
    cdef FacetCounter facets
    cdef const int32_t* days
    cdef const int64_t* clusters_of
    cdef const double* recency
    cdef double proximity
    cdef bint is_able

    def __init__(
        self, reader, columns, clusters, evaluator, weights, recency, proximity, *, max_bytes
    ):
        cdef const int32_t[::1] days
        cdef const int64_t[::1] of
        cdef const double[::1] factors
        self.reader, self.columns, self.clusters = reader, columns, clusters
        self.proximity = proximity
        # Empty arrays have no address.
        self.is_able = reader.count > 0 and reader.has_texts
        if not self.is_able:
            return
        self.facets = FacetCounter(columns, reader.count)
        self.is_able = self.facets.is_small
        days, of = columns.published, clusters.of
        self.kept = [columns.published, clusters.of, recency]
        self.days, self.clusters_of = &days[0], &of[0]
        if len(days) != reader.count or len(of) != reader.count:
            raise ValueError("doc values with a wrong number of documents")
        if recency is not None:
            factors = recency
            if len(factors) != reader.count:
                raise ValueError("recency factors of a wrong number of documents")
            self.recency = &factors[0]
        self.finder = Finder(reader, evaluator, weights, max_bytes)
        self.answers = Cache(ANSWERS_BYTES, answer_bytes)

    def search(self, query, *, collapse, excluded=(), faceted=True):
        """Return the first page of *query*; None if it needs the general way."""
        deadline.check()
        if (
            not self.is_able
            or query.sort != "relevance"
            or query.page != 1
            or query.cursor is not None
            or query.histogram is not None
            or not 0 < query.per_page <= PAGE_MAX
        ):
            return None
        clause = query.clause
        is_filtered = query.filters is not _NO_FILTERS and query.filters != _NO_FILTERS
        is_whole_word = type(clause) is Word and faceted and not excluded and not is_filtered
        if is_whole_word:
            found = self.answers.peek((clause, collapse, query.per_page))
            if found is not None:
                return found
        runs = find_runs(clause) if self.proximity else []
        if runs is None:
            return None
        docs = self.finder.find(clause)
        if excluded:
            (<Matches>docs).drop(set(excluded))
        deadline.check()
        facets = years = None
        if is_filtered and is_only_of_days(query.filters):
            years = self.keep_days(query.filters, docs, collapse, faceted)
        elif is_filtered:
            facets = self.keep_filtered(query.filters, docs, collapse, faceted)
        self.finder.score(clause, docs)
        deadline.check()
        if collapse:
            (<Matches>docs).group(self.clusters_of)
        if facets is None:
            facets = self.count_facets(docs, collapse) if faceted else {}
        if years is not None:
            facets[self.facets.fields[2]] = years
            # The traits last, as for all other filters.
            facets[self.facets.fields[3]] = facets.pop(self.facets.fields[3])
        found = self.answer(runs, docs, facets, query.per_page, collapse)
        if is_whole_word and (<Matches>docs).count > COMMON:
            self.answers.keep((clause, collapse, query.per_page), found)
        return found

    def count(self, clause, filters):
        """Return the number of matching documents, a cluster once; None if it needs the general way."""
        cdef Matches docs = self.match_filtered(clause, filters)
        if docs is None:
            return None
        docs.group(self.clusters_of)
        return docs.count - docs.repeats

    def matching(self, clause, filters):
        """Return the matching documents, ascending; None if it needs the general way."""
        cdef Matches docs = self.match_filtered(clause, filters)
        return None if docs is None else docs.array()

    cdef Matches match_filtered(self, clause, filters):
        if not self.is_able:
            return None
        docs = self.finder.find(clause)
        if filters is not _NO_FILTERS and filters != _NO_FILTERS:
            if is_only_of_days(filters):
                self.keep_days(filters, docs, False, False)
            else:
                self.keep_filtered(filters, docs, False, False)
        return docs

    def scores(self, clause, docs):
        """Return the score of each of *docs*, 0 if it does not match; None if it needs the general way."""
        runs = find_runs(clause) if self.is_able and self.proximity else []
        if runs is None or not self.is_able:
            return None
        cdef Matches found = self.scored_among(clause, np.array(sorted(set(docs)), np.int32))
        cdef list adjacent = [self.finder.adjacent(run) for run in runs]
        cdef double pairs = sum([len(run) - 1 for run in runs])
        cdef Py_ssize_t i
        cdef dict scores = {}
        for i in range(found.count):
            scores[found.docs[i]] = self.boosted(found.scores[i], found.docs[i], adjacent, pairs)
        return [scores.get(doc, 0.0) for doc in docs]

    def unboosted_scores(self, clause, docs):
        """Return the scores of *docs*, which ascend and match, without recency and neighbours."""
        cdef Matches found = self.scored_among(clause, docs)
        scores = np.empty(found.count)
        cdef double[::1] copied = scores
        if found.count:
            memcpy(&copied[0], found.scores, 8 * found.count)
        return scores

    def most(self, clause):
        """Return the largest score of a clause, without recency and neighbours."""
        return self.finder.tree_of(clause).most

    cdef Matches scored_among(self, clause, docs):
        """Return those of *docs*, which ascend, that match a clause, with their scores."""
        cdef Node tree = self.finder.tree_of(clause)
        cdef Matches found = Matches(list_of_docs(docs))
        found.intersect(tree.find())
        self.finder.score_tree(tree, found)
        return found

    def known_words(self, word, Py_ssize_t base, list docs):
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
        return self.finder.known_words(word, base, docs) if self.is_able else None

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
            years = self.facets.count(docs.docs, docs.count, docs.members, docs.member_count)[self.facets.fields[2]]
        # A document without a date has the day 0.
        first = filters.published_from.toordinal() if filters.published_from else 1
        last = filters.published_to.toordinal() if filters.published_to else date.max.toordinal()
        docs.keep_between(self.days, first, last)
        return years

    cdef dict count_facets(self, Matches docs, bint collapse):
        cdef dict facets = self.facets.count(docs.docs, docs.count, docs.members, docs.member_count)
        if self.facets.categories is not None:
            clusters = self.clusters if collapse else None
            facets[self.facets.fields[4]] = self.facets.categories.count(docs.array(), clusters)
        return facets

    cdef object answer(self, list runs, Matches docs, dict facets, Py_ssize_t most, bint collapse):
        """Return the best documents, and figures about all."""
        cdef Top top
        cdef Py_ssize_t i
        if runs:
            top = self.best_boosted(runs, docs, most, collapse)
        else:
            top = self.best(docs, most, collapse)
        numbers, scores, folded = [], [], []
        for i in range(top.size):
            numbers.append(top.entries[i].doc)
            scores.append(top.entries[i].score)
            if docs.repeats and top.entries[i].cluster >= 0:
                folded.append(docs.folded(top.entries[i].cluster, top.entries[i].doc))
            else:
                folded.append(())
        return TopDocs(
            docs=tuple(numbers), scores=tuple(scores), folded=tuple(folded),
            total=docs.count - docs.repeats, facets=facets, histogram=None, last=None,
        )

    cdef Top empty_top(self, Py_ssize_t most, bint collapse):
        cdef Top top = Top()
        top.most, top.id_of, top.days = most, self.reader.id, self.days
        top.clusters = self.clusters_of if collapse else NULL
        return top

    cdef Top best(self, Matches docs, Py_ssize_t most, bint collapse):
        """Return the best documents by score times recency."""
        cdef Top top = self.empty_top(most, collapse)
        cdef double value, threshold = top.threshold()
        cdef Py_ssize_t i
        for i in range(docs.count):
            value = docs.scores[i]
            if self.recency != NULL:
                value *= self.recency[docs.docs[i]]
            if value >= threshold:
                top.add(docs.docs[i], value)
                threshold = top.threshold()
        return top

    cdef double boosted(self, double score, int32_t doc, list adjacent, double pairs) except? -1:
        """Return a score with the boosts of recency, and of neighbours that are *adjacent*."""
        cdef int found = 0
        for run in adjacent:
            found += bit_count((<AdjacentWords>run).pairs(doc))
        if adjacent:
            score *= 1 + self.proximity * (found / pairs)
        return score if self.recency == NULL else score * self.recency[doc]

    cdef Top best_boosted(self, list runs, Matches docs, Py_ssize_t most, bint collapse):
        """Do so with the boost of adjacent words, which are looked for only where that may matter."""
        cdef double threshold = self.best(docs, most, collapse).threshold()
        cdef list adjacent = [self.finder.adjacent(run) for run in runs]
        cdef Top top = self.empty_top(most, collapse)
        cdef Candidate* candidates = <Candidate*>malloc((docs.count + 1) * sizeof(Candidate))
        cdef Candidate one
        cdef double recency = 1, gain = 1 + self.proximity, pairs = sum([len(run) - 1 for run in runs])
        cdef Py_ssize_t i, count = 0
        if candidates == NULL:
            raise MemoryError
        try:
            for i in range(docs.count):
                if self.recency != NULL:
                    recency = self.recency[docs.docs[i]]
                one.doc, one.score, one.upper = docs.docs[i], docs.scores[i], docs.scores[i] * gain * recency
                if one.upper >= threshold:
                    candidates[count] = one
                    count += 1
            qsort(candidates, count, sizeof(Candidate), compare_candidates)
            for i in range(count):
                one = candidates[i]
                if one.upper < top.threshold():
                    break
                if i % CHECK_EVERY == 0:
                    deadline.check()
                top.add(one.doc, self.boosted(one.score, one.doc, adjacent, pairs))
        finally:
            free(candidates)
        return top


cdef bint is_only_of_days(filters):
    return not (filters.ministries or filters.categories or filters.languages or filters.traits)


cdef int compare_candidates(const void* one, const void* other) noexcept nogil:
    cdef double a = (<const Candidate*>one).upper, b = (<const Candidate*>other).upper
    return (a < b) - (a > b)


def answer_bytes(answer):
    """Return the approximate size of an answer in bytes."""
    return ANSWER_BYTES + 40 * sum(map(len, answer.folded))
