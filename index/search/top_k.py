"""Top-k: the first documents of an order without sorting all, and MaxScore candidates."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.search.cursor import Place
from index.search.scoring import Rough, Scoring
from index.segment.doc_lists import Docs
from index.segment.doc_sets import DocSets

Ints = NDArray[np.int64]
SortKey = Callable[[Ints], NDArray[np.float64]]
"""Returns the sort keys of rows; the highest come first, equal keys tie."""


def first_rows(keys: Sequence[SortKey], rows: Ints, name: Callable[[int], bytes], count: int) -> list[int]:
    """Return the *count* rows with the highest keys, in order; the lowest *name* breaks ties."""
    chosen = _candidates(rows, keys, count)
    columns = [(-key(chosen)).tolist() for key in keys]
    return _break_ties(sorted(zip(*columns, chosen.tolist(), strict=True)), name)[:count]


def place_of(keys: Sequence[SortKey], row: int, name: Callable[[int], bytes]) -> Place:
    """Return the place of a row in the order."""
    only = np.array([row])
    return Place(tuple(float(-key(only)[0]) for key in keys), name(row))


def rows_after(place: Place, keys: Sequence[SortKey], rows: Ints, name: Callable[[int], bytes]) -> Ints:
    """Return the rows that come after a place, in no order."""
    later, tied = [], rows
    for key, there in zip(keys, place.keys, strict=False):  # a forged cursor may have any number of keys
        ours = -key(tied)
        later.append(tied[ours > there])
        tied = tied[ours == there]
    later.append(np.array([row for row in tied.tolist() if name(row) > place.id], np.int64))
    return np.concatenate(later)


# Values per block; a first pass looks only at the maximum of each block.
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
    ours = keys[0](rows)
    least = nth_highest(ours, count)
    tied, sure = rows[ours == least], rows[ours > least]
    return np.concatenate((sure, _candidates(tied, keys[1:], count - len(sure))))


def _break_ties(order: list[tuple[float, ...]], name: Callable[[int], bytes]) -> list[int]:
    """Return the rows of the sorted *order*, with equal keys ordered by name."""
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


# Scores that agree to this many digits differ only in the order of summation; they tie.
DIGITS = 9


NOISE = 10**-DIGITS


Repeats = Callable[[Docs], int]
"""Returns how many documents of a set another of their cluster precedes."""


class CandidateSelector:
    """Selects candidates for the top by score bounds; scores are multiplied by *recency*, if given."""

    def __init__(self, sets: DocSets, recency: NDArray[np.float64] | None) -> None:
        self._sets = sets
        self._recency = None if recency is None else recency.astype(np.float32)
        self._most_recency = 1.0 if recency is None else float(recency.max(initial=1.0))

    def first(self, scoring: Scoring, docs: Docs, wanted: int, repeats: Repeats | None) -> Docs:
        """Return a superset of the first *wanted* documents, counting one per cluster.

        *repeats* is None if no two documents share a cluster.
        """
        if scoring.branches:
            docs = self._skip_light_words(scoring, docs, wanted, repeats)
        rough = self._rough(scoring, docs)
        return self._keep_reaching(scoring, docs, rough, _nth_distinct_score(docs, rough, wanted, repeats))

    def next(self, scoring: Scoring, docs: Docs, wanted: int, score: float) -> Docs:
        """Return a superset of the first *wanted* documents after one with this *score*."""
        rough, slack = self._rough(scoring, docs), self._slack(scoring) + NOISE
        most = score + slack
        docs, rough = docs[rough <= most], rough[rough <= most]
        # These may precede the place once scored exactly.
        wanted += int((rough >= (score - slack) / scoring.gain - slack).sum())
        return self._keep_reaching(scoring, docs, rough, _nth_distinct_score(docs, rough, wanted, None))

    def _rough(self, scoring: Scoring, docs: Docs) -> Rough:
        rough = scoring.rough(docs)
        if self._recency is not None:
            rough *= self._recency[docs]
        return rough

    def _slack(self, scoring: Scoring) -> float:
        return scoring.slack * self._most_recency

    def _keep_reaching(self, scoring: Scoring, docs: Docs, rough: Rough, least: float) -> Docs:
        """Return the documents whose exact score may reach the rough score *least*."""
        # Two errors: one score may be too high, the other too low.
        slack = self._slack(scoring)
        enough: Docs = docs[(rough >= (least - slack) / scoring.gain - slack).nonzero()[0]]
        return enough

    def _skip_light_words(self, scoring: Scoring, docs: Docs, wanted: int, repeats: Repeats | None) -> Docs:
        """Drop documents whose words together cannot score enough for the top.

        This is MaxScore (Turtle and Flood, 1995): most documents contain only the most common word.
        """
        branches, some = list(scoring.branches), docs[:0]
        for heaviest in range(1, len(branches)):
            some = self._in_any(docs, [one.docs for one in branches[:heaviest]])
            if len(some) > wanted:
                break
        least = _nth_distinct_score(some, self._rough(scoring, some), wanted, repeats)
        least = (least - self._slack(scoring) - NOISE) / (scoring.gain * self._most_recency)
        light = 0.0
        while branches and light + branches[-1].most < least:
            light += branches.pop().most
        if len(branches) == len(scoring.branches):
            return docs
        return self._in_any(docs, [one.docs for one in branches])

    def _in_any(self, docs: Docs, lists: list[Docs]) -> Docs:
        found: Docs = docs[self._sets.intersect(docs, self._sets.union(lists))[0]]
        return found


def _nth_distinct_score(docs: Docs, scores: Rough, wanted: int, repeats: Repeats | None) -> float:
    """Return a lower bound of the scores of the first *wanted* documents, one per cluster; -inf for all."""
    count = wanted
    while count < len(docs):
        least = nth_highest(scores, count)
        if repeats is None:
            return least
        first = docs[(scores >= least).nonzero()[0]]
        if len(first) - repeats(first) >= wanted:
            return least
        count *= 2
    return -math.inf
