# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Answers common queries as `index/search/searcher.py` does: words, phrases, all or any of some words, with filters."""

from datetime import date

from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, malloc, qsort

from index.search.compiled.facets cimport FacetCounter
from index.search.compiled.matches cimport Matches
from index.search.compiled.phrases cimport Positions, keep_phrase
from index.search.compiled.posting_lists cimport Segment, first_from, union_of
from index.search.compiled.proximity cimport AdjacentWords
from index.search.compiled.small_numbers cimport bit_count
from index.search.compiled.top cimport Top
from index.search.compiled.words cimport TERMS_MAX, QueryWord, Words, score

from index import deadline
from index.query import AllOf, AnyOf, Filters, Phrase, Word
from index.search.compiled.facets import FacetCounter
from index.search.compiled.phrases import Positions
from index.search.compiled.proximity import AdjacentWords, Texts
from index.search.compiled.top import Top
from index.search.compiled.words import Words
from index.search.cursor import TopDocs
from index.segment.cache import Cache

# The most words of a query, each of which has a bit.
WORDS_MAX = 30
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
    """Answers common queries on one generation; shared by all threads.

    It keeps nothing of a query but what its caches hold, so threads do not meet.
    """

    cdef object reader, columns, clusters, answers
    cdef list kept, texts, bases, positions
    cdef Words words
    cdef FacetCounter facets
    cdef const int32_t* days
    cdef const int64_t* clusters_of
    cdef const double* recency
    cdef double proximity
    cdef bint is_able

    def __init__(
        self, reader, columns, clusters, weights, recency, proximity, *, max_bytes
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
        self.words = Words(reader, weights, max_bytes)
        self.answers = Cache(ANSWERS_BYTES, answer_bytes)
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
        words = self.find_words(clause)
        if words is None:
            return None
        docs = self.match(clause, words, excluded)
        deadline.check()
        facets = years = None
        if is_filtered and is_only_of_days(query.filters):
            years = self.keep_days(query.filters, docs, collapse, faceted)
        elif is_filtered:
            facets = self.keep_filtered(query.filters, docs, collapse, faceted)
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
        found = self.answer(clause, words, docs, facets, query.per_page, collapse)
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
        words = self.find_words(clause) if self.is_able else None
        if words is None:
            return None
        docs = self.match(clause, words, ())
        if filters is not _NO_FILTERS and filters != _NO_FILTERS:
            if is_only_of_days(filters):
                self.keep_days(filters, docs, False, False)
            else:
                self.keep_filtered(filters, docs, False, False)
        return docs

    def known_words(self, word, Py_ssize_t base):
        """Return the words that match a query word, ascending, in the segment whose first document is *base*.

        None if the query word was not searched lately.
        """
        cdef QueryWord found = self.words.cache.peek(word) if self.is_able else None
        return None if found is None else found.words[self.bases.index(base)]

    cdef list find_words(self, clause):
        """Return the words of a clause, None if it needs the general way."""
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
            word = self.words.find(one)
            if word is None:
                return None
            terms += word.count
            found.append(word)
        return found if terms <= TERMS_MAX else None

    cdef Matches match(self, clause, list words, excluded):
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
        if excluded:
            found.drop(set(excluded))
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

    cdef void keep_adjacent(self, list words, Matches found) except *:
        """Keep the documents that have the words of a phrase one after another."""
        cdef Segment segment
        cdef Py_ssize_t first = 0, end, kept = 0
        cdef int rarest = words.index(min(words, key=size_of))
        for number, segment in enumerate(self.words.lists.segments):
            end = first_from(found.docs, found.count, first, <int32_t>(segment.base + segment.count))
            if end > first:
                kept += keep_phrase(
                    self.positions[number], [(<QueryWord>word).words[number] for word in words], rarest,
                    found.docs + first, end - first, <int32_t>segment.base, found.docs + kept,
                )
            first = end
        found.count = kept

    cdef AdjacentWords adjacent(self, list words):
        return AdjacentWords(self.texts, self.bases, [(<QueryWord>word).words for word in words])

    cdef dict count_facets(self, Matches docs, bint collapse):
        cdef dict facets = self.facets.count(docs.docs, docs.count, docs.members, docs.member_count)
        if self.facets.categories is not None:
            clusters = self.clusters if collapse else None
            facets[self.facets.fields[4]] = self.facets.categories.count(docs.array(), clusters)
        return facets

    cdef object answer(self, clause, list words, Matches docs, dict facets, Py_ssize_t most, bint collapse):
        """Return the best documents, and figures about all."""
        cdef Top top
        cdef Py_ssize_t i
        if self.proximity and len(words) > 1 and type(clause) is AllOf:
            top = self.best_boosted(words, docs, most, collapse)
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

    cdef Top best_boosted(self, list words, Matches docs, Py_ssize_t most, bint collapse):
        """Do so with the boost of adjacent words, which are looked for only where that may matter."""
        cdef double threshold = self.best(docs, most, collapse).threshold()
        cdef AdjacentWords adjacent = self.adjacent(words)
        cdef Top top = self.empty_top(most, collapse)
        cdef Candidate* candidates = <Candidate*>malloc((docs.count + 1) * sizeof(Candidate))
        cdef Candidate one
        cdef double value, recency = 1, gain = 1 + self.proximity, pairs = len(words) - 1
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
                value = one.score * (1 + self.proximity * (bit_count(adjacent.pairs(one.doc)) / pairs))
                if self.recency != NULL:
                    value *= self.recency[one.doc]
                top.add(one.doc, value)
        finally:
            free(candidates)
        return top


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
