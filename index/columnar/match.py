"""What a clause matches, and what it scores where it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.columnar.lists import Docs
from index.columnar.sets import NONE, Rows, Sets

Scores = NDArray[np.float64]
Rough = NDArray[np.float32]
Precise = TypeVar("Precise", Scores, Rough)
"""Either of them."""
Precision = TypeVar("Precision", np.float64, np.float32)
"""What they are made of."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Two ways from some of the documents that match, ascending, to their scores."""

    exact: Callable[[Docs], Scores]
    rough: Callable[[Docs], Rough]
    """Quicker, and off by less than ``slack``..."""
    slack: float
    gain: float = 1.0
    """... but for a bonus: ``exact`` may be up to so many times as much."""


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that match, ascending. Scores are made only for those that need one."""

    docs: Docs
    scoring: Scoring | None = None
    """None: every document scores 0."""

    def among(self, rows: Rows) -> "Match":
        """Return only these rows."""
        return Match(self.docs[rows], self.scoring)

    def scores(self, docs: Docs) -> Scores:
        """Return the scores of *docs*, which are some of those that match."""
        return np.zeros(len(docs)) if self.scoring is None else self.scoring.exact(docs)


NOTHING = Match(NONE)


def sum_of_all(matches: Sequence[Match]) -> Scoring | None:
    """Return what documents score that are in each of *matches*."""
    scored = [match.scoring for match in matches if match.scoring is not None]
    if len(scored) <= 1:
        return scored[0] if scored else None

    def exact(docs: Docs) -> Scores:
        total = scored[0].exact(docs)
        for one in scored[1:]:
            total += one.exact(docs)
        return total

    def rough(docs: Docs) -> Rough:
        total = scored[0].rough(docs)
        for one in scored[1:]:
            total += one.rough(docs)
        return total

    return Scoring(exact, rough, sum(one.slack for one in scored))


def sum_of_any(matches: Sequence[Match], sets: Sets) -> Scoring | None:
    """Return what documents score that are in one of *matches* or in several."""
    scored = [(match.docs, match.scoring) for match in matches if match.scoring is not None]
    if not scored:
        return None

    def exact(docs: Docs) -> Scores:
        total = np.zeros(len(docs))
        for theirs, one in scored:
            rows, _ = sets.intersect(docs, theirs)
            total[rows] += one.exact(docs[rows])
        return total

    def rough(docs: Docs) -> Rough:
        total = np.zeros(len(docs), np.float32)
        for theirs, one in scored:
            rows, _ = sets.intersect(docs, theirs)
            total[rows] += one.rough(docs[rows])
        return total

    return Scoring(exact, rough, sum(one.slack for _, one in scored))
