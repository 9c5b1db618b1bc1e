"""Explains the scores of documents, word by word."""

from collections.abc import Iterator, Mapping

import numpy as np

from index import deadline
from index.query import Clause, Phrase, Word
from index.results import TermScore, WordScore
from index.search.evaluator import Evaluator
from index.search.index_reader import IndexReader
from index.search.match_offsets import leaves
from index.segment.doc_lists import Docs


def word_scores(
    evaluator: Evaluator, reader: IndexReader, weights: Mapping[str, float], clause: Clause, docs: Docs
) -> list[list[WordScore]]:
    """Return, for each of the ascending *docs*, the contribution of each matching word to the score.

    Words are in the order of the query.
    """
    explained: list[list[WordScore]] = [[] for _ in docs]
    for leaf in leaves(clause):
        there = evaluator.match(leaf, docs).docs
        rows = np.searchsorted(docs, there).tolist()
        for word in leaf.words if isinstance(leaf, Phrase) else (leaf,):
            if isinstance(word, Word) and word.scored:
                for row, terms in zip(rows, _terms(reader, weights, word, there), strict=True):
                    score = sum(one.score for one in terms)
                    explained[row].append(WordScore(text=word.text, score=score, terms=terms))
    return explained


def _terms(
    reader: IndexReader, weights: Mapping[str, float], word: Word, docs: Docs
) -> Iterator[tuple[TermScore, ...]]:
    """Yield, for each of *docs*, the best candidate of a word in each field."""
    fields = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact}
    candidates = [
        [_term(reader, (field, text, word.accented), weights.get(field, 0.0), docs) for text in texts]
        for field, texts in fields.items()
    ]
    for row in range(len(docs)):
        there = ([one[row] for one in scored if row in one] for scored in candidates)
        yield tuple(max(found, key=lambda one: one.score) for found in there if found)


def _term(
    reader: IndexReader, asked: tuple[str, str, str], weight: float, docs: Docs
) -> Mapping[int, TermScore]:
    """Return the score of a term by row of *docs* that contains it."""
    deadline.check()
    field, text, _ = asked
    term = reader.find_accented_term(*asked)
    rows = np.flatnonzero(term.occurs_in(docs))
    there = docs[rows]
    _, frequencies = term.frequencies_in(there)
    scores = reader.bm25(term, there, reader.norms(field, np.float64)[there], weight)
    return {
        row: TermScore(field=field, term=text, frequency=frequency, releases=len(term), score=score)
        for row, frequency, score in zip(
            rows.tolist(), frequencies.astype(float).tolist(), scores.tolist(), strict=True
        )
    }
