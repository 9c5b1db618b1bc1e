"""Worker processes: all do the same work until a signal ends them; any that die are replaced."""

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

from preses_relizes.shared.child_process import end_with_parent

Work = Callable[[int], None]
"""The work of a process, given its number among all."""

PROCESSES_MAX = 4
"""The most by default; more must be set explicitly."""
# Minimum time between restarts: a process may fail at its start.
_PAUSE_S = 1.0
_ENDING = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger(__name__)


def default_count() -> int:
    """Return the number of processes that suits this machine."""
    return min(os.cpu_count() or 1, PROCESSES_MAX) if can_supervise() else 1


def can_supervise() -> bool:
    """Return whether the system has `fork`, and (unlike macOS) libraries that survive it."""
    return sys.platform == "linux"


def supervise(count: int, work: Work, *, before_end: Callable[[], None] = lambda: None) -> None:
    """Run *work* in *count* processes until Ctrl-C or SIGTERM, which calls *before_end* and ends them all.

    The calling process only watches and must have no threads. The others share its memory.
    """
    # The collector would write to objects and so copy their memory.
    gc.freeze()
    running: dict[int, BaseProcess] = {}
    try:
        while True:
            running |= {place: _start(work, place) for place in range(count) if place not in running}
            started = time.monotonic()
            wait([process.sentinel for process in running.values()])
            for place, process in [*running.items()]:
                if not process.is_alive():
                    log.error("process %s ended (%s); starting another", process.pid, process.exitcode)
                    del running[place]
            # A signal interrupts this pause and the wait above.
            pause_s = max(0.0, started + _PAUSE_S - time.monotonic())
            time.sleep(pause_s)  # lest a process that fails at its start is restarted in a busy loop
    finally:
        before_end()
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.join()


def _start(work: Work, place: int) -> BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_run, args=(work, place), daemon=True)
    # Python ignores what a signal raises in the hooks of a fork, so the signal has to wait.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    return process


def _run(work: Work, place: int) -> None:
    end_with_parent()
    # Ctrl-C reaches all processes; the parent ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        work(place)
