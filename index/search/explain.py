"""Explains the scores of documents word by word."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from index import deadline
from index.query import AllOf, AnyOf, Clause, MostOf, Phrase, Related, Word
from index.results import TermScore, WordScore
from index.search.index_reader import IndexReader, bm25
from index.search.match_offsets import leaves
from index.search.posting_list import PostingList
from index.search.ranking import COVERAGE_POWER
from index.search.segment_reader import Term, terms_of
from index.search.top_k import Scores
from index.segment.doc_lists import Docs

Matching = Callable[[Clause, Docs], Docs]
"""Returns those of some ascending documents that match a clause."""


def word_scores(
    matching_among: Matching, reader: IndexReader, weights: Mapping[str, float], clause: Clause, docs: Docs
) -> list[list[WordScore]]:
    """Return, for each of the ascending *docs*, the contribution of each matching word to the score.

    Words are in the order of the query. Each is listed once even if it belongs to several, as the related
    words of a phrase belong to each of its words.
    """
    scores_by_row: list[dict[object, WordScore]] = [{} for _ in docs]
    for leaf, candidates, shares in _leaves_with_docs(matching_among, clause, docs, np.ones(len(docs))):
        matching = (
            _docs_scored_by(reader, leaf, candidates)
            if isinstance(leaf, Word) and not leaf.part
            else matching_among(leaf, candidates)
        )
        rows = np.searchsorted(docs, matching).tolist()
        matching_shares = shares[np.searchsorted(candidates, matching)].tolist()
        for word in leaf.words if isinstance(leaf, Phrase) else (leaf,):
            if isinstance(word, Word) and word.scored:
                for row, share, unscaled in zip(
                    rows, matching_shares, _terms(reader, weights, word, matching), strict=True
                ):
                    terms = tuple(replace(term, score=share * term.score) for term in unscaled)
                    key = word.text, tuple((term.field, term.term) for term in terms)
                    scores_by_row[row][key] = _add(scores_by_row[row].get(key), word.text, terms)
    return [list(scores.values()) for scores in scores_by_row]


def _docs_scored_by(reader: IndexReader, word: Word, docs: Docs) -> Docs:
    """Return those of *docs* whose score *word* raises where it is optional: its stem suffices."""
    is_scored = np.zeros(len(docs), bool)
    for field, text in terms_of(word, stems=True):
        is_scored |= reader.term(field, text).occurs_in(docs)
    return docs[is_scored]


def _add(before: WordScore | None, text: str, terms: tuple[TermScore, ...]) -> WordScore:
    """Return the contribution of *terms*, added to that of the same terms *before*."""
    if before:
        pairs = zip(before.terms, terms, strict=True)
        terms = tuple(replace(term, score=old.score + term.score) for old, term in pairs)
    return WordScore(text=text, score=sum(term.score for term in terms), terms=terms)


def _leaves_with_docs(
    matching_among: Matching, clause: Clause, docs: Docs, shares: Scores
) -> Iterator[tuple[Clause, Docs, Scores]]:
    """Yield the leaves of *clause*, each with those of *docs* that match every conjunction around it.

    Also yield the share of its score that counts in each of them; *shares* are those of *clause*.
    """
    match clause:
        case AllOf(clauses=inner):
            matching = matching_among(clause, docs)
            docs, shares = matching, shares[np.searchsorted(docs, matching)]
        case MostOf(clauses=inner):
            shares = shares * _matching_share(matching_among, inner, docs) ** COVERAGE_POWER
        case AnyOf(clauses=inner) | Related(clauses=inner):
            pass
        case _:
            yield from ((leaf, docs, shares) for leaf in leaves(clause))
            return
    for each in inner:
        yield from _leaves_with_docs(matching_among, each, docs, shares)


def _matching_share(matching_among: Matching, clauses: Sequence[Clause], docs: Docs) -> Scores:
    """Return the share of *clauses* that each of *docs* matches."""
    counts = np.zeros(len(docs))
    for clause in clauses:
        counts[np.searchsorted(docs, matching_among(clause, docs))] += 1
    return counts / len(clauses)


def _terms(
    reader: IndexReader, weights: Mapping[str, float], word: Word, docs: Docs
) -> Iterator[tuple[TermScore, ...]]:
    """Yield, for each of *docs*, the best term of a word in each field."""
    fields = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact}
    candidates = [
        [
            _term(reader, (field, text), term, docs)
            for text, term in zip(
                texts,
                reader.weigh_terms(field, texts, word, weights.get(field, 0.0) * word.weight),
                strict=True,
            )
        ]
        for field, texts in fields.items()
    ]
    for row in range(len(docs)):
        row_terms = ([term[row] for term in field_terms if row in term] for field_terms in candidates)
        yield tuple(max(terms, key=lambda term: term.score) for terms in row_terms if terms)


def _term(
    reader: IndexReader, name: Term, weighted: tuple[PostingList, float], docs: Docs
) -> Mapping[int, TermScore]:
    """Return the scores of the term *name*, given with its weight, by row of *docs* that contains it."""
    deadline.check()
    (field, text), (term, weight) = name, weighted
    rows = np.flatnonzero(term.occurs_in(docs))
    matching = docs[rows]
    _, frequencies = term.frequencies_in(matching)
    norms = reader.norms(field, np.float64)[matching]
    scores = bm25(term, matching, norms, reader.max_score(term, weight))
    return {
        row: TermScore(field=field, term=text, frequency=frequency, releases=len(term), score=score)
        for row, frequency, score in zip(
            rows.tolist(), frequencies.astype(float).tolist(), scores.tolist(), strict=True
        )
    }
