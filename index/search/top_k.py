"""The first documents of an order without sorting all."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.search.cursor import Place
from index.search.scoring import Rough, Scoring
from index.segment.doc_lists import Docs
from index.segment.doc_sets import Sets

Ints = NDArray[np.int64]
Key = Callable[[Ints], NDArray[np.float64]]
"""From rows to what they are ordered by, the highest first; what ties is equal."""


def first_rows(keys: Sequence[Key], rows: Ints, name: Callable[[int], bytes], count: int) -> list[int]:
    """Return the *count* rows with the highest keys, in order; ties go by *name*, the lowest first."""
    chosen = _candidates(rows, keys, count)
    columns = [(-key(chosen)).tolist() for key in keys]
    return _named(sorted(zip(*columns, chosen.tolist(), strict=True)), name)[:count]


def place_of(keys: Sequence[Key], row: int, name: Callable[[int], bytes]) -> Place:
    """Return the place of a row in the order."""
    only = np.array([row])
    return Place(tuple(float(-key(only)[0]) for key in keys), name(row))


def rows_after(place: Place, keys: Sequence[Key], rows: Ints, name: Callable[[int], bytes]) -> Ints:
    """Return those of *rows* that come after a place, in no order."""
    later, tied = [], rows
    for key, there in zip(keys, place.keys, strict=False):  # a forged place may have any number
        ours = -key(tied)
        later.append(tied[ours > there])
        tied = tied[ours == there]
    later.append(np.array([row for row in tied.tolist() if name(row) > place.id], np.int64))
    return np.concatenate(later)


# Of so many values at a time only the highest is looked at first.
BLOCK = 32


def nth_highest(values: NDArray[Any], count: int) -> float:
    """Return the lowest of the *count* highest of *values*, which are no fewer.

    >>> nth_highest(np.array([3.0, 1.0, 2.0]), 2)
    2.0
    """
    size = len(values) // BLOCK
    if size > 4 * count:
        # At least so many are as high as the lowest of the highest of that many blocks.
        highest = values[: BLOCK * size].reshape(BLOCK, size).max(axis=0)
        values = values[values >= nth_highest(highest, count)]
    place = len(values) - count
    return float(np.partition(values, place)[place])


def _candidates(rows: Ints, keys: Sequence[Key], count: int) -> Ints:
    """Return rows among which are the first *count*: few more, unless they tie on every key."""
    if not keys or len(rows) <= count:
        return rows
    ours = keys[0](rows)
    least = nth_highest(ours, count)
    tied, sure = rows[ours == least], rows[ours > least]
    return np.concatenate((sure, _candidates(tied, keys[1:], count - len(sure))))


def _named(order: list[tuple[float, ...]], name: Callable[[int], bytes]) -> list[int]:
    """Return the rows of *order*, sorted, with runs of equal keys put in the order of their names."""
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


# Scores that differ by less than 10 ** -DIGITS differ only by the order they were added up in: they tie.
DIGITS = 9


NOISE = 10**-DIGITS


Repeats = Callable[[Docs], int]
"""How many of some documents give way to others of their cluster among them."""


class Contenders:
    """Chooses among documents whose scores are multiplied by their *recency*; None: by nothing."""

    def __init__(self, sets: Sets, recency: NDArray[np.float64] | None) -> None:
        self._sets = sets
        self._recency = None if recency is None else recency.astype(np.float32)
        self._most_recency = 1.0 if recency is None else float(recency.max(initial=1.0))

    def first(self, scoring: Scoring, docs: Docs, wanted: int, repeats: Repeats | None) -> Docs:
        """Return those of *docs* that may be among the first so many, one of each cluster.

        *repeats* is None where no two are of one cluster.
        """
        if scoring.branches:
            docs = self._reaching(scoring, docs, wanted, repeats)
        rough = self._rough(scoring, docs)
        return self._enough(scoring, docs, rough, _least_of_first(docs, rough, wanted, repeats))

    def next(self, scoring: Scoring, docs: Docs, wanted: int, score: float) -> Docs:
        """Return those of *docs* that may be among the first so many after one that has this *score*."""
        rough, slack = self._rough(scoring, docs), self._slack(scoring) + NOISE
        most = score + slack
        docs, rough = docs[rough <= most], rough[rough <= most]
        # These may come before the place yet.
        wanted += int((rough >= (score - slack) / scoring.gain - slack).sum())
        return self._enough(scoring, docs, rough, _least_of_first(docs, rough, wanted, None))

    def _rough(self, scoring: Scoring, docs: Docs) -> Rough:
        rough = scoring.rough(docs)
        if self._recency is not None:
            rough *= self._recency[docs]
        return rough

    def _slack(self, scoring: Scoring) -> float:
        return scoring.slack * self._most_recency

    def _enough(self, scoring: Scoring, docs: Docs, rough: Rough, least: float) -> Docs:
        """Return those of *docs* that may score what so many others score roughly at *least*."""
        # One may be scored too high, another too low.
        slack = self._slack(scoring)
        enough: Docs = docs[(rough >= (least - slack) / scoring.gain - slack).nonzero()[0]]
        return enough

    def _reaching(self, scoring: Scoring, docs: Docs, wanted: int, repeats: Repeats | None) -> Docs:
        """Return *docs* without those where only words stand that score too little to be among the first.

        This is MaxScore (Turtle and Flood, 1995): most documents have but the commonest word.
        """
        branches, some = list(scoring.branches), docs[:0]
        for heaviest in range(1, len(branches)):
            some = self._in_any(docs, [one.docs for one in branches[:heaviest]])
            if len(some) > wanted:
                break
        least = _least_of_first(some, self._rough(scoring, some), wanted, repeats)
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


def _least_of_first(docs: Docs, scores: Rough, wanted: int, repeats: Repeats | None) -> float:
    """Return what the first so many of *docs*, one of each cluster, score at least; -inf if it may be all."""
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
