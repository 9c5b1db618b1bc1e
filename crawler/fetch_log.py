"""The log of a crawl: JSON lines in a file that may be rotated while the crawl is running."""

import json
import signal
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from crawler.scheduler import FetchRecord


class FetchLog:
    """Appends lines to the file at *path*; SIGHUP makes it open the file of that name again.

    Use it in the main thread; any thread may append, one at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("a", encoding="ascii")
        self._is_rotated = False

    def __enter__(self) -> Self:
        self._handler = signal.signal(signal.SIGHUP, self._note_rotation)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGHUP, self._handler)
        self._file.close()

    def append(self, lines: Iterable[str]) -> None:
        """Write *lines* to the file; each has its newline."""
        if self._is_rotated:
            self._is_rotated = False
            self._file.close()
            self._file = self._path.open("a", encoding="ascii")
        self._file.writelines(lines)
        self._file.flush()

    def _note_rotation(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what a handler gets
        self._is_rotated = True


def fetch_line(record: FetchRecord) -> str:
    """Return the line about a fetched URL."""
    return event_line(
        "visit",
        site=record.entry.site,
        kind=record.entry.kind,
        url=record.entry.request_url,
        outcome=record.end.outcome,
        reason=record.end.reason,
        not_modified=record.is_304,
    )


def event_line(name: str, **facts: object) -> str:
    """Return a line of JSON, in which control characters and non-ASCII characters are escaped."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": at, "event": name, **facts}) + "\n"
