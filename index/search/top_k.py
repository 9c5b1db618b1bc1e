"""Top-k: the first documents of an order without sorting all documents."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.query import Sort
from index.search.cursor import HitPlace
from index.segment import Ints
from index.segment.doc_lists import Docs
from index.segment.doc_sets import Rows

Scores = NDArray[np.float64]
SortKey = Callable[[Ints], NDArray[np.float64]]
"""Returns the sort keys of rows; the highest key comes first."""


def first_rows(keys: Sequence[SortKey], rows: Ints, name: Callable[[int], bytes], count: int) -> list[int]:
    """Return the *count* rows with the highest keys, in order; the lowest *name* breaks ties."""
    candidates = _candidates(rows, keys, count)
    columns = [(-key(candidates)).tolist() for key in keys]
    return _break_ties(sorted(zip(*columns, candidates.tolist(), strict=True)), name)[:count]


def place_of(keys: Sequence[SortKey], row: int, name: Callable[[int], bytes]) -> HitPlace:
    """Return the place of a row in the order."""
    rows = np.array([row])
    return HitPlace(tuple(float(-key(rows)[0]) for key in keys), name(row))


def rows_after(place: HitPlace, keys: Sequence[SortKey], rows: Ints, name: Callable[[int], bytes]) -> Ints:
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


def own_first(is_own: NDArray[np.bool_] | None, docs: Docs) -> list[SortKey]:
    """Return the sort key by which rows of *docs* in the language asked for come first, if there is one."""
    return [] if is_own is None else [lambda rows: is_own[docs[rows]].astype(np.float64)]


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
