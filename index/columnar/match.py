"""What a clause matches, and what it scores where it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.columnar.lists import Docs
from index.columnar.sets import NONE, Rows, Sets

Scores = NDArray[np.float64]
Scorer = Callable[[Docs], Scores]
"""From some of the documents that match, ascending, to the score of each."""


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that match, ascending. Scores are made only for those that need one."""

    docs: Docs
    scorer: Scorer | None = None
    """None: every document scores 0."""

    def among(self, rows: Rows) -> "Match":
        """Return only these rows."""
        return Match(self.docs[rows], self.scorer)

    def scores(self, docs: Docs) -> Scores:
        """Return the scores of *docs*, which are some of those that match."""
        return np.zeros(len(docs)) if self.scorer is None else self.scorer(docs)


NOTHING = Match(NONE)


def sum_of_all(matches: Sequence[Match]) -> Scorer | None:
    """Return what documents score that are in each of *matches*."""
    scorers = [match.scorer for match in matches if match.scorer is not None]
    if len(scorers) <= 1:
        return scorers[0] if scorers else None

    def scores(docs: Docs) -> Scores:
        total = scorers[0](docs)
        for scorer in scorers[1:]:
            total += scorer(docs)
        return total

    return scores


def sum_of_any(matches: Sequence[Match], sets: Sets) -> Scorer | None:
    """Return what documents score that are in one of *matches* or in several."""
    scored = [match for match in matches if match.scorer is not None]
    if not scored:
        return None

    def scores(docs: Docs) -> Scores:
        total = np.zeros(len(docs))
        for match in scored:
            rows, _ = sets.intersect(docs, match.docs)
            total[rows] += match.scores(docs[rows])
        return total

    return scores
