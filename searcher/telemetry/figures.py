"""Counters of all serving processes, in shared memory."""

import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from preses_relizes.shared.shared_memory import share_sums
from searcher.telemetry.exchange import NO_ENDPOINT, SERVER, Exchange

PLACES_MAX = 64
"""Processes that may count, each at its own place; as many as the settings allow."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
HITS = (0.0, 1.0, 10.0, 100.0, 1_000.0, 10_000.0)
"""Upper bounds of the buckets: of the seconds of an answer, and of the hits of a search."""
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


@dataclass(frozen=True, slots=True)
class Distribution:
    """How values are distributed: how many are up to each bound, the last without one, and their sum."""

    counts: tuple[float, ...]
    sum: float


class Figures:
    """Counts exchanges by endpoint and status class, their seconds, and the hits of searches.

    Each process has a row, so none waits for another. One that replaces a process that ended continues
    its row: the sums never fall while the service runs. Create it before the processes fork.
    """

    def __init__(self, endpoints: Sequence[str]) -> None:
        self.endpoints = tuple(sorted({*endpoints, NO_ENDPOINT, SERVER}))
        self._begins = {name: place * _BLOCK for place, name in enumerate(self.endpoints)}
        self._hits = len(self.endpoints) * _BLOCK
        self._width = self._hits + len(HITS) + 3
        self._values = share_sums(PLACES_MAX * self._width)
        self._row, self._lock = 0, threading.Lock()

    def count_at(self, place: int) -> None:
        """Let this process count at *place*, which no other running process has."""
        self._row = place * self._width

    def record(self, exchange: Exchange) -> None:
        """Count an exchange."""
        begin = self._begins.get(exchange.endpoint, self._begins[NO_ENDPOINT])
        seconds = begin + len(STATUSES)
        with self._lock:
            self._add(begin + exchange.status // 100 - 1, 1)
            self._add(seconds + bisect_left(SECONDS, exchange.seconds), 1)
            self._add(seconds + len(SECONDS) + 1, exchange.seconds)
            if search := exchange.search:
                self._add(self._hits + bisect_left(HITS, search.total), 1)
                self._add(self._hits + len(HITS) + 1, search.total)
                self._add(self._hits + len(HITS) + 2, not search.has_match)

    def _add(self, position: int, value: float) -> None:
        self._values[self._row + position] += value

    def requests(self) -> Iterator[tuple[str, str, float]]:
        """Yield endpoint, class of status and number of answers, where there are any."""
        sums = self._sums()
        for endpoint, begin in self._begins.items():
            for place, status in enumerate(STATUSES):
                if count := sums[begin + place]:
                    yield endpoint, status, count

    def seconds(self) -> Iterator[tuple[str, Distribution]]:
        """Yield each endpoint that was called, and the distribution of its seconds."""
        sums = self._sums()
        for endpoint, begin in self._begins.items():
            distribution = _distribution(sums[begin + len(STATUSES) : begin + _BLOCK])
            if distribution.counts[-1]:
                yield endpoint, distribution

    def hits(self) -> Distribution:
        """Return the distribution of the number of hits of searches."""
        return _distribution(self._sums()[self._hits : -1])

    def without_match(self) -> float:
        """Return the number of searches whose whole query no release matches."""
        return self._sums()[-1]

    def _sums(self) -> list[float]:
        rows = self._values.reshape(PLACES_MAX, self._width)
        sums: list[float] = rows.sum(axis=0).tolist()
        return sums


# An endpoint's figures: answers by class of status, answers by seconds, and the sum of their seconds.
_BLOCK = len(STATUSES) + len(SECONDS) + 2


def _distribution(values: Sequence[float]) -> Distribution:
    *counts, total = values
    return Distribution(tuple(accumulate(counts)), total)
