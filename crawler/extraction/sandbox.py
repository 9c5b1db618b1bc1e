"""Confines a reader process: bounded time and memory, no files, no connections."""

import builtins
import gc
import os
import resource
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

from crawler.extraction.file_access import no_new_files, own_files
from preses_relizes.child_process import end_with_parent

# Below the priority of the crawl, so that fetching never waits for a processor; equal priority costs a tenth
# of the pages per second.
NICENESS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLimits:
    """Limits for one page; the kernel ends a process that exceeds them."""

    cpu_s: float
    memory_bytes: int
    wall_s: float
    """Enforced by the parent. Generous, since a reader may wait for a processor on a busy machine."""


def serve(connection: Connection, limits: ReaderLimits) -> None:
    """Read the jobs that arrive on *connection* one by one, until it closes."""
    from crawler.extraction.reader import load, read, trim  # noqa: PLC0415 # takes half of the start-up; only readers need it

    _confine(limits)
    _allow_imports()
    while True:
        # The signal's default action ends the process even inside a C function. Waiting for a page takes no
        # processor time.
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
        try:
            job = trim(connection.recv())
        except EOFError:
            return
        load(job)
        with no_new_files():
            extraction = read(job)
        connection.send(extraction)
        del job, extraction
        # A page's tree is full of cycles.
        gc.collect()


def _allow_imports() -> None:
    """Let libraries import modules while they read, such as the tables for names outside ASCII.

    No page can choose which module that is.
    """
    load = builtins.__import__

    def load_with_files(name: str, *further: Any, **named: Any) -> ModuleType:
        with own_files():
            return load(name, *further, **named)

    builtins.__import__ = load_with_files


def _confine(limits: ReaderLimits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the crawl, which ends its readers
    end_with_parent()
    # The parent reports a reader that runs out of memory; its traceback is noise.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    gc.disable()
    gc.freeze()
