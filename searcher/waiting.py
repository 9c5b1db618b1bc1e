"""Requests that wait for news: few at a time, each for a bounded time, none longer than the service lives."""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any

IS_ENDING = "searcher.is_ending"
"""The key of the environment of a request under which the server says whether it must be answered now."""
WAITING_MAX = 32
"""Requests of one process that wait at a time: each has a thread of its own."""
LOOK_S = 0.5
"""The time between two looks for news."""


class NoRoomError(Exception):
    """The maximum number of requests is waiting already."""


class WaitingRoom:
    """The requests of this process that wait; safe to share between threads."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(WAITING_MAX)

    def looks(self, seconds: float, environment: Mapping[str, Any]) -> Generator[None]:
        """Yield whenever it is time to look for news, at first at once.

        It ends after *seconds*, or once the server ends, as the *environment* of the request says. Close it
        when it is needed no more.

        Raises:
            NoRoomError: too many wait.
        """
        is_ending: Callable[[], bool] = environment.get(IS_ENDING, lambda: False)
        if not self._free.acquire(blocking=False):
            raise NoRoomError
        try:
            ends = time.monotonic() + seconds
            while True:
                yield
                left = ends - time.monotonic()
                if is_ending() or left <= 0:
                    return
                time.sleep(min(LOOK_S, left))  # a new index does not signal that it is there
        finally:
            self._free.release()
