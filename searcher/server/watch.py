"""What worker processes, the one that watches them, and the keeper of both tell each other."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress

from preses_relizes.keeper import Kept
from preses_relizes.shared.notice import Notice
from preses_relizes.shared.shared_memory import share_sums

# A worker that has taken no request from its queue for so long will take none any more.
_HANGS_S = 120.0
PULSE_S = 5.0
"""How often the keeper hears that this program is alive."""


class Watch:
    """Over *count* workers, for the keeper of this program if it has one; create it before they fork."""

    def __init__(self, count: int, kept: Kept | None = None) -> None:
        self._kept = kept
        self.leaving = Notice()
        """That another program has taken over: accept nobody more, and end with the last connection."""
        self._unready = count
        self._reader, self._writer = os.pipe()
        self._alive = share_sums(count)

    # --- In a worker ---

    def report_ready(self) -> None:
        """Report that this worker answers at once."""
        os.write(self._writer, b".")

    def report_alive(self, place: int) -> None:
        """Report that the worker number *place* takes requests, or has none to take."""
        self._alive[place] = time.monotonic()

    # --- In the process that watches ---

    @property
    def is_orphan(self) -> bool:
        """Whether the keeper has ended."""
        return self._kept is not None and self._kept.is_orphan

    def awaited(self) -> list[int]:
        """Return the descriptors of which one is readable when there is something to `take`."""
        return [self._reader, *([self._kept.fileno()] if self._kept else [])]

    def take(self, readable: int) -> None:
        """Take what came at the descriptor *readable*."""
        if readable == self._reader:
            self._take_ready()
        elif self._kept and readable == self._kept.fileno():
            self._kept.hear()
            if self._kept.should_leave:
                self.leaving.give()

    def pulse(self) -> None:
        """Report to the keeper that this program is alive."""
        if self._kept:
            with suppress(OSError):  # it reads them later, or has ended
                self._kept.pulse()

    def start(self, place: int) -> None:
        """Note that the worker number *place* starts."""
        self._alive[place] = 0.0

    def hanging(self) -> Iterator[int]:
        """Yield the numbers of workers that are no longer alive."""
        now = time.monotonic()
        for place, alive in enumerate(self._alive):
            if alive and now - alive > _HANGS_S:
                yield place

    def _take_ready(self) -> None:
        was_unready = self._unready > 0
        self._unready -= len(os.read(self._reader, 100))
        if was_unready and self._unready <= 0 and self._kept:
            with suppress(OSError):  # it has ended
                self._kept.ready()
