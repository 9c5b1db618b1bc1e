"""Exact counts of matches by day, month or year."""

import numpy as np
from numpy.typing import NDArray

from index.engine import AskedInterval, Histogram, Interval, PeriodCount

Ints = NDArray[np.int64]
Periods = NDArray[np.datetime64]

_UNITS: dict[Interval, str] = {"day": "D", "month": "M", "year": "Y"}
_EPOCH = 719_163  # the ordinal of 1970-01-01
# More bars than two months have days are not taken in at a glance.
BARS = 62


def histogram(days: NDArray[np.int32], met: Ints, of: Ints, wanted: AskedInterval) -> Histogram:
    """Count matches by period; *days* are the ordinals of their days, 0 where one is not known.

    The rows *met* are each in a cluster with others, that of the number in *of*: it counts once in a period.
    """
    dated = days[days > 0]
    interval = _fitting(dated) if wanted == "auto" else wanted
    if len(met):
        days = np.delete(days, met[_repeats(_periods(days[met], interval), of)])
        dated = days[days > 0]
    if not len(dated):
        return Histogram(interval, ())
    earliest = int(dated.min())
    by_day = np.bincount(dated - earliest)
    some = by_day.nonzero()[0]
    periods, starts = np.unique(_periods(some + earliest, interval), return_index=True)
    counts = np.add.reduceat(by_day[some], starts)
    first = periods.astype("datetime64[D]").tolist()
    last = ((periods + 1).astype("datetime64[D]") - 1).tolist()
    return Histogram(interval, tuple(map(PeriodCount, first, last, counts.tolist())))


def _fitting(dated: NDArray[np.int32]) -> Interval:
    """Return the shortest interval that makes no more than ``BARS`` of the whole stretch."""
    if not len(dated):
        return "month"
    ends = np.array([dated.min(), dated.max()])
    lengths = {one: int(np.diff(_periods(ends, one).astype(np.int64))[0]) + 1 for one in _UNITS}
    return next((one for one in _UNITS if lengths[one] <= BARS), "year")


def _periods(days: NDArray[np.integer], interval: Interval) -> Periods:
    since = days.astype(np.int64) - _EPOCH
    return since.astype("datetime64[D]").astype(f"datetime64[{_UNITS[interval]}]")


def _repeats(periods: Periods, of: Ints) -> NDArray[np.bool_]:
    """Tell which rows have the cluster and the period of one before."""
    pairs = np.stack((of, periods.astype(np.int64)))
    _, first = np.unique(pairs, axis=1, return_index=True)
    again = np.ones(len(of), bool)
    again[first] = False
    return again
