"""Confines a reader process: bounded time and memory, no files, no connections."""

import builtins
import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

from crawler.extraction.file_access import no_new_files, own_files
from crawler.extraction.job import Extraction, ExtractionJob
from preses_relizes.shared.child_process import end_with_parent

# Below the priority of the crawl, so that fetching never waits for a processor; equal priority costs a tenth
# of the pages per second.
NICENESS = 5
# A look through all that a reader holds takes as long as half a page; trees are found among what is young.
FULL_COLLECTION_EVERY = 50
# After this long a reader returns what it has read of a batch, so that costly pages of one site delay others
# by one page at most.
BATCH_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLimits:
    """Limits for one page; the kernel ends a process that exceeds them."""

    cpu_s: float
    memory_bytes: int
    wall_s: float
    """Enforced by the parent. Generous, since a reader may wait for a processor on a busy machine."""


def serve(connection: Connection, limits: ReaderLimits) -> None:
    """Read the batches of jobs that arrive on *connection*, until it closes."""
    from crawler.extraction import reader  # noqa: F401, PLC0415 # takes half of the start-up; only readers need it

    _confine(limits)
    _allow_imports()
    for number in count(1):
        _limit_cpu_time(limits)
        try:
            jobs = connection.recv()
        except EOFError:
            return
        connection.send(_read_batch(jobs, limits))
        del jobs
        # A page's tree is full of cycles.
        gc.collect(1 if number % FULL_COLLECTION_EVERY else 2)


def _read_batch(jobs: Sequence[ExtractionJob], limits: ReaderLimits) -> list[Extraction]:
    """Return the extractions of *jobs*, or of the first ones if they take longer than BATCH_S."""
    from crawler.extraction.reader import load, read, trim  # noqa: PLC0415 # as above

    extractions: list[Extraction] = []
    until = time.monotonic() + BATCH_S
    for job in map(trim, jobs):
        load(job)
        with no_new_files():
            extractions.append(read(job))
        gc.collect(0)
        if time.monotonic() >= until:
            break
        _limit_cpu_time(limits)
    return extractions


def _limit_cpu_time(limits: ReaderLimits) -> None:
    """Give the next page its time. Waiting for it takes no processor time.

    The signal's default action ends the process even inside a C function.
    """
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)


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
