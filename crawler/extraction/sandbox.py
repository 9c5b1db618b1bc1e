"""What a process that reads strangers' pages may take: time, memory, no file and no connection."""

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

# Fetching mostly waits, and should not wait for a processor besides: a tenth of the pages a second.
NICENESS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLimits:
    """What one page may take; the kernel ends the process that takes more."""

    cpu_s: float
    memory_bytes: int
    wall_s: float
    """A page that waits is stopped by the parent: on a busy machine its turn comes late."""


def serve(connection: Connection, bounds: ReaderLimits) -> None:
    """Read the pages that come over *connection* one by one, until it is closed."""
    from crawler.extraction.reader import load, read, trim  # noqa: PLC0415 # half of the start, and only readers need it

    _confine(bounds)
    _allow_imports()
    while True:
        # The signal's own action ends the process, even inside a C function that never ends. Waiting for a
        # page takes no processor time.
        signal.setitimer(signal.ITIMER_PROF, bounds.cpu_s)
        try:
            task = trim(connection.recv())
        except EOFError:
            return
        load(task)
        with no_new_files():
            reading = read(task)
        connection.send(reading)
        del task, reading
        # Trees of pages are cycles.
        gc.collect()


def _allow_imports() -> None:
    """Let libraries import what they need on the way, such as the tables for names outside ASCII.

    Which modules there are, no page decides.
    """
    load = builtins.__import__

    def load_with_files(name: str, *further: Any, **named: Any) -> ModuleType:
        with own_files():
            return load(name, *further, **named)

    builtins.__import__ = load_with_files


def _confine(bounds: ReaderLimits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the crawl, which ends its readers
    end_with_parent()
    # The parent reports a reader that runs out of memory; its own last words are a traceback.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    resource.setrlimit(resource.RLIMIT_DATA, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    gc.disable()
    gc.freeze()
