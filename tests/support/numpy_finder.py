"""An oracle: finds and scores the documents that match a clause, by arrays over all documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import deadline
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.query.rewrite import in_opening
from index.search.index_reader import IndexReader, bm25
from index.search.phrases import find_phrase, is_in_part
from index.search.ranking import COVERAGE_POWER
from index.search.segment_reader import segment_positions, terms_of
from index.search.top_k import Scores
from index.segment.doc_lists import Docs

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class DenseMatch:
    """Which documents match, and the score of each; a word scores documents that have only its stem, too."""

    matching: Mask
    scores: Scores


class NumpyFinder:
    """Finds and scores the documents of *reader*, as `ListFinder` does."""

    def __init__(self, reader: IndexReader, weights: Mapping[str, float]) -> None:
        self.reader, self.weights = reader, weights
        self.every, self.nothing = np.arange(reader.count), np.zeros(reader.count)
        self.live = self.mask_of(reader.live)

    def matching(self, clause: Clause) -> Docs:
        """Return the documents that match a clause, ascending."""
        return np.flatnonzero(self.find(clause).matching)

    def scores(self, clause: Clause, docs: Docs) -> Scores:
        """Return the scores of *docs*, which ascend and match, without boosts."""
        return self.find(clause).scores[docs]

    def find(self, clause: Clause) -> DenseMatch:  # noqa: C901, PLR0911 - one case for each kind of clause
        """Return the documents that match a clause, and their scores."""
        deadline.check()
        match clause:
            case Word():
                return DenseMatch(self.with_word(clause), self.scores_of_word(clause))
            case Phrase(words=words):
                scores = sum(map(self.scores_of_word, words), self.nothing)
                return DenseMatch(self.with_phrase(clause), scores)
            case AllOf(clauses=clauses):
                required = [self.find(one) for one in clauses if not isinstance(one, Not)]
                excluded = [self.find(one.clause) for one in clauses if isinstance(one, Not)]
                matching = np.logical_and.reduce([self.live, *(one.matching for one in required)])
                for one in excluded:
                    matching &= ~one.matching
                return DenseMatch(matching, sum((one.scores for one in required), self.nothing))
            case AnyOf(clauses=clauses) | Related(clauses=clauses):
                found = [self.find(one) for one in clauses]
                matching = np.logical_or.reduce(
                    [np.zeros(self.reader.count, bool), *(one.matching for one in found)]
                )
                return DenseMatch(matching, self.sum_of_any(clauses, found))
            case MostOf(clauses=clauses):
                found = [self.find(one) for one in clauses]
                counts = sum((one.matching.astype(int) for one in found), np.zeros(self.reader.count, int))
                least = max(1, counts.max(initial=0) - clause.missing_max)
                shares = (counts / max(1, len(found))) ** COVERAGE_POWER
                return DenseMatch(counts >= least, self.sum_of_any(clauses, found) * shares)
            case EnoughOf(clauses=clauses, weights=weights):
                said = np.zeros(self.reader.count)
                for one, weight in zip(clauses, weights, strict=True):
                    said += weight * self.find(one).matching
                return DenseMatch(self.live & (said >= clause.needed - 1e-9), self.nothing)
            case InOpening(clause=inner):
                return DenseMatch(self.find(in_opening(inner)).matching, self.nothing)
            case Not(clause=inner):
                return DenseMatch(self.live & ~self.find(inner).matching, self.nothing)
            case Everything():
                return DenseMatch(self.live, self.nothing)
            case Prefix() | Fuzzy() | Wildcard():
                return DenseMatch(self.with_open_word(clause), self.nothing)
        raise TypeError(f"{clause!r} is not a clause")

    def sum_of_any(self, clauses: Sequence[Clause], found: Sequence[DenseMatch]) -> Scores:
        """Return the scores of documents that match any of *clauses*; stems of missing words score too."""
        return sum(
            (
                one.scores if isinstance(clause, Word) and not clause.part else one.scores * one.matching
                for clause, one in zip(clauses, found, strict=True)
            ),
            self.nothing,
        )

    def mask_of(self, docs: Docs) -> Mask:
        """Return which documents are in *docs*."""
        mask = np.zeros(self.reader.count, bool)
        mask[docs] = True
        return mask

    def with_word(self, word: Word) -> Mask:
        """Return which documents have a word."""
        docs = np.concatenate([self.every[:0], *(self.reader.term(*term).docs for term in terms_of(word))])
        if word.part is None:
            return self.mask_of(docs)
        rows, positions = self.reader.positions(terms_of(word), self.every)
        return self.mask_of(rows[is_in_part(positions, word.part)]) & self.live

    def scores_of_word(self, word: Word) -> Scores:
        """Return the score of a word in each document: in each field, of its best term."""
        total = np.zeros(self.reader.count)
        for field, texts in (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact)):
            if texts and self.weights.get(field) and word.scored and self.reader.count:
                terms = self.reader.weigh_terms(field, texts, word, self.weights[field] * word.weight)
                norms = self.reader.norms(field, np.float64)
                scores = [
                    bm25(term, self.every, norms, self.reader.max_score(term, share)) for term, share in terms
                ]
                total += np.maximum.reduce(scores)
        return total

    def with_phrase(self, phrase: Phrase) -> Mask:
        """Return which documents have a phrase."""
        if not phrase.words:
            return self.mask_of(self.every[:0])
        docs = np.flatnonzero(np.logical_and.reduce([self.with_word(word) for word in phrase.words]))
        found = find_phrase(phrase, lambda word: self.reader.positions(terms_of(word), docs))
        return self.mask_of(docs[found.rows])

    def with_open_word(self, clause: Prefix | Fuzzy | Wildcard) -> Mask:
        """Return which documents have a word that matches."""
        docs = [self.every[:0]]
        for segment in self.reader.segments:
            field = segment.field("fold")
            if field is None:
                continue
            match clause:
                case Prefix():
                    places = [*field.terms.with_prefix(clause.text.encode())]
                case Fuzzy():
                    places = field.terms.within(clause.text, clause.distance)
                case Wildcard():
                    places = field.terms.matching(clause.text)
            if clause.part is None:
                docs.append(segment.base + field.docs_of(places))
                continue
            every = np.arange(segment.count)
            rows, positions = segment_positions(segment, [(field, place) for place in places], every)
            docs.append(segment.base + rows[is_in_part(positions, clause.part)])
        return self.mask_of(np.concatenate(docs)) & self.live
