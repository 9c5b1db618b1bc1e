"""Shows how a crawl gets on: bars on a terminal, a line per site elsewhere, JSON lines for a log."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self, TextIO

from rich import progress
from rich.console import Console

from crawler.report import SiteReport
from crawler.scheduler.context import FetchRecord

# How often the number of URLs left is counted anew.
REFRESH_S = 1.0


@dataclass(slots=True)
class _Bar:
    """How far a site is."""

    task: progress.TaskID
    began: float
    counted: float
    visits: int = 0


class Progress:
    """Told of every visit by the workers; safe to share between them. *clock* is monotonic seconds."""

    def __init__(
        self,
        console: Console,
        left: Callable[[str], int],
        log: TextIO | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._left = left
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

    def visited(self, visits: Sequence[FetchRecord]) -> None:
        """Count visits to a site, and log them."""
        site = visits[0].entry.site
        with self._lock:
            self._requests[site] += sum(visit.requests for visit in visits)
            self._not_modified[site] += sum(visit.is_304 for visit in visits)
            if self._log:
                self._log.writelines(map(_line, visits))
                self._log.flush()
            if self._console.is_terminal:
                self._advance(site, len(visits))

    def ended(self, report: SiteReport) -> None:
        """Say that a site is done."""
        with self._lock:
            if self._log:
                self._log.write(_event("site", **asdict(report)))
                self._log.flush()
            if not self._console.is_terminal:
                line = f"{report.site}: {report.summary}"
                self._console.print(line, highlight=False, markup=False, soft_wrap=True)
            elif bar := self._sites.get(report.site):
                self._bars.update(bar.task, total=bar.visits, ahead="done")

    def requests(self, site: str) -> int:
        """Return how many requests *site* was sent."""
        return self._requests[site]

    def not_modified(self, site: str) -> int:
        """Return how many of them were answered by 304."""
        return self._not_modified[site]

    def _advance(self, site: str, visits: int) -> None:
        now = self._clock()
        if site not in self._sites:
            task = self._bars.add_task(site, total=None, rate="", ahead="")
            self._sites[site] = _Bar(task, began=now, counted=now)
        bar = self._sites[site]
        bar.visits += visits
        self._bars.advance(bar.task, visits)
        if now - bar.counted >= REFRESH_S:
            bar.counted = now
            # Visits come in groups: only the mean since the beginning is steady.
            rate, left = bar.visits / (now - bar.began), self._left(site)
            ahead = f"{timedelta(seconds=round(left / rate))} left"
            self._bars.update(bar.task, total=bar.visits + left, rate=f"{rate:.1f}/s", ahead=ahead)


def _line(visit: FetchRecord) -> str:
    return _event(
        "visit",
        site=visit.entry.site,
        kind=visit.entry.kind,
        url=visit.entry.ask,
        outcome=visit.end.outcome,
        reason=visit.end.reason,
        not_modified=visit.is_304,
    )


def _event(name: str, **facts: object) -> str:
    """Return one line of JSON; control characters and what is not ASCII are escaped by it."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": at, "event": name, **facts}) + "\n"
