"""Several processes that do the same work until they are told to stop; one that dies is replaced."""

import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from preses_relizes.child_process import end_with_parent

Work = Callable[[int], None]
"""What a process does, told its place among all."""

PROCESSES_MAX = 4
"""Where the settings leave the number open."""
# So that one that cannot even begin is not begun all the time.
_PAUSE_S = 1.0

log = logging.getLogger(__name__)


def sensible() -> int:
    """Return how many processes make use of this machine."""
    # Elsewhere there is no `fork`, or (macOS) libraries that do not bear it.
    return min(os.cpu_count() or 1, PROCESSES_MAX) if sys.platform == "linux" else 1


def keep(count: int, work: Work) -> None:
    """Have *work* done by *count* processes until Ctrl-C or SIGTERM, which ends them all.

    This one only watches; it must have no threads. What it has in memory is shared by all.
    """
    # What is never collected is never written to, so its memory stays shared.
    gc.freeze()
    running: dict[int, BaseProcess] = {}
    try:
        while True:
            running |= {place: _begun(work, place) for place in range(count) if place not in running}
            wait([process.sentinel for process in running.values()])
            for place, ended in [*running.items()]:
                if not ended.is_alive():
                    log.error("process %s ended (%s); another takes its place", ended.pid, ended.exitcode)
                    del running[place]
            time.sleep(_PAUSE_S)  # a signal ends it, as it ends the wait above
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.join()


def _begun(work: Work, place: int) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_work, args=(work, place), daemon=True)
    process.start()
    return process


def _work(work: Work, place: int) -> None:
    end_with_parent()
    # Ctrl-C reaches all processes; the one that watches tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        work(place)
