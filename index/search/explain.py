"""Why documents score what they score."""

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
    evaluator: Evaluator, snapshot: IndexReader, weights: Mapping[str, float], clause: Clause, docs: Docs
) -> list[list[WordScore]]:
    """Return for each of *docs*, ascending, what the words of *clause* that stand in it add to its score.

    Words are in the order of the query.
    """
    told: list[list[WordScore]] = [[] for _ in docs]
    for leaf in leaves(clause):
        there = evaluator.match(leaf, docs).docs
        rows = np.searchsorted(docs, there).tolist()
        for word in leaf.words if isinstance(leaf, Phrase) else (leaf,):
            if isinstance(word, Word) and word.scored:
                for row, terms in zip(rows, _terms(snapshot, weights, word, there), strict=True):
                    score = sum(one.score for one in terms)
                    told[row].append(WordScore(text=word.text, score=score, terms=terms))
    return told


def _terms(
    snapshot: IndexReader, weights: Mapping[str, float], word: Word, docs: Docs
) -> Iterator[tuple[TermScore, ...]]:
    """Yield for each of *docs* the best candidate of a word in each field."""
    fields = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact}
    candidates = [
        [_term(snapshot, (field, text, word.accented), weights.get(field, 0.0), docs) for text in texts]
        for field, texts in fields.items()
    ]
    for row in range(len(docs)):
        there = ([one[row] for one in scored if row in one] for scored in candidates)
        yield tuple(max(found, key=lambda one: one.score) for found in there if found)


def _term(
    snapshot: IndexReader, asked: tuple[str, str, str], weight: float, docs: Docs
) -> Mapping[int, TermScore]:
    """Return what a term scores, by row of *docs* where it stands."""
    deadline.check()
    field, text, _ = asked
    term = snapshot.accented_term(*asked)
    rows = np.flatnonzero(term.stands_in(docs))
    there = docs[rows]
    _, frequencies = term.frequencies_in(there)
    scores = snapshot.bm25(term, there, snapshot.norms(field, np.float64)[there], weight)
    return {
        row: TermScore(field=field, term=text, frequency=frequency, releases=len(term), score=score)
        for row, frequency, score in zip(
            rows.tolist(), frequencies.astype(float).tolist(), scores.tolist(), strict=True
        )
    }
