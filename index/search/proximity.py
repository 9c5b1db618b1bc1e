"""The proximity boost: a bounded factor for query words that are adjacent in the text, too."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from index.query import AllOf, Clause, MostOf, Phrase, Word
from index.search.evaluator import Evaluator
from index.search.scoring import Match, Scores
from index.segment.doc_lists import Docs


def neighbours(clause: Clause) -> Iterator[Phrase]:
    """Yield each pair of adjacent words of *clause* as a phrase."""
    match clause:
        case AllOf(clauses) | MostOf(clauses):
            for one, other in pairwise(clauses):
                if isinstance(one, Word) and isinstance(other, Word):
                    yield Phrase(words=(one, other))
            for inner in clauses:
                yield from neighbours(inner)


def boost_neighbours(match: Match, clause: Clause, evaluator: Evaluator, most: float) -> Match:
    """Multiply each score by 1 to 1 + *most*, by the share of adjacent pairs that the text contains."""
    pairs = tuple(neighbours(clause))
    scoring = match.scoring
    if scoring is None or not pairs or not most:
        return match
    apart = scoring.exact

    def exact(docs: Docs) -> Scores:
        return apart(docs) * (1 + most * _share(pairs, evaluator, docs))

    return Match(match.docs, replace(scoring, exact=exact, gain=1 + most))


def _share(pairs: Sequence[Phrase], evaluator: Evaluator, docs: Docs) -> Scores:
    """Return the share of *pairs* that each of *docs* contains."""
    contained = np.zeros(len(docs))
    for pair in pairs:
        contained[evaluator.rows_with(pair, docs)] += 1
    return contained / len(pairs)
