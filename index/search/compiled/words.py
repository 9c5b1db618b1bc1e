"""The words of a query: the documents that match each, and how they score."""

import weakref
from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index import deadline
from index.analysis.word_cache import WORD_CHARS
from index.query import Word
from index.search.compiled import posting_lists
from index.search.compiled.posting_lists import DecodedList, PostingLists
from index.search.compiled.recent import RecentCache
from index.search.ranking import K1, UNACCENTED_SHARE

if TYPE_CHECKING:
    from index.search.index_reader import IndexReader

# The size of a word without its postings, and without what its terms match.
TERMS_BYTES, WORD_BYTES = 3_000, 1_000
# The largest score of a term, by its weight and inverse document frequency.
GAIN = K1 + 1
Numbers = tuple[int, ...] | None
"""The number of a term's posting list in each segment; None if lists would have to be merged."""
WordsBySegment = list[list[int]]
KnownWords = dict[tuple[int, int], list[int]]
FoundTerm = tuple[str, str, Numbers, WordsBySegment]
"""A term's field and text, the numbers of its lists, and the words that map to it."""
WeighedField = tuple[str, list[DecodedList], float, int | None]
"""A field, the lists of its terms, their weight, and the number of documents that they have in common."""


class Norms:
    """The part of BM25 that depends on the length of a field, for each document."""

    def __init__(self, array: NDArray[np.float64]) -> None:
        self.array = array
        self.values: memoryview[float] = array.data  # type: ignore[assignment]  # NumPy says that they are whole


class ScoredTerm:
    """A term of a query word: its postings, and its largest score.

    *is_alternative* says that it stands for the same as the next term: only the better one scores.
    """

    def __init__(self, found: DecodedList, norms: Norms, most: float, is_alternative: bool) -> None:
        self.list, self.of_field, self.most, self.is_alternative = found, norms, most, is_alternative
        self.norms = self.of_field.values


class FoundTerms:
    """What the terms of a query word match: ``words`` are those of each segment, ascending, once asked for.

    ``has_only_matching`` says that no other terms add to the score of the word.
    """

    matching: DecodedList
    matching_terms: tuple[tuple[str, str], ...]
    all_terms: list[FoundTerm]
    is_kept: int

    def __init__(self) -> None:
        self.words: WordsBySegment | None = None
        self.size, self.has_only_matching = 0, False

    @property
    def nbytes(self) -> int:
        """The approximate size in bytes."""
        return TERMS_BYTES + self.matching.nbytes


class QueryWord:
    """A word of a query.

    What scores is looked up when it is asked for: most words of related phrases never score.
    """

    matching: DecodedList
    found: FoundTerms
    asked: Word

    def __init__(self, owner: "weakref.ref[Words] | None" = None) -> None:
        self.owner = owner  # weak: the owner keeps the words that it has looked up
        self.terms: list[ScoredTerm] = []
        self.size, self.nbytes, self.most, self.has_only_matching = 0, WORD_BYTES, 0.0, False

    def scored(self) -> list[ScoredTerm]:
        """Return the terms that score.

        Raises:
            ReferenceError: they were not asked for while its owner was open.
        """
        if self.owner is not None:
            owner: Words | None = self.owner()
            if owner is None:
                raise ReferenceError("the words that looked this one up are closed")
            owner.set_scored(self)
            self.owner = None
        return self.terms


