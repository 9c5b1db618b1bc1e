"""A pool of two reader processes: pages are read during downloads, and none can stop the crawl."""

import logging
import multiprocessing
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
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

# Ten times what the largest real pages take. The worst test page takes 58 MB.
QUICK = ReaderLimits(cpu_s=2, memory_bytes=60 << 20, wall_s=60)
# A page that exceeds QUICK is read again, one such page at a time: a sitemap of 45,000 URLs needs this. A
# whole crawl then stays below 300 MB.
SLOW = ReaderLimits(cpu_s=15, memory_bytes=120 << 20, wall_s=120)
# After this much slow reading, a site gets no second attempts for the rest of the run.
SLOW_S_PER_SITE = 120

# Pages that wait are sent together, because a message and its answer cost a fifth of what reading a page
# does. Large ones are sent alone, because a reader holds all of its batch.
BATCH_PAGES, BATCH_BYTES = 8, 250_000

# SIGHUP reopens the log of the crawl.
_STOP = {signal.SIGTERM, signal.SIGHUP}
# Raised when a process has ended, or a page cannot be pickled.
_READER_LOST = (OSError, EOFError, PickleError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A page to read, and the future of its extraction."""

    job: ExtractionJob
    future: Future[Extraction]
    is_suspect: bool = False
    """Whether a reader was lost while it read this page and others."""


class ReaderPool:
    """Reader processes; they start with the first page. Thread-safe.

    Two threads each drive one process with the limits *quick*. The second thread first serves pages that
    exceeded them, with the limits *slow*. The site that has cost least so far goes first.
    """

    def __init__(self, quick: ReaderLimits = QUICK, slow: ReaderLimits = SLOW) -> None:
        self._quick_limits, self._slow_limits = quick, slow
        self._changed = threading.Condition()
        self._quick: FairQueue[_Waiting] = FairQueue()
        self._slow: FairQueue[_Waiting] = FairQueue()
        self._slow_s: defaultdict[str, float] = defaultdict(float)
        self._open: set[Future[Extraction]] = set()
        self._is_closing = False
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        # Forking a process with threads is unsafe; the fork server has none. It imports the extractor once,
        # during the first requests: that takes half a second.
        self._context.set_forkserver_preload(["crawler.extraction.sandbox", "crawler.extraction.reader"])
        # systemd signals all processes. The fork server blocks these signals: the crawl ends first, then its
        # readers. The resource tracker starts before, because starting both together would unblock them.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill all processes; pages still being read are dropped."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        for thread in self._threads:
            while thread.is_alive():  # the thread may still start a process
                for process in multiprocessing.active_children():
                    process.kill()
                thread.join(0.05)
        for future in list(self._open):
            future.cancel()

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        """Queue a page; the future returns its extraction, or is cancelled if the crawl ends first."""
        future: Future[Extraction] = Future()
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        with self._changed:
            self._quick.add(job.site.id, _Waiting(job, future))
            if not self._threads:
                loops = (self._run_quick_reader, self._run_both_readers)
                self._threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
                for thread in self._threads:
                    thread.start()
            self._changed.notify()  # either thread can read it
        return future

    def read(self, job: ExtractionJob) -> Extraction:
        """Extract the page of *job*, and wait for the result."""
        return self.submit(job).result()

    def _run_quick_reader(self) -> None:
        with _ReaderProcess(self._context, self._quick_limits) as reader:
            while self._wait_for_work(self._quick):
                self._read_quickly(reader)

    def _run_both_readers(self) -> None:
        quickly = _ReaderProcess(self._context, self._quick_limits)
        slowly = _ReaderProcess(self._context, self._slow_limits)
        with quickly, slowly:
            while self._wait_for_work(self._slow, self._quick):
                # Only one of the two may hold memory.
                if self._slow:
                    quickly.end()
                    self._read_slowly(slowly)
                else:
                    slowly.end()
                    self._read_quickly(quickly)

    def _wait_for_work(self, *queues: FairQueue[_Waiting]) -> bool:
        """Wait until any of *queues* has an item; return False once the pool closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing or any(queues))
            return not self._is_closing

    def _read_quickly(self, reader: "_ReaderProcess") -> None:
        with self._changed:
            if not self._quick:  # the other thread took it
                return
            batch = self._quick.next_batch(_share_of_batch)
        site = batch[0].job.site.id
        extractions, seconds = _read_timed(batch, reader)
        with self._changed:
            self._quick.charge(site, seconds)
            if extractions is not None:
                self._quick.put_back(site, batch[len(extractions) :])
            elif len(batch) > 1:  # read alone, each shows whether it ended the reader
                self._quick.put_back(site, [replace(waiting, is_suspect=True) for waiting in batch])
            elif self._slow_s[site] < SLOW_S_PER_SITE:
                self._slow.add(site, batch[0])
            else:
                extractions = [None]
            self._changed.notify_all()
        self._set_results(batch, extractions or ())

    def _read_slowly(self, reader: "_ReaderProcess") -> None:
        with self._changed:
            waiting = self._slow.next()
        extractions, seconds = _read_timed([waiting], reader)
        site = waiting.job.site.id
        with self._changed:
            self._slow.charge(site, seconds)
            self._slow_s[site] += seconds
        self._set_results([waiting], extractions or [None])

    def _set_results(self, batch: Sequence[_Waiting], extractions: Sequence[Extraction | None]) -> None:
        for waiting, extraction in zip(batch, extractions, strict=False):
            if extraction is None and not self._is_closing:
                log.error("%s: not read: it takes too much time or memory", waiting.job.page.url)
            waiting.future.set_result(extraction or Extraction(reason="fault of the extractor"))


class _ReaderProcess:
    """A reader process within *limits*; after it ends, the next page starts another."""

    def __init__(self, context: ForkServerContext, limits: ReaderLimits) -> None:
        self._context = context
        self._limits = limits
        self._process: ForkServerProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def read(self, jobs: Sequence[ExtractionJob]) -> list[Extraction]:
        """Extract the pages of *jobs*, or the first ones if they take long.

        Raises one of _READER_LOST if the process fails on one of them.
        """
        try:
            connection = self._connection or self._start()
            # A read-only mapping cannot be pickled.
            connection.send(
                [replace(job, page=replace(job.page, headers=dict(job.page.headers))) for job in jobs]
            )
            if not connection.poll(self._limits.wall_s):
                raise TimeoutError
            extractions: list[Extraction] = connection.recv()
        except _READER_LOST:
            self.end()
            raise
        return extractions

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        self._connection = ours
        with theirs:
            self._process = self._context.Process(target=serve, args=(theirs, self._limits), daemon=True)
            self._process.start()
        return ours

    def end(self) -> None:
        """Kill the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _share_of_batch(waiting: _Waiting) -> float:
    """Return the share of a batch that a page takes up; above 1 if it is read alone."""
    if waiting.is_suspect or waiting.job.kind not in ("list", "release"):
        return 2
    return max(1 / BATCH_PAGES, len(waiting.job.page.body) / BATCH_BYTES)


def _read_timed(
    batch: Sequence[_Waiting], reader: _ReaderProcess
) -> tuple[list[Extraction | None] | None, float]:
    """Return the extractions of *batch*, or None if the reader failed, and the seconds that took."""
    began = time.monotonic()
    try:
        return [*reader.read([waiting.job for waiting in batch])], time.monotonic() - began
    except _READER_LOST:
        return None, time.monotonic() - began
