"""Matches, whose scores are computed on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.search.index_reader import Rough
from index.search.top_k import Scores
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, DocSets, Rows

# Largest error of single precision, as a share of the maximum score.
SINGLE_PRECISION = 1e-5


@dataclass(frozen=True, slots=True)
class Scoring:
    """Two ways to score matching documents; callers pass them in ascending order."""

    exact: Callable[[Docs], Scores]
    rough: Callable[[Docs], Rough]
    """Faster, with an error below ``slack``."""
    most: float
    """The maximum score, without a boost."""
    gain: float = 1.0
    """The largest factor of the boost, which only ``exact`` applies."""
    branches: tuple["Match", ...] = ()
    """For a disjunction, the matches whose scores are summed, largest maximum first."""

    @property
    def slack(self) -> float:
        """The largest error of ``rough``."""
        return self.most * SINGLE_PRECISION


@dataclass(frozen=True, slots=True)
class Match:
    """The matching documents, ascending; scores are computed on demand."""

    docs: Docs
    scoring: Scoring | None = None
    """None if every document scores 0."""
    values: Rough | None = None
    """The score of each document, if it is known already."""

    def among(self, rows: Rows) -> "Match":
        """Return only these rows."""
        return Match(self.docs[rows], self.scoring, None if self.values is None else self.values[rows])

    @property
    def most(self) -> float:
        """The maximum score."""
        return 0.0 if self.scoring is None else self.scoring.most

    def scores(self, docs: Docs) -> Scores:
        """Return the scores of *docs*, a subset of the matching documents."""
        return np.zeros(len(docs)) if self.scoring is None else self.scoring.exact(docs)


NOTHING = Match(NONE)


@dataclass(frozen=True, slots=True)
class ScoredDocs:
    """Matching documents, ascending, with all their scores, to be cached."""

    docs: Docs
    scores: Scores
    most: float
    """The maximum score."""

    @classmethod
    def of(cls, match: Match) -> "ScoredDocs":
        """Return the documents of *match* with their scores."""
        scores = match.scores(match.docs)
        return cls(match.docs, scores, float(scores.max(initial=0.0)))

    @property
    def nbytes(self) -> int:
        """The bytes of both arrays."""
        return self.docs.nbytes + self.scores.nbytes

    def match(self, sets: DocSets, among: Docs | None) -> Match:
        """Return the documents as a match; if *among* is given, only those of its documents."""
        docs, scores = self.docs, self.scores
        if among is not None:
            rows, places = sets.intersect(among, docs)
            docs, scores = among[rows], scores[places]

        def rough(some: Docs) -> Rough:
            return exact(some).astype(np.float32)

        def exact(some: Docs) -> Scores:
            return scores[sets.intersect(docs, some)[0]]

        return Match(docs, Scoring(exact, rough, self.most), scores.astype(np.float32))


def multiply(scoring: Scoring, docs: Docs, factors: Scores, sets: DocSets) -> Scoring:
    """Return *scoring* with the score of each of the matching *docs* multiplied by its factor, at most 1."""
    rough_factors = factors.astype(np.float32)

    def exact(some: Docs) -> Scores:
        return scoring.exact(some) * factors[sets.intersect(docs, some)[0]]

    def rough(some: Docs) -> Rough:
        return scoring.rough(some) * rough_factors[sets.intersect(docs, some)[0]]

    return replace(scoring, exact=exact, rough=rough)


def sum_of_all(matches: Sequence[Match]) -> Scoring | None:
    """Return the scoring of documents in all of *matches*."""
    scorings = [match.scoring for match in matches if match.scoring is not None]
    if len(scorings) <= 1:
        return scorings[0] if scorings else None

    def exact(docs: Docs) -> Scores:
        total = scorings[0].exact(docs)
        for scoring in scorings[1:]:
            total += scoring.exact(docs)
        return total

    def rough(docs: Docs) -> Rough:
        total = scorings[0].rough(docs)
        for scoring in scorings[1:]:
            total += scoring.rough(docs)
        return total

    return Scoring(exact, rough, sum(scoring.most for scoring in scorings))


def sum_of_any(matches: Sequence[Match], sets: DocSets) -> Scoring | None:
    """Return the scoring of documents in any of *matches*."""
    branches = sorted(
        (match for match in matches if match.scoring), key=lambda match: match.most, reverse=True
    )
    scorings = [(match.docs, match.scoring) for match in branches if match.scoring is not None]
    if not scorings:
        return None

    def exact(docs: Docs) -> Scores:
        total = np.zeros(len(docs))
        for branch_docs, scoring in scorings:
            rows, _ = sets.intersect(docs, branch_docs)
            total[rows] += scoring.exact(docs[rows])
        return total

    known = [(match.docs, match.values) for match in branches if match.values is not None]
    unknown = [(match.docs, match.scoring) for match in branches if match.values is None and match.scoring]

    def rough(docs: Docs) -> Rough:
        total = sets.sums(docs, known)
        for branch_docs, scoring in unknown:
            rows, _ = sets.intersect(docs, branch_docs)
            total[rows] += scoring.rough(docs[rows])
        return total

    return Scoring(exact, rough, sum(scoring.most for _, scoring in scorings), branches=tuple(branches))