class Words:
    """Looks up the words of queries; those used recently are kept. Shared by all threads."""

    def __init__(self, reader: "IndexReader", weights: Mapping[str, float], max_bytes: int) -> None:
        self.reader, self.weights = reader, weights
        # Words keep their lists; the lists by themselves are for other words of the same lemma.
        self.lists = PostingLists(reader, max_bytes // 4)
        self.cache = RecentCache(max_bytes - max_bytes // 4)
        self.norms: dict[str, Norms] = {}
        self.live_count = reader.live_count
        self.reference = weakref.ref(self)

    def find(self, word: Word) -> QueryWord:
        """Return a query word, wherever in a text it is."""
        if len(word.text) > WORD_CHARS:
            return self.look_up(word, False)
        found: QueryWord | None = self.cache.find(word)
        if found is None:
            found = self.cache.keep(word, self.look_up(word, True))
        return found

    def words_in(self, word: QueryWord, row: int) -> list[int]:
        """Return the words of a segment that match a query word, ascending."""
        found = word.found
        if found.words is None:
            found.words = self.words_of_terms(found.matching_terms)
        return found.words[row]

    def words_of_terms(self, terms: tuple[tuple[str, str], ...]) -> WordsBySegment:
        """Return the words of each segment that map to any of *terms*, ascending."""
        known_words: KnownWords = {}
        by_term = []
        for field, text in terms:
            mine: WordsBySegment = [[]] * len(self.lists.segments)
            self.numbers_of(field, text, mine, known_words)
            by_term.append(mine)
        return [union_of_words([some[row] for some in by_term]) for row in range(len(self.lists.segments))]

    def look_up(self, word: Word, is_kept: int) -> QueryWord:
        """Look a word up; *is_kept* says whether its lists are cached."""
        key = word.lemma, word.stem, word.exact, word.fold, word.stem_matches
        found: FoundTerms | None = self.cache.find(key) if is_kept else None
        if found is None:
            deadline.check()
            found = self.find_terms(word, is_kept)
            if is_kept:
                self.cache.keep(key, found)
        made = QueryWord(self.reference if word.scored else None)
        made.asked, made.found, made.matching, made.size = word, found, found.matching, found.size
        made.has_only_matching = found.has_only_matching
        return made

    def find_terms(self, word: Word, is_kept: int) -> FoundTerms:
        """Find what the terms of a word match."""
        found = FoundTerms()
        terms: list[FoundTerm] = []
        matching: list[FoundTerm] = []
        known_words: KnownWords = {}
        segments = len(self.lists.segments)
        # The lists of one field seldom cover each other: the words of their terms are read only for a phrase.
        is_of_one_field = not (word.stem or word.exact or word.fold)
        texts_of = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact, "fold": word.fold}
        for field, texts in texts_of.items():
            for text in texts:
                mine: WordsBySegment = [] if is_of_one_field else [[]] * segments
                term = field, text, self.numbers_of(field, text, mine, known_words), mine
                terms.append(term)
                if field != "stem" or word.stem_matches:
                    matching.append(term)
        found.all_terms, found.is_kept = terms, is_kept
        found.matching_terms = tuple([(field, text) for field, text, _, _ in matching])
        if not is_of_one_field:
            words = [term[3] for term in matching]
            found.words = [union_of_words([mine[row] for mine in words]) for row in range(segments)]
        found.has_only_matching = len(matching) == len(terms)
        self.set_matching(found, matching)
        return found

    def set_scored(self, word: QueryWord) -> int:
        """Set the terms that score a word."""
        terms, total = [], 0.0
        for field, lists, weight, documents in self.weigh(word.asked, word.found):
            norms, most = self.norms_of(field), 0.0
            for number, one in enumerate(lists):
                highest = self.most_of(one.count if documents is None else documents, weight)
                terms.append(ScoredTerm(one, norms, highest, number < len(lists) - 1))
                most = max(most, highest)
            total += most
        word.most, word.terms = total, terms
        self.cache.grow(sum([kept.nbytes for kept in {term.list for term in terms} - {word.matching}]))
        return 0

    def set_matching(self, found: FoundTerms, terms: list[FoundTerm]) -> int:
        """Set the documents that match: those of the one term that all words map to, or of all terms."""
        if found.words is not None:
            for term in terms:
                if are_all(term[3], found.words):
                    terms = [term]
                    break
        lists = [self.list_of(field, text, numbers, found.is_kept) for field, text, numbers, _ in terms]
        found.size = sum(map(len, lists))
        if found.words is not None and len(lists) > 1:
            lists = [lists[row] for row in rows_to_merge([mine for _, _, _, mine in terms])]
        found.matching = lists[0] if len(lists) == 1 else posting_lists.union_of(lists)
        return 0

    def numbers_of(self, field: str, text: str, words: WordsBySegment, known_words: KnownWords) -> Numbers:
        """Return the number of the posting list of a term in each segment: -1 if it lacks the term.

        Return None if lists would have to be merged. Set *words*, if it has any segments, to the words of the
        term in each. Terms of one list have the same words: *known_words* keeps them by segment and list.
        """
        is_merged, numbers = False, []
        for row, segment in enumerate(self.lists.segments):
            terms = segment.terms.fields.get(field)
            place = -1 if terms is None else terms.find(text)
            if terms is None or place < 0:
                numbers.append(-1)
                continue
            number = terms.list_of(place)
            numbers.append(number)
            is_merged |= number < 0
            if not words:
                continue
            known = None if number < 0 else known_words.get((row, number))
            if known is None:
                known = known_words[row, number] = terms.words_of(place)
            words[row] = known
        return None if is_merged else tuple(numbers)

    def list_of(self, field: str, text: str, numbers: Numbers, is_kept: int) -> DecodedList:
        """Return the list of a term; *numbers* as returned above."""
        if numbers is not None:
            return self.lists.find(numbers, is_kept)
        return self.counted(posting_lists.list_of_postings(self.reader.term(field, text)))

    def counted(self, made: DecodedList) -> DecodedList:
        """Count the blocks of a list that was merged."""
        self.lists.count(made.count)
        return made

    def weigh(self, word: Word, found: FoundTerms) -> list[WeighedField]:
        """Return, for each field that scores, its name, the lists of its terms, and their weight.

        A field whose only term has the list of another field's only term is merged with it. Terms of a pooled
        word score as one that occurs wherever any of them does, so they have a number of documents in common,
        and others None.
        """
        is_kept = found.is_kept
        of_all = None if word.stem or word.exact or word.fold else found.matching
        by_field: dict[str, tuple[float, list[DecodedList], list[DecodedList], Numbers]] = {}
        for field, text, numbers, _ in found.all_terms:
            weight = self.weights.get(field)
            if not weight:
                continue
            own_numbers = numbers
            if word.accented and self.has_unaccented(field, text, word.accented):
                discounted = self.reader.find_accented_term(field, text, word.accented)
                own_numbers, one = None, self.counted(posting_lists.list_of_postings(discounted))
            else:
                one = self.list_of(field, text, numbers, is_kept)
            _, mine, lists, _ = by_field.setdefault(field, (weight, [], [], own_numbers))
            mine.append(one)
            if word.pooled and of_all is None:
                lists.append(self.list_of(field, text, numbers, is_kept))
        merged: dict[str | tuple[int, ...], WeighedField] = {}
        for field, (weight, mine, lists, numbers) in by_field.items():
            key = field if numbers is None or len(mine) > 1 else numbers
            before = merged[key][2] if key in merged else 0.0
            documents = None
            if word.pooled and len(mine) > 1:
                documents = len(posting_lists.union_of(lists) if of_all is None else of_all)
            merged[key] = field, mine, before + weight * word.weight, documents
        return list(merged.values())

    def has_unaccented(self, field: str, text: str, accented: str) -> bool:
        """Return whether some words of a term lack the typed diacritics and so count less."""
        if field in UNACCENTED_SHARE:
            for segment in self.lists.segments:
                if segment.reader.unaccented_words(field, text, accented):
                    return True
        return False

    def most_of(self, documents: float, weight: float) -> float:
        """Return the largest score of a term in this many documents."""
        return weight * log(1 + (self.live_count - documents + 0.5) / (documents + 0.5)) * GAIN

    def norms_of(self, field: str) -> Norms:
        """Return the norms of a field; fields of equal text share them."""
        norms = self.norms.get(field)
        if norms is None:
            array = self.reader.norms(field, np.float64)
            if len(array) != self.reader.count:
                raise ValueError(f"{field}: wrong number of field lengths")
            shared = [one for one in self.norms.values() if one.array is array]
            norms = self.norms[field] = shared[0] if shared else Norms(array)
        return norms


def rows_to_merge(words_by_term: list[WordsBySegment]) -> list[int]:
    """Return the rows of terms that have all words together, given those of each term in each segment."""
    rows: list[int] = []
    covered: set[tuple[int, int]] = set()
    words = [{(row, word) for row, some in enumerate(mine) for word in some} for mine in words_by_term]
    for row in sorted(range(len(words)), key=lambda row: -len(words[row])):
        if not words[row] <= covered:
            covered |= words[row]
            rows.append(row)
    return rows


def are_all(some_words: WordsBySegment, all_words: WordsBySegment) -> bool:
    """Return whether some of all words are all of them."""
    return [*map(len, some_words)] == [*map(len, all_words)]


def union_of_words(lists: list[list[int]]) -> list[int]:
    """Return the words in any of some ascending *lists*, ascending; most often these are all equal."""
    first = lists[0] if lists else []
    for other in lists[1:]:
        if other is not first and other != first:
            return sorted(set().union(*lists))
    return first
