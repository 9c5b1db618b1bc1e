"""How long the hosts of a crawl took to answer."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.scheduler import FetchRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTime:
    """The times of a host, in seconds from request to the last byte; waits between requests do not count."""

    host: str
    answers: int
    mean_s: float
    slowest_s: float


class HostTimes:
    """Collects the times of all hosts; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: defaultdict[str, tuple[int, float, float]] = defaultdict(lambda: (0, 0.0, 0.0))

    def add(self, records: Sequence[FetchRecord]) -> None:
        """Add the pages of *records*."""
        with self._lock:
            for record in records:
                if record.page is not None:
                    host = urlsplit(record.page.url).netloc
                    answers, seconds, slowest = self._sums[host]
                    taken = record.page.seconds
                    self._sums[host] = answers + 1, seconds + taken, max(slowest, taken)

    def slowest_first(self) -> tuple[HostTime, ...]:
        """Return the times of all hosts, the highest mean first."""
        with self._lock:
            times = [
                HostTime(
                    host=host,
                    answers=answers,
                    mean_s=round(seconds / answers, 3),
                    slowest_s=round(slowest, 3),
                )
                for host, (answers, seconds, slowest) in self._sums.items()
            ]
        return tuple(sorted(times, key=lambda time: (-time.mean_s, time.host)))
