"""The first documents of an order without sorting all."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# Scores that differ by less than 10 ** -DIGITS differ only by the order in which they were added up: they tie.
DIGITS = 9
NOISE = 10**-DIGITS


def first_rows(keys: Sequence[NDArray[np.float64]], name: Callable[[int], bytes], count: int) -> list[int]:
    """Return the rows with the highest *keys*, at most *count*, in order; ties go by *name*, the lowest first."""
    chosen = _candidates(np.arange(len(keys[0])), keys, count)
    columns = [key[chosen].round(DIGITS).tolist() for key in keys]
    order = sorted(zip(*[[-value for value in column] for column in columns], chosen.tolist(), strict=True))
    return _named(order, name)[:count]


def _candidates(rows: Ints, keys: Sequence[NDArray[np.float64]], count: int) -> Ints:
    """Return rows among which are the first *count*: few more, unless they tie on every key."""
    if not keys or len(rows) <= count:
        return rows
    ours = keys[0][rows]
    least = np.partition(ours, len(ours) - count)[len(ours) - count]
    sure, tied = rows[ours > least + NOISE], rows[np.abs(ours - least) <= NOISE]
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
