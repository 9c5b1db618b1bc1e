"""Streams that take long: few at a time, in bounded memory, and polite to the searches beside them."""

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


class BusyError(Exception):
    """The maximum number of exports is running already."""


class ExportStreams:
    """The exports of this process; safe to share between threads."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(STREAMS_MAX)

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
            for line in _politely(lines()):
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


def _politely(lines: Iterable[str]) -> Iterator[str]:
    until = time.monotonic() + SLICE_S
    for line in lines:
        yield line
        if time.monotonic() >= until:
            time.sleep(PAUSE_S)  # hands the interpreter's lock to searches
            until = time.monotonic() + SLICE_S
