"""Worker processes: all do the same work until it ends; any that die before are replaced."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from preses_relizes.shared.child_process import end_with_parent
from preses_relizes.shared.signals import Ending
from searcher.server.watch import PULSE_S, Watch

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


def supervise(count: int, work: Work, ending: Ending, watch: Watch | None = None) -> None:
    """Run *work* in *count* processes until all have ended: after the *ending*, or with their connections.

    The calling process only watches and must have no threads. The others share its memory. They are killed
    if it is interrupted, or its keeper has ended.
    """
    # The collector would write to objects and so copy their memory.
    gc.freeze()
    watch = watch or Watch(count)
    running: dict[int, BaseProcess] = {}
    try:
        _keep_running(running, count, work, ending, watch)
        if watch.leaving.has_come:
            _let_leave(running, ending, watch)
        for _ in range(_ENDS_MAX):  # what waits is answered, even if all have died
            if not watch.leaving.has_come and not watch.is_orphan:
                _fill(running, count, work, watch)
            for process in running.values():
                if not watch.is_orphan:
                    process.join()
    finally:
        for process in running.values():
            process.kill()


def _attend(awaited: Sequence[int], watch: Watch, wait_s: float) -> None:
    """Wait until one of the descriptors is readable, and take what came to the *watch*."""
    readable = wait([*awaited, *watch.awaited()], wait_s)
    for one in watch.awaited():
        if one in readable:
            watch.take(one)


def _keep_running(
    running: dict[int, BaseProcess], count: int, work: Work, ending: Ending, watch: Watch
) -> None:
    """Replace each process that dies or hangs, until they should end."""
    next_start = 0.0
    while not (ending.has_come or watch.leaving.has_come or watch.is_orphan):
        ended = [process for process in running.values() if process.exitcode is not None]
        now = time.monotonic()
        if len(running) < count or (ended and now >= next_start):
            _fill(running, count, work, watch)
            next_start = now + _PAUSE_S
            ended = []
        sentinels = [process.sentinel for process in running.values() if process.exitcode is None]
        wait_s = next_start - now if ended else PULSE_S
        _attend([ending.fileno(), *sentinels], watch, wait_s)
        watch.pulse()
        _kill_hanging(running, watch)


def _let_leave(running: dict[int, BaseProcess], ending: Ending, watch: Watch) -> None:
    """Wait until all processes have ended, or should do so at once."""
    while not ending.has_come and not watch.is_orphan:
        sentinels = [process.sentinel for process in running.values() if process.exitcode is None]
        if not sentinels:
            return
        _attend([ending.fileno(), *sentinels], watch, PULSE_S)
        _kill_hanging(running, watch)


def _kill_hanging(running: dict[int, BaseProcess], watch: Watch) -> None:
    for place in watch.hanging():
        log.error("process %s answers nobody", running[place].pid)
        running[place].kill()


def _fill(running: dict[int, BaseProcess], count: int, work: Work, watch: Watch) -> None:
    """Start a process for each number that has none, or whose process has died."""
    fork = multiprocessing.get_context("fork")
    for place in range(count):
        process = running.get(place)
        if process is not None and process.exitcode:
            log.error("process %s ended (%s); starting another", process.pid, process.exitcode)
        if process is None or process.exitcode:
            watch.start(place)
            running[place] = fork.Process(target=_run, args=(work, place), daemon=True)
            running[place].start()


def _run(work: Work, place: int) -> None:
    end_with_parent()
    # They may reach all processes of a group; the parent tells its own of the ending.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    work(place)
