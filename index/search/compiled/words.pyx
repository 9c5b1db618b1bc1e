# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The words of a query: the documents that match each, and how they score."""

import numpy as np

from libc.math cimport log
from libc.stdint cimport int32_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy, memset

from index.search.compiled.posting_lists cimport (
    DecodedList, PostingLists, Segment, FieldTerms, first_from, list_of_postings, union_of
)

from index import deadline
from index.search.compiled.posting_lists import nbytes_of
from index.search.compiled.recent import RecentCache
from index.search.ranking import K1, UNACCENTED_SHARE
from index.word_cache import WORD_CHARS

# As in `posting_lists`.
cdef enum:
    BLOCK = 256
    SPAN = 1 << 14
    DENSE = 12
# As in `index/search/evaluator.py`.
WORD_BYTES = 4_000
cdef double K1_ = K1
# Documents between two looks at the clock, which also let other threads run.
cdef Py_ssize_t CHECK_EVERY = 64 * BLOCK


cdef class QueryWord:
    """A word of a query: ``words`` are those of each segment that match it, ascending."""

    def __dealloc__(self):
        free(self.terms)


cdef class Words:
    """Looks up the words of queries; those used recently are kept. Shared by all threads."""

    def __init__(self, reader, weights, max_bytes):
        self.reader, self.weights = reader, weights
        # Words keep their lists; the lists by themselves are for other words of the same lemma.
        self.lists = PostingLists(reader, max_bytes // 4)
        self.cache = RecentCache(max_bytes - max_bytes // 4)
        self.norms, self.live_count = {}, reader.live_count

    cdef QueryWord find(self, word):
        """Return a query word, wherever in a text it is."""
        if len(word.text) > WORD_CHARS:
            return self.look_up(word, False)
        found = self.cache.find(word)
        if found is None:
            found = self.cache.keep(word, self.look_up(word, True))
        return found

    cdef list words_in(self, QueryWord found, Py_ssize_t row):
        """Return the words of a segment that match a query word, ascending."""
        if found.words is None:
            found.words = self.words_of_terms(found.matching_terms)
        return found.words[row]

    cdef list words_of_terms(self, tuple terms):
        """Return the words of each segment that map to any of *terms*, ascending."""
        cdef list words = [], mine
        cdef dict words_of_lists = {}
        by_term = []
        for field, text in terms:
            mine = [None] * len(self.lists.segments)
            self.numbers_of(field, text, mine, words_of_lists)
            by_term.append(mine)
        for row in range(len(self.lists.segments)):
            words.append(union_of_words([some[row] for some in by_term]))
        return words

    cdef QueryWord look_up(self, word, bint is_kept):
        deadline.check()
        cdef QueryWord found = QueryWord()
        cdef list terms = [], matching = [], mine
        cdef dict words_of_lists = {}
        cdef Py_ssize_t segments = len(self.lists.segments)
        # The lists of one field seldom cover each other: the words of their terms are read only for a phrase.
        cdef bint is_of_one_field = not (word.stem or word.exact or word.fold)
        for field, texts in (
            ("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact), ("fold", word.fold)
        ):
            for text in texts:
                mine = None if is_of_one_field else [None] * segments
                term = field, text, self.numbers_of(field, text, mine, words_of_lists), mine
                terms.append(term)
                if field != "stem" or word.stem_matches:
                    matching.append(term)
        found.matching_terms = tuple([(field, text) for field, text, _, _ in matching])
        if not is_of_one_field:
            found.words = [union_of_words([mine[row] for _, _, _, mine in matching]) for row in range(segments)]
        found.has_only_matching = len(matching) == len(terms)
        found.kept = []
        self.set_matching(found, matching, is_kept)
        if word.scored:
            self.set_terms(found, self.weigh(word, terms, is_kept, found.matching if is_of_one_field else None))
        found.nbytes = WORD_BYTES + sum(map(nbytes_of, {found.matching, *found.kept}))
        return found

    cdef void set_matching(self, QueryWord found, list terms, bint is_kept) except *:
        """Set the documents that match: those of the one term that all words map to, or of all terms."""
        cdef list mine, lists
        if found.words is not None:
            for field, text, numbers, mine in terms:
                if all([len(some) == len(words) for some, words in zip(mine, found.words)]):
                    terms = [(field, text, numbers, mine)]
                    break
        lists = [self.list_of(field, text, numbers, is_kept) for field, text, numbers, _ in terms]
        found.size = sum(map(len, lists))
        if found.words is not None and len(lists) > 1:
            lists = [lists[row] for row in rows_to_merge([mine for *_, mine in terms])]
        found.matching = lists[0] if len(lists) == 1 else union_of(lists)

    cdef tuple numbers_of(self, str field, str text, list words, dict words_of_lists):
        """Return the number of the posting list of a term in each segment: -1 if it lacks the term.

        Return None if lists would have to be merged. Set *words*, if given, to the words of the term in each segment. Terms of one
        list have the same words, so *words_of_lists* keeps them by segment and list.
        """
        cdef Segment segment
        cdef FieldTerms terms
        cdef Py_ssize_t place, row
        cdef bint is_merged = False
        cdef list numbers = []
        for row, segment in enumerate(self.lists.segments):
            terms = segment.terms.fields.get(field)
            place = -1 if terms is None else terms.find(text)
            number = -1 if place < 0 else terms.list_of(place)
            numbers.append(number)
            if words is not None:
                words[row] = [] if place < 0 else words_of_lists.get((row, number))
                if words[row] is None:
                    words[row] = terms.words_of(place)
                    if number >= 0:
                        words_of_lists[row, number] = words[row]
            is_merged |= place >= 0 and number < 0
        return None if is_merged else tuple(numbers)

    cdef DecodedList list_of(self, str field, str text, tuple numbers, bint is_kept):
        """Return the list of a term; *numbers* as returned above."""
        if numbers is not None:
            return self.lists.find(numbers, is_kept)
        return self.counted(list_of_postings(self.reader.term(field, text)))

    cdef DecodedList counted(self, DecodedList made):
        self.lists.count(made.count)
        return made

    cdef list weigh(self, word, list terms, bint is_kept, DecodedList of_all):
        """Return, for each field that scores, its name, the lists of its terms, and their weight.

        A field whose only term has the list of another field's only term is merged with it. Terms of a pooled word score as one that
        occurs wherever any of them does, so they have a number of documents in common, and others None. *of_all* are the documents of
        all terms if they are of one field.
        """
        cdef dict merged = {}, by_field = {}
        cdef list lists, mine
        for field, text, numbers, _ in terms:
            if weight := self.weights.get(field):
                numbers_as_typed = numbers
                if word.accented and self.has_unaccented(field, text, word.accented):
                    numbers = None
                    one = self.counted(list_of_postings(self.reader.find_accented_term(field, text, word.accented)))
                else:
                    one = self.list_of(field, text, numbers, is_kept)
                _, mine, lists, _ = by_field.setdefault(field, (weight, [], [], numbers))
                mine.append(one)
                if word.pooled and of_all is None:
                    lists.append(self.list_of(field, text, numbers_as_typed, is_kept))
        for field, (weight, mine, lists, numbers) in by_field.items():
            key = field if numbers is None or len(mine) > 1 else numbers
            before = merged[key][2] if key in merged else 0.0
            documents = None
            if word.pooled and len(mine) > 1:
                documents = len(union_of(lists) if of_all is None else of_all)
            merged[key] = field, mine, before + weight * word.weight, documents
        return list(merged.values())

    cdef bint has_unaccented(self, str field, str text, str accented) except -1:
        """Return whether some words of a term lack the typed diacritics and so count less."""
        cdef Segment segment
        if field in UNACCENTED_SHARE:
            for segment in self.lists.segments:
                if segment.reader.unaccented_words(field, text, accented):
                    return True
        return False

    cdef void set_terms(self, QueryWord found, list fields) except *:
        cdef DecodedList one
        cdef Term* term
        cdef const double[::1] norms
        cdef double most
        found.terms = <Term*>calloc(max(1, sum([len(lists) for _, lists, _, _ in fields])), sizeof(Term))
        if found.terms == NULL:
            raise MemoryError
        for field, lists, weight, documents in fields:
            norms = self.norms_of(field)
            most = 0
            for number, one in enumerate(lists):
                found.kept.append(one)
                term = &found.terms[found.count]
                term.docs, term.frequencies, term.count = one.docs, one.frequencies, one.count
                term.norms = &norms[0]
                term.most = self.most_of(one.count if documents is None else documents, weight)
                term.is_alternative = number < len(lists) - 1
                most = max(most, term.most)
                found.count += 1
            found.most += most

    cdef double most_of(self, double documents, double weight):
        """Return the largest score of a term in this many documents."""
        return weight * log(1 + (self.live_count - documents + 0.5) / (documents + 0.5)) * (K1_ + 1)

    def norms_of(self, field):
        """Return the part of BM25 that depends on the length of a field; fields of equal text share it."""
        norms = self.norms.get(field)
        if norms is None:
            norms = self.reader.norms(field, np.float64)
            if len(norms) != self.reader.count:
                raise ValueError(f"{field}: wrong number of field lengths")
            self.norms[field] = norms  # keeps the array alive
        return norms


cdef list rows_to_merge(list words_by_term):
    """Return the rows of terms that have all words together, given those of each term in each segment."""
    cdef list rows = []
    cdef set covered = set()
    words = [{(row, word) for row, some in enumerate(mine) for word in some} for mine in words_by_term]
    for row in sorted(range(len(words)), key=lambda row: -len(words[row])):
        if not words[row] <= covered:
            covered |= words[row]
            rows.append(row)
    return rows


cdef list union_of_words(list lists):
    """Return the words in any of some ascending *lists*, ascending; most often these are all equal."""
    cdef list first = lists[0] if lists else []
    for other in lists[1:]:
        if other is not first and other != first:
            return sorted(set().union(*lists))
    return first


cdef Py_ssize_t look_up_frequencies(
    Term* term, const int32_t* docs, Py_ssize_t count, Py_ssize_t row, float* frequencies
) noexcept nogil:
    """Set *frequencies* to those of a term in each of *docs*; return the row after *row* from which to go on."""
    cdef float table[SPAN]
    cdef Py_ssize_t i, end
    cdef int32_t first = docs[0]
    if term.docs + row == docs and row + count <= term.count:
        memcpy(frequencies, term.frequencies + row, 4 * count)
        return row + count
    row = first_from(term.docs, term.count, row, first)
    end = first_from(term.docs, term.count, row, docs[count - 1] + 1)
    if docs[count - 1] - first >= SPAN or end - row > DENSE * count:
        for i in range(count):
            row = first_from(term.docs, term.count, row, docs[i])
            frequencies[i] = term.frequencies[row] if row < term.count and term.docs[row] == docs[i] else 0
        return row
    for i in range(count):
        table[docs[i] - first] = 0
    while row < end:
        table[term.docs[row] - first] = term.frequencies[row]
        row += 1
    for i in range(count):
        frequencies[i] = table[docs[i] - first]
    return row


cdef void score_word(
    QueryWord word, const int32_t* docs, Py_ssize_t count, Py_ssize_t* rows, double* scores
) noexcept:
    """Set *scores* to those of a word in up to BLOCK documents; *rows* are the places in its lists."""
    cdef float frequencies[BLOCK]
    cdef double best[BLOCK]
    cdef double lengths[BLOCK]
    cdef const double* norms = NULL
    cdef double frequency, value, most
    cdef Py_ssize_t i
    cdef int number
    cdef bint is_alternative = False
    cdef Term* term
    memset(scores, 0, 8 * count)
    for number in range(word.count):
        term = &word.terms[number]
        if term.norms != norms:
            norms = term.norms
            for i in range(count):
                lengths[i] = norms[docs[i]]
        rows[number] = look_up_frequencies(term, docs, count, rows[number], frequencies)
        most = term.most
        if not (term.is_alternative or is_alternative):
            for i in range(count):
                frequency = frequencies[i]
                scores[i] += frequency / (frequency + lengths[i]) * most
            continue
        if not is_alternative:
            memset(best, 0, 8 * count)
        for i in range(count):
            frequency = frequencies[i]
            value = frequency / (frequency + lengths[i]) * most
            best[i] = max(best[i], value)
        is_alternative = term.is_alternative
        if not is_alternative:
            for i in range(count):
                scores[i] += best[i]


cdef void score(list words, const int32_t* docs, Py_ssize_t count, double* scores) except *:
    """Set *scores* to the sums of the scores of *words* in ascending *docs*, added in the order of *words*.

    The words have at most TERMS_MAX terms together.
    """
    cdef Py_ssize_t rows[TERMS_MAX]
    cdef double of_word[BLOCK]
    cdef Py_ssize_t first, size, i
    cdef int before
    cdef QueryWord word
    memset(rows, 0, sizeof(rows))
    for first in range(0, count, BLOCK):
        if first % CHECK_EVERY == 0:
            deadline.check()
        size = min(BLOCK, count - first)
        memset(scores + first, 0, 8 * size)
        before = 0
        for word in words:
            score_word(word, docs + first, size, rows + before, of_word)
            for i in range(size):
                scores[first + i] += of_word[i]
            before += word.count
