"""Evaluates clauses to matching documents, rarest word first; scores are computed on demand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from index import deadline
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Fuzzy,
    MostOf,
    Not,
    Part,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.search.index_reader import CACHE_BYTES, IndexReader, Precision, bm25, bm25_where
from index.search.phrases import find_adjacent, find_phrase, is_in_part
from index.search.plain.scoring import (
    NOTHING,
    Match,
    ScoredDocs,
    Scoring,
    multiply,
    sum_of_all,
    sum_of_any,
)
from index.search.posting_list import PostingList
from index.search.ranking import COVERAGE_POWER, FIELD_WEIGHTS
from index.search.segment_reader import SegmentReader, Term, segment_positions, terms_of
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, Rows
from index.segment.postings import IndexedField
from index.word_cache import WORD_CHARS

# Sizes for the cache of words: of a word, and of each of its postings, a document and a frequency.
WORD_BYTES, POSTING_BYTES = 4_000, 9
Terms = tuple[Term, ...]
Candidates = tuple[str, list[tuple[PostingList, float]]]
"""A field and the terms of a word in it, each with its maximum score; the best term counts."""


class _TermUnion:
    """The documents that contain any of some terms."""

    def __init__(self, reader: IndexReader, terms: Terms) -> None:
        self._reader = reader
        covering = reader.find_covering_term(terms)
        self._terms = (covering,) if covering else terms
        self.size = sum([reader.size(field, text) for field, text in self._terms])
        """An upper estimate of the number of documents."""

    @cached_property
    def docs(self) -> Docs:
        """All documents, ascending."""
        return self._reader.sets.union([postings.docs for postings in self._lists])

    def among(self, docs: Docs) -> Docs:
        """Return those of *docs* that contain any of the terms."""
        if len(self._lists) == 1:
            return docs[self._lists[0].rows_in(docs)]
        if "docs" in self.__dict__:
            return docs[self._reader.sets.intersect(docs, self.docs)[0]]
        contains = np.zeros(len(docs), bool)
        for postings in self._lists:
            contains[postings.rows_in(docs)] = True
        return docs[contains]

    @cached_property
    def _lists(self) -> list[PostingList]:
        return [self._reader.term(field, text) for field, text in self._terms]


class _WordMatches:
    """The matches and scores of a word. A query needs them several times, so they are looked up once."""

    def __init__(self, reader: IndexReader, weights: Mapping[str, float], word: Word) -> None:
        self._reader, self._weights, self._word = reader, weights, word
        self.matching = _TermUnion(reader, terms_of(word))
        self.nbytes = WORD_BYTES + POSTING_BYTES * self.matching.size

    @cached_property
    def scored(self) -> _TermUnion:
        """The documents whose score the word raises where it is optional."""
        terms = terms_of(self._word, stems=True)
        return self.matching if terms == terms_of(self._word) else _TermUnion(self._reader, terms)

    @cached_property
    def scoring(self) -> Scoring | None:
        """The scoring of the word; None if it is not scored."""
        if not self._word.scored:
            return None
        fields = self._candidates()
        return Scoring(
            # Not a method: a circle of references would keep the files of a removed generation mapped.
            partial(_score, self._reader, fields, np.float64),
            partial(_score, self._reader, fields, np.float32),
            sum(max(max_score for _, max_score in terms) for _, terms in fields),
        )

    def _candidates(self) -> list[Candidates]:
        """Return the terms of the word by field; fields whose single terms have the same postings are merged.

        Lemma and stem often do.
        """
        merged: dict[object, tuple[str, list[tuple[PostingList, float]]]] = {}
        for field, weight, texts in self._scored_fields():
            terms = self._reader.weigh_terms(field, texts, self._word, weight)
            key: object = field
            if len(terms) == 1:
                term, share = terms[0]
                key = id(term)  # shared by fields of the same text, whose lengths are equal
                _, [(_, before)] = merged.get(key, (field, [(term, 0.0)]))
                terms = [(term, before + share)]
            merged[key] = field, terms
        return [
            (field, [(term, self._reader.max_score(term, share)) for term, share in terms])
            for field, terms in merged.values()
        ]

    def _scored_fields(self) -> Iterator[tuple[str, float, tuple[str, ...]]]:
        """Yield the fields in which the word is scored, each with its weight and the terms."""
        word = self._word
        for field, texts in (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact)):
            if texts and self._weights.get(field):
                yield field, self._weights[field] * word.weight, texts


def _score(
    reader: IndexReader, fields: Sequence[Candidates], precision: type[Precision], docs: Docs
) -> NDArray[Precision]:
    """Return the weighted sum over the fields, by the best term in each."""
    deadline.check()
    total = np.zeros(len(docs), precision)
    all_norms = None
    for field, terms in fields:
        norms_of_field = reader.norms(field, precision)
        if all_norms is not norms_of_field:
            all_norms, norms = norms_of_field, norms_of_field[docs]
        if len(terms) == 1:
            rows, scores = bm25_where(terms[0][0], docs, norms, terms[0][1])
            total[slice(None) if rows is None else rows] += scores
        else:
            total += np.maximum.reduce([bm25(term, docs, norms, max_score) for term, max_score in terms])
    return total


class Evaluator:
    """Evaluates clauses on an index reader; shared by all threads."""

    def __init__(self, reader: IndexReader, weights: Mapping[str, float] = FIELD_WEIGHTS) -> None:
        self._reader = reader
        self._sets = reader.sets
        self._weights = weights
        self._words: Cache[_WordMatches] = Cache(CACHE_BYTES // 4, lambda found: found.nbytes)
        self._concepts: Cache[ScoredDocs] = Cache(CACHE_BYTES // 4, lambda scored: scored.nbytes + 256)

    def match(  # noqa: C901, PLR0911 - one case for each kind of clause
        self, clause: Clause, among: Docs | None = None
    ) -> Match:
        """Return the documents that match; if *among* is given, only those of its documents."""
        match clause:
            case Word():
                return self._word(clause, among)
            case Phrase():
                return self._phrase(clause, among)
            case AllOf(clauses):
                return self._all(clauses, among)
            case AnyOf(clauses):
                return self._any(clauses, among)
            case MostOf():
                return self._most(clause, among)
            case Related():
                return self._related(clause, among)
            case Not(inner):
                return self._not(inner, among)
            case Prefix():
                return self._prefix(clause, among)
            case Fuzzy():
                return self._fuzzy(clause, among)
            case Wildcard():
                return self._wildcard(clause, among)
            case Everything():
                return self._everything(among)
        raise TypeError(f"{clause!r} is not a clause")

    # --- Words -------------------------------------------------------------------------------

    def _word(self, word: Word, among: Docs | None) -> Match:
        deadline.check()
        found = self._find_word(word)
        docs = found.matching.docs if among is None else found.matching.among(among)
        if word.part:
            rows, positions = self._reader.positions(terms_of(word), docs)
            docs = docs[np.unique(rows[is_in_part(positions, word.part)])]
        return Match(docs, found.scoring)

    def _find_word(self, word: Word) -> _WordMatches:
        def look_up() -> _WordMatches:
            return _WordMatches(self._reader, self._weights, word)

        return look_up() if len(word.text) > WORD_CHARS else self._words.get(word, look_up)

    # --- Phrases -----------------------------------------------------------------------------

    def _phrase(self, phrase: Phrase, among: Docs | None) -> Match:
        if not phrase.words:
            return NOTHING
        match = self._all(phrase.words, among)
        return match.among(self.rows_with(phrase, match.docs))

    def rows_with(self, phrase: Phrase, docs: Docs) -> Rows:
        """Return the rows of *docs* that contain a phrase."""
        deadline.check()
        anywhere = phrase.part is None and all(word.part is None for word in phrase.words)
        if phrase.slop == 0 and anywhere and self._reader.has_texts:
            return self._find_adjacent_rows(phrase, docs)
        occurrences = find_phrase(phrase, lambda word: self._reader.positions(terms_of(word), docs))
        return np.unique(occurrences.rows)

    def _find_adjacent_rows(self, phrase: Phrase, docs: Docs) -> Rows:
        rows = [NONE]
        for segment, first, local_docs in self._reader.split(docs):
            if segment.postings.words is not None:
                words = [segment.words_of(terms_of(word)) for word in phrase.words]
                rows.append(find_adjacent(segment.postings.words, words, local_docs) + first)
        return np.concatenate(rows)

    # --- Prefixes and fuzzy words ----------------------------------------------------------

    def _prefix(self, prefix: Prefix, among: Docs | None) -> Match:
        return self._of_terms(prefix.part, lambda terms: list(terms.with_prefix(prefix.text.encode())), among)

    def _fuzzy(self, fuzzy: Fuzzy, among: Docs | None) -> Match:
        return self._of_terms(fuzzy.part, lambda terms: terms.within(fuzzy.text, fuzzy.distance), among)

    def _wildcard(self, wildcard: Wildcard, among: Docs | None) -> Match:
        return self._of_terms(wildcard.part, lambda terms: terms.matching(wildcard.text), among)

    def _of_terms(self, part: Part | None, places: Callable[..., list[int]], among: Docs | None) -> Match:
        parts = [np.zeros(0, np.int64)]
        for segment in self._reader.segments:
            deadline.check()
            field = segment.field("fold")
            if field is None:
                continue
            docs = _docs_of(segment, field, places(field.terms), part)
            is_live = segment.live_mask(docs)
            parts.append((docs if is_live is None else docs[is_live]) + segment.base)
        docs = self._sets.distinct(np.concatenate(parts))
        return Match(docs if among is None else among[self._sets.intersect(among, docs)[0]])

    # --- Trees -------------------------------------------------------------------------------

    def _everything(self, among: Docs | None) -> Match:
        return Match(self._reader.live if among is None else among)

    def _not(self, excluded: Clause, among: Docs | None) -> Match:
        everything = self._everything(among).docs
        return Match(self._sets.without(everything, self.match(excluded, among).docs))

    def _any(self, clauses: Sequence[Clause], among: Docs | None) -> Match:
        matches = [self.match(clause, among) for clause in clauses]
        docs = self._sets.union([match.docs for match in matches])
        return Match(docs, self._sum_of_any(clauses, matches, among))

    def _related(self, clause: Related, among: Docs | None) -> Match:
        scored = self._concepts.get(clause, lambda: ScoredDocs.of(self._any(clause.clauses, None)))
        return scored.match(self._sets, among)

    def _most(self, clause: MostOf, among: Docs | None) -> Match:
        # Needs all documents, because the release with the most clauses may not be in *among*.
        matches = [self.match(inner, None) for inner in clause.clauses]
        docs = self._sets.union([match.docs for match in matches])
        if not len(docs):
            return NOTHING
        counts = self._sets.sums(docs, [(match.docs, 1) for match in matches])
        is_enough = counts >= max(1, counts.max() - clause.missing_max)
        docs, shares = docs[is_enough], (counts[is_enough] / np.float64(len(matches))) ** COVERAGE_POWER
        scoring = self._sum_of_any(clause.clauses, matches, None)
        found = Match(docs, multiply(scoring, docs, shares, self._sets) if scoring else None)
        return found if among is None else found.among(self._sets.intersect(docs, among)[0])

    def _sum_of_any(
        self, clauses: Sequence[Clause], matches: Sequence[Match], among: Docs | None
    ) -> Scoring | None:
        """Return the scoring of documents that match any of *clauses*; stems of missing words score too."""
        scored = (
            Match(self.docs_scored_by(clause, among), match.scoring)
            if isinstance(clause, Word) and match.scoring and not clause.part
            else match
            for clause, match in zip(clauses, matches, strict=True)
        )
        return sum_of_any(list(scored), self._sets)

    def docs_scored_by(self, word: Word, among: Docs | None) -> Docs:
        """Return the documents whose score *word* raises where it is optional."""
        scored = self._find_word(word).scored
        return scored.docs if among is None else scored.among(among)

    def _all(self, clauses: Sequence[Clause], among: Docs | None) -> Match:
        """Intersect clause by clause, the one with the fewest documents first."""
        required = sorted((clause for clause in clauses if not isinstance(clause, Not)), key=self._size)
        docs = among
        matches = []
        for clause in required:
            matches.append(self.match(clause, docs))
            docs = matches[-1].docs
            if not len(docs):
                return NOTHING
        if docs is None:
            docs = self._reader.live
        for excluded in clauses:
            if isinstance(excluded, Not):
                docs = self._sets.without(docs, self.match(excluded.clause, docs).docs)
        return Match(docs, sum_of_all(matches))

    def _size(self, clause: Clause) -> int:
        """Return an upper estimate of the number of matching documents."""
        match clause:
            case Word():
                return self._find_word(clause).matching.size
            case Phrase(words=parts) | AllOf(clauses=parts):
                return min(map(self._size, parts), default=0)
            case Related() if (scored := self._concepts.peek(clause)) is not None:
                return len(scored.docs)
            case AnyOf(clauses=parts) | MostOf(clauses=parts) | Related(clauses=parts):
                return sum(map(self._size, parts))
        return self._reader.count


def _docs_of(segment: SegmentReader, field: IndexedField, terms: Sequence[int], part: Part | None) -> Docs:
    """Return the documents of a segment that contain a term (in *part* if given), possibly repeated."""
    docs = field.docs_of(terms)
    if part is None:
        return docs
    docs = np.unique(docs)
    rows, positions = segment_positions(segment, [(field, term) for term in terms], docs)
    return docs[rows[is_in_part(positions, part)]]
