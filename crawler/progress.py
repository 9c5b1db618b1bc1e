"""The progress of a crawl: bars on a terminal, a line per site elsewhere, JSON lines in a log."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich import progress
from rich.console import Console

from crawler.fetch_log import FetchLog, event_line, fetch_line
from crawler.reports import SiteReport
from crawler.scheduler import FetchRecord

# Seconds between two counts of the URLs left.
REFRESH_S = 1.0


@dataclass(slots=True)
class _Bar:
    """The bar of a site."""

    task: progress.TaskID
    began: float
    counted: float
    fetches: int = 0


class Progress:
    """Collects the fetches of all workers; thread-safe.

    *count_left* returns the number of due URLs of a site; *clock* returns monotonic seconds.
    """

    def __init__(
        self,
        console: Console,
        count_left: Callable[[str], int],
        log: FetchLog | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._count_left = count_left
        self._log = log
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._not_modified: Counter[str] = Counter()
        self._sites: dict[str, _Bar] = {}
        self._bars = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[rate]}"),
            progress.TextColumn("{task.fields[ahead]}"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def add(self, records: Sequence[FetchRecord]) -> None:
        """Count and log fetches of one site."""
        site = records[0].entry.site
        with self._lock:
            self._requests[site] += sum(record.requests for record in records)
            self._not_modified[site] += sum(record.is_304 for record in records)
            if self._log:
                self._log.append(map(fetch_line, records))
            if self._console.is_terminal:
                self._advance(site, len(records))

    def end_site(self, report: SiteReport) -> None:
        """Show and log that a site is done."""
        with self._lock:
            if self._log:
                self._log.append([event_line("site", **asdict(report))])
            if not self._console.is_terminal:
                line = f"{report.site}: {report.summary}"
                self._console.print(line, highlight=False, markup=False, soft_wrap=True)
            elif bar := self._sites.get(report.site):
                self._bars.update(bar.task, total=bar.fetches, ahead="done")

    def count_requests(self, site: str) -> int:
        """Return the number of requests to *site*."""
        return self._requests[site]

    def count_not_modified(self, site: str) -> int:
        """Return the number of 304 responses of *site*."""
        return self._not_modified[site]

    def _advance(self, site: str, fetches: int) -> None:
        now = self._clock()
        if site not in self._sites:
            task = self._bars.add_task(site, total=None, rate="", ahead="")
            self._sites[site] = _Bar(task, began=now, counted=now)
        bar = self._sites[site]
        bar.fetches += fetches
        self._bars.advance(bar.task, fetches)
        if now - bar.counted >= REFRESH_S:
            bar.counted = now
            # Fetches are reported in groups, so only the mean since the beginning is steady.
            rate, left = bar.fetches / (now - bar.began), self._count_left(site)
            ahead = f"{timedelta(seconds=round(left / rate))} left"
            self._bars.update(bar.task, total=bar.fetches + left, rate=f"{rate:.1f}/s", ahead=ahead)
