"""Candidates for the first places, by MaxScore: a superset of the best documents."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.search.index_reader import Rough
from index.search.plain.scoring import Scoring
from index.search.top_k import NOISE, nth_highest
from index.segment.doc_lists import Docs
from index.segment.doc_sets import DocSets

Repeats = Callable[[Docs], int]
"""Returns how many documents of a set are preceded by another document of their cluster."""


class CandidateSelector:
    """Selects candidates for the top by score bounds; scores are multiplied by *recency*, if given."""

    def __init__(self, sets: DocSets, recency: NDArray[np.float64] | None) -> None:
        self._sets = sets
        self._recency = None if recency is None else recency.astype(np.float32)
        self._most_recency = 1.0 if recency is None else float(recency.max(initial=1.0))

    def first(self, scoring: Scoring, docs: Docs, count: int, repeats: Repeats | None) -> Docs:
        """Return a superset of the first *count* documents; a cluster counts as one document.

        *repeats* is None if no two documents share a cluster.
        """
        if scoring.branches:
            docs = self._skip_light_words(scoring, docs, count, repeats)
        rough = self._rough(scoring, docs)
        return self._keep_reaching(scoring, docs, rough, _nth_distinct_score(docs, rough, count, repeats))

    def next(self, scoring: Scoring, docs: Docs, count: int, score: float) -> Docs:
        """Return a superset of the first *count* documents after one with this *score*."""
        rough, slack = self._rough(scoring, docs), self._slack(scoring) + NOISE
        score_max = score + slack
        docs, rough = docs[rough <= score_max], rough[rough <= score_max]
        # These may turn out to precede the place when scored exactly.
        count += int((rough >= (score - slack) / scoring.gain - slack).sum())
        return self._keep_reaching(scoring, docs, rough, _nth_distinct_score(docs, rough, count, None))

    def _rough(self, scoring: Scoring, docs: Docs) -> Rough:
        rough = scoring.rough(docs)
        if self._recency is not None:
            rough *= self._recency[docs]
        return rough

    def _slack(self, scoring: Scoring) -> float:
        return scoring.slack * self._most_recency

    def _keep_reaching(self, scoring: Scoring, docs: Docs, rough: Rough, threshold: float) -> Docs:
        """Return the documents whose exact score may reach the rough score *threshold*."""
        # Both scores may be wrong: one too high, the other too low.
        slack = self._slack(scoring)
        kept: Docs = docs[(rough >= (threshold - slack) / scoring.gain - slack).nonzero()[0]]
        return kept

    def _skip_light_words(self, scoring: Scoring, docs: Docs, count: int, repeats: Repeats | None) -> Docs:
        """Drop documents whose words cannot add up to a score in the top.

        This is MaxScore (Turtle and Flood, 1995): most documents contain only the commonest word.
        """
        branches, top = list(scoring.branches), docs[:0]
        for heaviest in range(1, len(branches)):
            top = self._in_any(docs, [branch.docs for branch in branches[:heaviest]])
            if len(top) > count:
                break
        threshold = _nth_distinct_score(top, self._rough(scoring, top), count, repeats)
        threshold = (threshold - self._slack(scoring) - NOISE) / (scoring.gain * self._most_recency)
        dropped = 0.0
        while branches and dropped + branches[-1].most < threshold:
            dropped += branches.pop().most
        if len(branches) == len(scoring.branches):
            return docs
        return self._in_any(docs, [branch.docs for branch in branches])

    def _in_any(self, docs: Docs, lists: list[Docs]) -> Docs:
        common: Docs = docs[self._sets.intersect(docs, self._sets.union(lists))[0]]
        return common


def _nth_distinct_score(docs: Docs, scores: Rough, clusters: int, repeats: Repeats | None) -> float:
    """Return a lower bound of the scores of the first *clusters* clusters; -inf if there are no more."""
    count = clusters
    while count < len(docs):
        threshold = nth_highest(scores, count)
        if repeats is None:
            return threshold
        top = docs[(scores >= threshold).nonzero()[0]]
        if len(top) - repeats(top) >= clusters:
            return threshold
        count *= 2
    return -math.inf
