"""Matches, and their scores on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, DocSets, Rows

Scores = NDArray[np.float64]
Rough = NDArray[np.float32]
Precise = TypeVar("Precise", Scores, Rough)
"""Scores in either precision."""
Precision = TypeVar("Precision", np.float64, np.float32)
"""The element type of the scores."""


# Largest error of single precision, as a share of the maximum score.
SINGLE_PRECISION = 1e-5


@dataclass(frozen=True, slots=True)
class Scoring:
    """Two ways to score matching documents, given ascending."""

    exact: Callable[[Docs], Scores]
    rough: Callable[[Docs], Rough]
    """Faster, with an error below ``slack``."""
    most: float
    """The maximum score, without a boost."""
    gain: float = 1.0
    """The largest factor of a boost that only ``exact`` applies."""
    branches: tuple["Match", ...] = ()
    """For a disjunction, the matches whose scores are summed, largest maximum first."""

    @property
    def slack(self) -> float:
        """The largest error of ``rough``."""
        return self.most * SINGLE_PRECISION


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that match, ascending. Only those that need a score are scored."""

    docs: Docs
    scoring: Scoring | None = None
    """None if every document scores 0."""

    def among(self, rows: Rows) -> "Match":
        """Return only these rows."""
        return Match(self.docs[rows], self.scoring)

    @property
    def most(self) -> float:
        """The maximum score."""
        return 0.0 if self.scoring is None else self.scoring.most

    def scores(self, docs: Docs) -> Scores:
        """Return the scores of *docs*, a subset of the matching documents."""
        return np.zeros(len(docs)) if self.scoring is None else self.scoring.exact(docs)


NOTHING = Match(NONE)


def sum_of_all(matches: Sequence[Match]) -> Scoring | None:
    """Return the scoring of documents in all of *matches*."""
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


def sum_of_any(matches: Sequence[Match], sets: DocSets) -> Scoring | None:
    """Return the scoring of documents in any of *matches*."""
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
