"""Waits for something that another process does a moment later."""

import threading
import time
from collections.abc import Callable

# Generous: a machine that runs many tests at once may stop a process for seconds.
DEADLINE_S = 120.0
_PAUSE_S = 0.05


def wait_until(is_done: Callable[[], bool]) -> None:
    """Return as soon as *is_done*; fail if that takes longer than `DEADLINE_S`."""
    deadline = time.monotonic() + DEADLINE_S
    while not is_done():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(_PAUSE_S)
