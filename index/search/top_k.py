"""The first documents of an order without sorting all."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.search.cursor import Place

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
