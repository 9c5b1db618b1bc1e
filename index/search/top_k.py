"""Top-k: the first documents of an order without sorting all documents, and MaxScore candidates."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.query import Sort
from index.search.cursor import Place
from index.search.scoring import Rough, Scores, Scoring
from index.segment import Ints
from index.segment.doc_lists import Docs
from index.segment.doc_sets import DocSets, Rows

SortKey = Callable[[Ints], NDArray[np.float64]]
"""Returns the sort keys of rows; the highest key comes first."""


def first_rows(keys: Sequence[SortKey], rows: Ints, name: Callable[[int], bytes], count: int) -> list[int]:
    """Return the *count* rows with the highest keys, in order; the lowest *name* breaks ties."""
    candidates = _candidates(rows, keys, count)
    columns = [(-key(candidates)).tolist() for key in keys]
    return _break_ties(sorted(zip(*columns, candidates.tolist(), strict=True)), name)[:count]


def place_of(keys: Sequence[SortKey], row: int, name: Callable[[int], bytes]) -> Place:
    """Return the place of a row in the order."""
    rows = np.array([row])
    return Place(tuple(float(-key(rows)[0]) for key in keys), name(row))


def rows_after(place: Place, keys: Sequence[SortKey], rows: Ints, name: Callable[[int], bytes]) -> Ints:
    """Return the rows that come after a place, unordered."""
    later, tied = [], rows
    for key, place_value in zip(
        keys, place.keys, strict=False
    ):  # a forged cursor may have any number of keys
        values = -key(tied)
        later.append(tied[values > place_value])
        tied = tied[values == place_value]
    later.append(np.array([row for row in tied.tolist() if name(row) > place.id], np.int64))
    return np.concatenate(later)


# Values per block; a first pass reads only the maximum of each block.
BLOCK = 32


def nth_highest(values: NDArray[Any], count: int) -> float:
    """Return the *count*-th highest of at least *count* values.

    >>> nth_highest(np.array([3.0, 1.0, 2.0]), 2)
    2.0
    """
    size = len(values) // BLOCK
    if size > 4 * count:
        # The count-th highest block maximum is a lower bound of the result.
        highest = values[: BLOCK * size].reshape(BLOCK, size).max(axis=0)
        values = values[values >= nth_highest(highest, count)]
    place = len(values) - count
    return float(np.partition(values, place)[place])


def _candidates(rows: Ints, keys: Sequence[SortKey], count: int) -> Ints:
    """Return a superset of the first *count* rows, larger only by rows that tie on every key."""
    if not keys or len(rows) <= count:
        return rows
    values = keys[0](rows)
    threshold = nth_highest(values, count)
    tied, sure = rows[values == threshold], rows[values > threshold]
    return np.concatenate((sure, _candidates(tied, keys[1:], count - len(sure))))


def _break_ties(order: list[tuple[float, ...]], name: Callable[[int], bytes]) -> list[int]:
    """Return the rows of the sorted *order*, with equal keys ordered by name."""
    if len({entry[:-1] for entry in order}) == len(order):
        return [int(row) for *_, row in order]
    rows: list[int] = []
    first = 0
    while first < len(order):
        last = first + 1
        while last < len(order) and order[last][:-1] == order[first][:-1]:
            last += 1
        run = [int(row) for *_, row in order[first:last]]
        rows += sorted(run, key=name) if len(run) > 1 else run
        first = last
    return rows


# Scores that agree in this number of digits are equal: they differ only by the order of summation.
DIGITS = 9


NOISE = 10**-DIGITS


# The sort key of a release without a date: below that of any day, whichever direction is sorted.
_UNDATED = -4_000_000.0


def sort_keys(published: NDArray[np.int32], docs: Docs, scores: SortKey, sort: Sort) -> list[SortKey]:
    """Return the sort keys of rows of *docs*, highest first; *published* are the days of all documents."""

    def newest(rows: Rows) -> Scores:
        return published[docs[rows]].astype(np.float64)

    def oldest(rows: Rows) -> Scores:
        days = newest(rows)
        return np.where(days > 0, -days, _UNDATED)

    if sort == "relevance":
        return [lambda rows: scores(rows).round(DIGITS), newest]
    return [newest if sort == "newest" else oldest]


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
