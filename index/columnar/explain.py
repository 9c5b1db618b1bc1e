"""Why a document scores what it scores."""

from collections.abc import Iterator, Mapping

import numpy as np

from index.columnar.evaluate import Evaluator
from index.columnar.marks import leaves
from index.columnar.snapshot import Snapshot
from index.engine import Clause, Phrase, TermScore, Word, WordScore


def word_scores(
    evaluator: Evaluator, snapshot: Snapshot, weights: Mapping[str, float], clause: Clause, doc: int
) -> Iterator[WordScore]:
    """Yield what each word of *clause* that stands in *doc* adds to its score, in the order of the query."""
    only = np.array([doc], np.int64)
    for leaf in leaves(clause):
        if not len(evaluator.match(leaf, only).docs):
            continue
        for word in leaf.words if isinstance(leaf, Phrase) else (leaf,):
            if isinstance(word, Word) and word.scored:
                terms = tuple(_terms(snapshot, weights, word, doc))
                yield WordScore(text=word.text, score=sum(one.score for one in terms), terms=terms)


def _terms(snapshot: Snapshot, weights: Mapping[str, float], word: Word, doc: int) -> Iterator[TermScore]:
    """Yield the best candidate of a word in each field."""
    fields = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact}
    for field, texts in fields.items():
        found = [
            score
            for text in texts
            if (score := _term(snapshot, (field, text, word.accented), weights.get(field, 0.0), doc))
        ]
        if found:
            yield max(found, key=lambda one: one.score)


def _term(snapshot: Snapshot, asked: tuple[str, str, str], weight: float, doc: int) -> TermScore | None:
    term, only = snapshot.accented_term(*asked), np.array([doc], np.int64)
    field, text, _ = asked
    if not term.stands_in(only)[0]:
        return None
    _, frequency = term.frequencies_in(only)
    score = snapshot.bm25(term, only, snapshot.norms(field, np.float64)[only], weight)
    return TermScore(
        field=field, term=text, frequency=float(frequency[0]), releases=len(term), score=float(score[0])
    )
