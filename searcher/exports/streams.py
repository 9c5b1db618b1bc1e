"""Long streams: few at a time, in bounded memory, giving way to searches."""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain

from werkzeug.wsgi import ClosingIterator

STREAMS_MAX = 2
"""Exports that one process makes at a time."""
CHUNK_CHARS = 32_000
TIME_S = 3_600.0
"""A client that takes longer for a whole export is cut off."""
# After each slice of work the thread sleeps, so that searches get the interpreter's lock at once. Otherwise
# they would wait up to 5 ms each time, the switch interval. `python -m benchmarks.export` measures it.
SLICE_S, PAUSE_S = 0.002, 0.002
PATIENCE_S = 0.05
"""The longest that a stream waits for its next slice while the service is busy without a break."""


class BusyError(Exception):
    """The maximum number of exports is running already."""


class ExportStreams:
    """The exports of this process; safe to share between threads.

    They wait while *is_busy*, which the server sets, for *patience_s* at most.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._free = threading.BoundedSemaphore(STREAMS_MAX)
        self._patience_s = patience_s
        self.is_busy: Callable[[], bool] = lambda: False

    def start(self, lines: Callable[[], Iterable[str]]) -> Iterable[bytes]:
        """Return what *lines* returns as chunks of UTF-8; it is called once there is room for another stream.

        The first chunk is made at once, so that errors are raised here. Close what is returned.

        Raises:
            BusyError: there is no room.
        """
        if not self._free.acquire(blocking=False):
            raise BusyError
        chunks = self._chunks(lines)
        first = next(chunks, b"")
        return ClosingIterator(chain((first,), chunks), chunks.close)

    def _chunks(self, lines: Callable[[], Iterable[str]]) -> Generator[bytes]:
        ends = time.monotonic() + TIME_S
        try:
            kept: list[str] = []
            size = 0
            for line in self._yield_to_searches(lines()):
                kept.append(line)
                size += len(line)
                if size >= CHUNK_CHARS:
                    yield "".join(kept).encode()
                    kept, size = [], 0
                    if time.monotonic() > ends:
                        raise TimeoutError("the client took too long for the export")
            if kept:
                yield "".join(kept).encode()
        finally:
            self._free.release()

    def _yield_to_searches(self, lines: Iterable[str]) -> Iterator[str]:
        until, is_idle = time.monotonic() + SLICE_S, True
        for line in lines:
            yield line
            if time.monotonic() >= until or (is_idle and self.is_busy()):
                is_idle = self._wait()
                until = time.monotonic() + SLICE_S

    def _wait(self) -> bool:
        """Sleep until no request is being answered; return False if patience ends first."""
        ends = time.monotonic() + self._patience_s
        time.sleep(PAUSE_S)  # releases the interpreter's lock
        while self.is_busy():
            if time.monotonic() >= ends:
                return False
            time.sleep(PAUSE_S)  # nothing signals that the last request is answered
        return True
