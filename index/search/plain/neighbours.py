"""The proximity boost: a bounded factor if adjacent words of the query are adjacent in the text."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.query import Clause, Phrase
from index.search.plain.evaluator import Evaluator
from index.search.plain.scoring import Match
from index.search.proximity import neighbours
from index.search.top_k import Scores
from index.segment.doc_lists import Docs


def boost_neighbours(match: Match, clause: Clause, evaluator: Evaluator, largest_boost: float) -> Match:
    """Multiply each score by 1 + *largest_boost* times the share of adjacent pairs that the text contains."""
    pairs = tuple(neighbours(clause))
    scoring = match.scoring
    if scoring is None or not pairs or not largest_boost:
        return match
    unboosted = scoring.exact

    def exact(docs: Docs) -> Scores:
        return unboosted(docs) * (1 + largest_boost * _share(pairs, evaluator, docs))

    return Match(match.docs, replace(scoring, exact=exact, gain=1 + largest_boost))


def _share(pairs: Sequence[Phrase], evaluator: Evaluator, docs: Docs) -> Scores:
    """Return the share of *pairs* that each of *docs* contains."""
    contained = np.zeros(len(docs))
    for pair in pairs:
        contained[evaluator.rows_with(pair, docs)] += 1
    return contained / len(pairs)
