"""Worker processes: all do the same work until it ends; any that die before are replaced."""

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

from preses_relizes.shared.child_process import end_with_parent
from preses_relizes.shared.signals import Ending

Work = Callable[[int], None]
"""The work of a process, given its number among all; it ends by itself at the ending."""

PROCESSES_MAX = 4
"""The most by default; more must be set explicitly."""
# Minimum time between restarts: a process may fail at its start.
_PAUSE_S = 1.0
# How often a process is started again that dies while the service ends.
_ENDS_MAX = 2

log = logging.getLogger(__name__)


def default_count() -> int:
    """Return the number of processes that suits this machine."""
    return min(os.cpu_count() or 1, PROCESSES_MAX) if can_supervise() else 1


def can_supervise() -> bool:
    """Return whether the system has `fork`, and (unlike macOS) libraries that survive it."""
    return sys.platform == "linux"


def supervise(count: int, work: Work, ending: Ending) -> None:
    """Run *work* in *count* processes until all of them have ended after the *ending*.

    The calling process only watches and must have no threads. The others share its memory. They are killed
    if it is interrupted.
    """
    # The collector would write to objects and so copy their memory.
    gc.freeze()
    running: dict[int, BaseProcess] = {}
    try:
        while not ending.has_come:
            _fill(running, count, work)
            next_start = time.monotonic() + _PAUSE_S
            wait([ending.fileno(), *(process.sentinel for process in running.values())])
            wait([ending.fileno()], next_start - time.monotonic())
        for _ in range(_ENDS_MAX):  # what waits is answered, even if all have died
            _fill(running, count, work)
            for process in running.values():
                process.join()
    finally:
        for process in running.values():
            process.kill()


def _fill(running: dict[int, BaseProcess], count: int, work: Work) -> None:
    """Start a process for each number that has none, or whose process has died."""
    fork = multiprocessing.get_context("fork")
    for place in range(count):
        process = running.get(place)
        if process is not None and process.exitcode:
            log.error("process %s ended (%s); starting another", process.pid, process.exitcode)
        if process is None or process.exitcode:
            running[place] = fork.Process(target=_run, args=(work, place), daemon=True)
            running[place].start()


def _run(work: Work, place: int) -> None:
    end_with_parent()
    # They may reach all processes of a group; the parent tells its own of the ending.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    work(place)
