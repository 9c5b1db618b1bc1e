"""Pages are read by processes of their own: beside the fetching, and so that no page can stop the crawl."""

import logging
import multiprocessing
import signal
import threading
import time
from collections import defaultdict
from concurrent.futures import Future
from dataclasses import replace
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pickle import PickleError
from types import TracebackType
from typing import Self

from crawler.extraction.fair_queue import FairQueue
from crawler.extraction.job import Extraction, ExtractionJob
from crawler.extraction.sandbox import ReaderLimits, serve

log = logging.getLogger(__name__)

# Ten times what the largest real pages take. The worst of pages takes 58 MB.
QUICK = ReaderLimits(cpu_s=2, memory_bytes=60 << 20, wall_s=60)
# A page that takes more is read once more, at most one of all sites at a time: 45,000 addresses of a sitemap
# take so much. All of a crawl together stay below 300 MB so.
SLOW = ReaderLimits(cpu_s=15, memory_bytes=120 << 20, wall_s=120)
# A site whose pages have taken this long in the slow way is read only quickly for the rest of the run.
SLOW_S_PER_SITE = 120

_STOP = {signal.SIGTERM}
# What comes of a process that ended, or of a page that cannot be sent to one.
_READER_LOST = (OSError, EOFError, PickleError, TypeError, ValueError, AttributeError)


_Waiting = tuple[ExtractionJob, Future[Extraction]]


class ReaderPool:
    """Processes that read pages; they start with the first page. Safe to share between threads.

    Two desks read pages within the bounds *quick*; the second turns first to the pages that needed more, and
    reads them within the bounds *slow*. Sites take turns at each by what they have cost so far.
    """

    def __init__(self, quick: ReaderLimits = QUICK, slow: ReaderLimits = SLOW) -> None:
        self._quick_bounds, self._slow_bounds = quick, slow
        self._changed = threading.Condition()
        self._quick: FairQueue[_Waiting] = FairQueue()
        self._slow: FairQueue[_Waiting] = FairQueue()
        self._slow_s: defaultdict[str, float] = defaultdict(float)
        self._open: set[Future[Extraction]] = set()
        self._is_closing = False
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._desks: list[threading.Thread] = []

    def __enter__(self) -> Self:
        # Forking a process that has threads is unsafe; the fork server has none, and imports all this once.
        # That takes half a second: beside the first requests, not after them.
        self._context.set_forkserver_preload(["crawler.extraction.sandbox", "crawler.extraction.reader"])
        # It does not hear a SIGTERM to all processes, as systemd sends it: the crawl itself is to end first.
        resource_tracker.ensure_running()  # begun in the midst of the other's start, it would unblock it
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes: after Ctrl-C nobody waits for what is still being read."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        for desk in self._desks:
            while desk.is_alive():  # it may begin a process yet
                for process in multiprocessing.active_children():
                    process.kill()
                desk.join(0.05)
        for future in list(self._open):
            future.cancel()

    def submit(self, task: ExtractionJob) -> Future[Extraction]:
        """Begin to read a page; the future brings a reading, or is cancelled where the crawl ends before."""
        future: Future[Extraction] = Future()
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        with self._changed:
            self._quick.add(task.site.id, (task, future))
            if not self._desks:
                self._desks = [
                    threading.Thread(target=run, daemon=True) for run in (self._quickly, self._both)
                ]
                for desk in self._desks:
                    desk.start()
            self._changed.notify_all()
        return future

    def read(self, task: ExtractionJob) -> Extraction:
        """Return what a page says."""
        return self.submit(task).result()

    def _quickly(self) -> None:
        with _ReaderProcess(self._context, self._quick_bounds) as reader:
            while self._is_work(self._quick):
                self._read_quickly(reader)

    def _both(self) -> None:
        quickly = _ReaderProcess(self._context, self._quick_bounds)
        slowly = _ReaderProcess(self._context, self._slow_bounds)
        with quickly, slowly:
            while self._is_work(self._slow, self._quick):
                # Only one of the two has memory.
                if self._slow:
                    quickly.end()
                    self._read_slowly(slowly)
                else:
                    slowly.end()
                    self._read_quickly(quickly)

    def _is_work(self, *turns: FairQueue[_Waiting]) -> bool:
        """Wait until any of *turns* has some; return False when the crawl is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing or any(turns))
            return not self._is_closing

    def _read_quickly(self, reader: "_ReaderProcess") -> None:
        with self._changed:
            if not self._quick:  # the other desk was faster
                return
            task, future = self._quick.next()
        reading, seconds = _read_timed(task, reader)
        with self._changed:
            self._quick.charge(task.site.id, seconds)
            if reading is None and self._slow_s[task.site.id] < SLOW_S_PER_SITE:
                self._slow.add(task.site.id, (task, future))
                self._changed.notify_all()
                return
        self._answer(future, task, reading)

    def _read_slowly(self, reader: "_ReaderProcess") -> None:
        with self._changed:
            task, future = self._slow.next()
        reading, seconds = _read_timed(task, reader)
        with self._changed:
            self._slow.charge(task.site.id, seconds)
            self._slow_s[task.site.id] += seconds
        self._answer(future, task, reading)

    def _answer(self, future: Future[Extraction], task: ExtractionJob, reading: Extraction | None) -> None:
        if reading is None and not self._is_closing:
            log.error("%s: cannot be read: it takes too much time or memory", task.page.url)
        future.set_result(reading or Extraction(reason="fault of the extractor"))


class _ReaderProcess:
    """A process that reads within *bounds*; where it has ended, the next page begins another."""

    def __init__(self, context: ForkServerContext, bounds: ReaderLimits) -> None:
        self._context = context
        self._bounds = bounds
        self._process: ForkServerProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def read(self, task: ExtractionJob) -> Extraction:
        """Return what a page says; raise one of _LOST if the process does not get through with it."""
        try:
            connection = self._connection or self._start()
            # A read-only mapping cannot be sent to a process.
            connection.send(replace(task, page=replace(task.page, headers=dict(task.page.headers))))
            if not connection.poll(self._bounds.wall_s):
                raise TimeoutError
            reading: Extraction = connection.recv()
        except _READER_LOST:
            self.end()
            raise
        return reading

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        self._connection = ours
        with theirs:
            self._process = self._context.Process(target=serve, args=(theirs, self._bounds), daemon=True)
            self._process.start()
        return ours

    def end(self) -> None:
        """End the process, whatever it is at."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _read_timed(task: ExtractionJob, reader: _ReaderProcess) -> tuple[Extraction | None, float]:
    """Return what a page says, None where the reader did not get through with it; and how long that took."""
    began = time.monotonic()
    try:
        return reader.read(task), time.monotonic() - began
    except _READER_LOST:
        return None, time.monotonic() - began
