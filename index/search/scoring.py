"""What a clause matches, and what it scores where it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, Rows, Sets

Scores = NDArray[np.float64]
Rough = NDArray[np.float32]
Precise = TypeVar("Precise", Scores, Rough)
"""Either of them."""
Precision = TypeVar("Precision", np.float64, np.float32)
"""What they are made of."""


# What single precision is off by, as a share of the most there is to score.
SINGLE_PRECISION = 1e-5


@dataclass(frozen=True, slots=True)
class Scoring:
    """Two ways from some of the documents that match, ascending, to their scores."""

    exact: Callable[[Docs], Scores]
    rough: Callable[[Docs], Rough]
    """Quicker, and off by less than ``slack``."""
    most: float
    """What no document scores more than, without a bonus."""
    gain: float = 1.0
    """``exact`` may be up to so many times as much, for a bonus."""
    branches: tuple["Match", ...] = ()
    """What a document scores as the sum of those it is in, if it need not be in all; the heaviest first."""

    @property
    def slack(self) -> float:
        """What ``rough`` is off by at most."""
        return self.most * SINGLE_PRECISION


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that match, ascending. Scores are made only for those that need one."""

    docs: Docs
    scoring: Scoring | None = None
    """None: every document scores 0."""

    def among(self, rows: Rows) -> "Match":
        """Return only these rows."""
        return Match(self.docs[rows], self.scoring)

    @property
    def most(self) -> float:
        """What no document scores more than."""
        return 0.0 if self.scoring is None else self.scoring.most

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

    return Scoring(exact, rough, sum(one.most for one in scored))


def sum_of_any(matches: Sequence[Match], sets: Sets) -> Scoring | None:
    """Return what documents score that are in one of *matches* or in several."""
    branches = sorted((one for one in matches if one.scoring), key=lambda one: one.most, reverse=True)
    scored = [(match.docs, match.scoring) for match in branches if match.scoring is not None]
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

    return Scoring(exact, rough, sum(one.most for _, one in scored), branches=tuple(branches))
