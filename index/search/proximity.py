"""Words that stand together as they were asked: a bounded bonus on the score."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from index.query import AllOf, Clause, MostOf, Phrase, Word
from index.search.evaluator import Evaluator
from index.search.scoring import Match, Scores
from index.segment.doc_lists import Docs


def neighbours(clause: Clause) -> Iterator[Phrase]:
    """Yield the words of *clause* that were typed one after another, two by two."""
    match clause:
        case AllOf(clauses) | MostOf(clauses):
            for one, other in pairwise(clauses):
                if isinstance(one, Word) and isinstance(other, Word):
                    yield Phrase(words=(one, other))
            for inner in clauses:
                yield from neighbours(inner)


def rewarded(match: Match, clause: Clause, evaluator: Evaluator, most: float) -> Match:
    """Return *match*, each score times 1 to 1 + *most*: by how many neighbours stand side by side."""
    pairs = tuple(neighbours(clause))
    scoring = match.scoring
    if scoring is None or not pairs or not most:
        return match
    apart = scoring.exact

    def exact(docs: Docs) -> Scores:
        return apart(docs) * (1 + most * _share(pairs, evaluator, docs))

    return Match(match.docs, replace(scoring, exact=exact, gain=1 + most))


def _share(pairs: Sequence[Phrase], evaluator: Evaluator, docs: Docs) -> Scores:
    """Return what share of *pairs* stands in each of *docs*."""
    standing = np.zeros(len(docs))
    for pair in pairs:
        standing[evaluator.rows_with(pair, docs)] += 1
    return standing / len(pairs)
