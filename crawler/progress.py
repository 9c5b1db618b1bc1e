"""Shows how a crawl gets on: bars on a terminal, a line per site elsewhere, JSON lines for a log."""

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TextIO

from rich import progress
from rich.console import Console

from crawler.report import SiteReport
from crawler.visits import Visit

# How often the number of URLs left is counted anew.
REFRESH_S = 1.0


class Progress:
    """Told of every visit by the workers; safe to share between them."""

    def __init__(self, console: Console, left: Callable[[str], int], log: TextIO | None = None) -> None:
        self._console = console
        self._left = left
        self._log = log
        self._lock = threading.Lock()
        self._visits: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._not_modified: Counter[str] = Counter()
        self._tasks: dict[str, progress.TaskID] = {}
        self._counted: defaultdict[str, float] = defaultdict(float)
        self._bars = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[rate]}"),
            progress.TimeRemainingColumn(),
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

    def visited(self, visit: Visit) -> None:
        """Count a visit, and log it."""
        with self._lock:
            self._requests[visit.entry.site] += visit.requests
            self._not_modified[visit.entry.site] += visit.is_304
            if self._log:
                self._log.write(_line(visit))
                self._log.flush()
            if self._console.is_terminal:
                self._advance(visit.entry.site)

    def ended(self, report: SiteReport) -> None:
        """Say that a site is done."""
        with self._lock:
            if not self._console.is_terminal:
                line = f"{report.site}: {report.summary}"
                self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def requests(self, site: str) -> int:
        """Return how many requests *site* was sent."""
        return self._requests[site]

    def not_modified(self, site: str) -> int:
        """Return how many of them were answered by 304."""
        return self._not_modified[site]

    def _advance(self, site: str) -> None:
        if site not in self._tasks:
            self._tasks[site] = self._bars.add_task(site, total=None, rate="")
        self._visits[site] += 1
        if time.monotonic() - self._counted[site] > REFRESH_S:
            self._counted[site] = time.monotonic()
            speed = self._bars.tasks[self._tasks[site]].speed or 0.0
            self._bars.update(
                self._tasks[site], total=self._visits[site] + self._left(site), rate=f"{speed:.1f}/s"
            )
        self._bars.advance(self._tasks[site])


def _line(visit: Visit) -> str:
    """Return *visit* as one line of JSON; control characters and what is not ASCII are escaped by it."""
    event = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "event": "visit",
        "site": visit.entry.site,
        "kind": visit.entry.kind,
        "url": visit.entry.ask,
        "outcome": visit.end.outcome,
        "reason": visit.end.reason,
        "not_modified": visit.is_304,
    }
    return json.dumps(event) + "\n"
