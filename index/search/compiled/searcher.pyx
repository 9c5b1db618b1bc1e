# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Answers the first pages of queries by relevance, and counts matches, as `index/search/searcher.py` does.

Words, phrases, and all or any of some words are found list by list; all other clauses as a tree.
"""

from datetime import date

import numpy as np

from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcpy, memset

from index.search.compiled.clauses cimport Candidates, Node, candidates_of
from index.search.compiled.facets cimport FacetCounter
from index.search.compiled.matches cimport Matches
from index.search.compiled.phrases cimport Positions, keep_phrase
from index.search.compiled.posting_lists cimport DecodedList, Segment, first_from, list_of_docs, union_of
from index.search.compiled.proximity cimport AdjacentWords
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.small_numbers cimport bit_count
from index.search.compiled.top cimport Top
from index.search.compiled.words cimport TERMS_MAX, QueryWord, Words, score

from index import deadline
from index.query import AllOf, AnyOf, Everything, Filters, MostOf, Not, Phrase, Related, Word
from index.search.compiled.clauses import AllNode, AnyNode, FoundNode, MostNode, NotNode, WordNode
from index.search.compiled.facets import FacetCounter
from index.search.compiled.phrases import Positions
from index.search.compiled.proximity import AdjacentWords, Texts
from index.search.compiled.recent import RecentCache
from index.search.compiled.top import Top
from index.search.compiled.words import Words
from index.search.cursor import TopDocs
from index.segment.cache import Cache

# The most words of a query, each of which has a bit.
WORDS_MAX = 30
# The most hits of a page.
PAGE_MAX = 100
# The size of the cache of concepts.
CONCEPTS_BYTES = 32 << 20
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
    """Answers common queries on one generation; shared by all threads.

    It keeps nothing of a query but what its caches hold, so threads do not meet.
    """

    cdef object reader, columns, clusters, answers, evaluator
    cdef list kept, texts, bases, positions
    cdef tuple last  # a clause, and its tree: related words are counted, then searched
    cdef Node everything
    cdef Words words
    cdef RecentCache concepts
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
        self.reader, self.columns, self.clusters, self.evaluator = reader, columns, clusters, evaluator
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
        self.words = Words(reader, weights, max_bytes)
        self.answers = Cache(ANSWERS_BYTES, answer_bytes)
        self.concepts = RecentCache(CONCEPTS_BYTES)
        self.last = None, None
        self.everything = FoundNode(list_of_docs(reader.live), [], reader.count)
        self.everything.matches_all = True
        self.texts = [None if segment.postings.words is None else Texts(segment) for segment in reader.segments]
        self.bases = [segment.base for segment in reader.segments]
        self.positions = [
            None if segment.reader.postings.words is None else Positions(segment)
            for segment in self.words.lists.segments
        ]

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
        words = self.find_words(clause)
        if words is None:
            tree = self.tree_of(clause)
            docs = Matches((<Node>tree).find())
        else:
            docs = self.match(clause, words)
        if excluded:
            (<Matches>docs).drop(set(excluded))
        deadline.check()
        facets = years = None
        if is_filtered and is_only_of_days(query.filters):
            years = self.keep_days(query.filters, docs, collapse, faceted)
        elif is_filtered:
            facets = self.keep_filtered(query.filters, docs, collapse, faceted)
        if words is None:
            self.score_tree(tree, docs)
        else:
            self.score(clause, words, docs)
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
        words = self.find_words(clause)
        docs = Matches((<Node>self.tree_of(clause)).find()) if words is None else self.match(clause, words)
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
        cdef list adjacent = [self.adjacent(run) for run in runs]
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
        return self.tree_of(clause).most

    cdef Matches scored_among(self, clause, docs):
        """Return those of *docs*, which ascend, that match a clause, with their scores."""
        cdef Node tree = self.tree_of(clause)
        cdef Matches found = Matches(list_of_docs(docs))
        found.intersect(tree.find())
        self.score_tree(tree, found)
        return found

    def known_words(self, word, Py_ssize_t base, list docs):
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
        cdef QueryWord found = self.words.cache.find(word) if self.is_able else None
        if found is None:
            return None
        if not has_any(found.matching, docs, <int32_t>base):
            return []
        return self.words.words_in(found, self.bases.index(base))

    cdef list find_words(self, clause):
        """Return the words of a clause, None if it is more than some words."""
        cdef QueryWord word
        cdef list found = []
        cdef int terms = 0
        kind = type(clause)
        if kind is Word:
            words = (clause,)
        elif kind is AllOf or kind is AnyOf:
            words = clause.clauses
        elif kind is Phrase and not clause.slop and clause.part is None:
            words = clause.words
        else:
            return None
        if not 0 < len(words) <= WORDS_MAX:
            return None
        for one in words:
            if type(one) is not Word or one.part is not None:
                return None
            word = self.words.find(one)
            terms += word.count
            found.append(word)
        return found if terms <= TERMS_MAX else None

    cdef Node tree_of(self, clause):
        """Return a clause as a tree."""
        asked, tree = self.last
        if tree is None or asked != clause:
            tree = self.plan(clause)
            self.last = clause, tree
        return tree

    cdef Node plan(self, clause):
        cdef Py_ssize_t documents = self.reader.count
        cdef DecodedList live = self.everything.found
        kind = type(clause)
        if kind is Word and clause.part is None:
            return WordNode(self.words.find(clause), documents)
        if kind is AllOf:
            required = [self.plan(one) for one in clause.clauses if type(one) is not Not]
            excluded = [self.plan(one.clause) for one in clause.clauses if type(one) is Not]
            return AllNode(required, excluded, live, documents)
        if kind is AnyOf:
            return AnyNode([self.plan(one) for one in clause.clauses], documents)
        if kind is Related:
            return self.plan_concept(clause)
        if kind is MostOf:
            return MostNode([self.plan(one) for one in clause.clauses], documents, clause.missing_max)
        if kind is Not:
            return NotNode(self.plan(clause.clause), live, documents)
        if kind is Everything:
            return self.everything
        return self.plan_leaf(clause)

    cdef Node plan_concept(self, clause):
        node = self.concepts.find(clause)
        if node is None:
            node = AnyNode([self.plan(one) for one in clause.clauses], self.reader.count, is_kept=True)
            node = self.concepts.keep(clause, node)
        return node

    cdef Node plan_leaf(self, clause):
        """Return a phrase; or else a prefix, wildcard or fuzzy word, or a word of a part, which NumPy finds."""
        cdef Matches docs
        cdef list words = []
        if type(clause) is Phrase:
            words = self.find_words(clause)
            if words is not None:
                docs = self.match(clause, words)
                return FoundNode(docs.list(), words, self.reader.count)
            words = [self.words.find(word) for word in clause.words]
        elif type(clause) is Word:
            words = [self.words.find(clause)]
        found = list_of_docs(self.evaluator.match(clause).docs)
        return FoundNode(found, words, self.reader.count)

    cdef Matches match(self, clause, list words):
        """Return the documents that match, not scored yet."""
        cdef QueryWord word
        cdef Matches found
        cdef list rarest_first
        if type(clause) is AnyOf:
            found = Matches(union_of([(<QueryWord>one).matching for one in words]))
        else:
            rarest_first = sorted(words, key=size_of)
            found = Matches((<QueryWord>rarest_first[0]).matching)
            for word in rarest_first[1:]:
                found.intersect(word.matching)
        if type(clause) is Phrase and len(words) > 1:
            self.keep_adjacent(words, found)
        return found

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

    cdef void score(self, clause, list words, Matches docs) except *:
        """Set the scores of the documents; their sums are in the order in which the modules in Python add."""
        is_any = type(clause) is AnyOf
        ordered = sorted(words, key=most_of if is_any else size_of, reverse=is_any)
        # If the documents are those of a list itself, nothing is looked up.
        score(ordered, docs.whole.docs if docs.count == docs.whole.count else docs.docs, docs.count, docs.scores)

    cdef int score_tree(self, Node tree, Matches docs) except -1:
        memset(docs.scores, 0, 8 * docs.count)
        return tree.add(candidates_of(docs.docs, docs.count, self.reader.count), docs.scores)

    cdef void keep_adjacent(self, list words, Matches found) except *:
        """Keep the documents that have the words of a phrase one after another."""
        cdef Segment segment
        cdef Py_ssize_t first = 0, end, kept = 0
        cdef int rarest = words.index(min(words, key=size_of))
        for number, segment in enumerate(self.words.lists.segments):
            end = first_from(found.docs, found.count, first, <int32_t>(segment.base + segment.count))
            if end > first:
                kept += keep_phrase(
                    self.positions[number], [self.words.words_in(word, number) for word in words], rarest,
                    found.docs + first, end - first, <int32_t>segment.base, found.docs + kept,
                )
            first = end
        found.count = kept

    cdef AdjacentWords adjacent(self, run):
        words = [self.words.find(word) for word in run]
        return AdjacentWords(
            self.texts, self.bases, [[self.words.words_in(word, row) for row in range(len(self.bases))] for word in words]
        )

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
        cdef list adjacent = [self.adjacent(run) for run in runs]
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


cdef bint has_any(DecodedList found, list docs, int32_t base):
    """Return whether any of *docs* of a segment is in a list."""
    cdef Py_ssize_t row
    for doc in docs:
        row = first_from(found.docs, found.count, 0, <int32_t>doc + base)
        if row < found.count and found.docs[row] == <int32_t>doc + base:
            return True
    return False


cdef list find_runs(clause):
    """Return each run of adjacent words of which neighbours raise a score; None if NumPy must look for them.

    Runs are cut where they have more than WORDS_MAX words, each of which needs a bit; the next begins with the same word.
    """
    cdef list runs = [], inner, run = []
    kind = type(clause)
    if kind is not AllOf and kind is not MostOf:
        return runs
    for one in clause.clauses:
        if type(one) is Word:
            if len(run) == WORDS_MAX:
                runs.append(run)
                run = run[WORDS_MAX - 1 :]
            run.append(one)
            continue
        runs.append(run)
        run = []
        inner = find_runs(one)
        if inner is None:
            return None
        runs += inner
    runs = [some for some in (*runs, run) if len(some) > 1]
    return None if any([word.part is not None for some in runs for word in some]) else runs


cdef bint is_only_of_days(filters):
    return not (filters.ministries or filters.categories or filters.languages or filters.traits)


cdef int compare_candidates(const void* one, const void* other) noexcept nogil:
    cdef double a = (<const Candidate*>one).upper, b = (<const Candidate*>other).upper
    return (a < b) - (a > b)


def size_of(QueryWord word):
    """Return an upper estimate of the number of documents of a word."""
    return word.size


def most_of(QueryWord word):
    """Return the largest score of a word."""
    return word.most


def answer_bytes(answer):
    """Return the approximate size of an answer in bytes."""
    return ANSWER_BYTES + 40 * sum(map(len, answer.folded))
