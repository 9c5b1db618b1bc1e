"""Pages are read by processes of their own: beside the fetching, and so that no page can stop the crawl."""

import gc
import logging
import multiprocessing
import os
import re
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.bulk import INLINED, MARKUP_CHARS_MAX, OMITTED
from crawler.page import Page
from crawler.task import Reading, Task

log = logging.getLogger(__name__)

# A page that takes more of the processor's time ends the process that reads it. The largest real ones take a
# second. By the clock it may take longer, for on a busy machine its turn comes late.
READ_S_MAX, WAITED_S_MAX = 30, 120
# More gain little, for polite fetchers cannot feed them, and each takes 50 MB.
PROCESSES_MAX = 2
# Of each process, and of one that reads alone, as 45,000 addresses of a sitemap need: all of a crawl
# together stay below 300 MB so. The worst of pages takes 58 MB.
MEMORY_BYTES_MAX, ALONE_BYTES_MAX = 60 << 20, 120 << 20
# No more of a page is sent to its reader: letters of Latvian and Russian take two bytes at most.
SENT_BYTES_MAX = 2 * MARKUP_CHARS_MAX
# So many pages go to a process at once where they come faster than they are read: a message and its answer
# take a fifth of what reading a page does. Large ones go alone: a process holds all of its batch.
BATCH = 8
BATCH_BYTES = 250_000
# Who fetches mostly waits, and should not wait for a processor besides: a tenth of the pages a second.
NICENESS = 5

_INLINED = tuple(re.compile(inlined.encode()) for inlined in INLINED)
_OMITTED = tuple((re.compile(bulk.encode()), instead.encode()) for bulk, instead in OMITTED)

_STOP = {signal.SIGTERM}

_Batch = list[tuple[Task, Future[Reading]]]


class Readers:
    """Processes that read pages; they start with the first page. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alone = threading.Lock()
        self._processes = min(os.cpu_count() or 1, PROCESSES_MAX)
        self._pool = _pool(self._processes)
        self._waiting: deque[tuple[Task, Future[Reading]]] = deque()
        self._under_way = 0

    def __enter__(self) -> Self:
        # What they are forked from loads for half a second: beside the first requests, not after them.
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
        with self._lock:
            self._waiting.clear()
            pool = self._pool
        # After Ctrl-C nobody waits for what is still being read.
        for process in multiprocessing.active_children():
            process.kill()
        # Python, at its end, complains of a pool whose own end is still under way.
        pool.shutdown(cancel_futures=True)

    def submit(self, task: Task) -> Future[Reading]:
        """Begin to read a page; the result is had from `result`."""
        future: Future[Reading] = Future()
        with self._lock:
            self._waiting.append((replace(task, page=_sent(task)), future))
        self._send()
        return future

    def result(self, future: Future[Reading], task: Task) -> Reading:
        """Return what a page says; if a process ended meanwhile, over this page or another, read it alone."""
        if future.exception() is None:
            return future.result()
        # Beside others it might be ended by one of them again, and could not have more memory than they.
        with self._alone:
            self._rest()
            with _pool(1, ALONE_BYTES_MAX) as pool:
                again = pool.submit(_in_time, replace(task, page=_sent(task)))
                error = again.exception()
        self._send()
        if error is None:
            return again.result()
        why = "it takes too much time or memory" if isinstance(error, BrokenProcessPool) else repr(error)
        log.error("%s: cannot be read: %s", task.page.url, why)
        return Reading(reason="fault of the extractor")

    def _rest(self) -> None:
        """Let the processes end what they are at, then end: what they hold of memory another needs."""
        with self._lock:
            pool, self._pool = self._pool, _pool(self._processes)
        pool.shutdown()

    def _send(self) -> None:
        """Send what waits, a batch for each process and a full one more; none while a page is read alone."""
        while batch := self._next():
            self._send_batch(batch)

    def _next(self) -> _Batch:
        with self._lock:
            if self._under_way > self._processes or self._alone.locked():
                return []
            sizes = list(accumulate(len(task.page.body) for task, _ in islice(self._waiting, BATCH)))
            fitting = sum(size <= BATCH_BYTES for size in sizes)
            is_full = fitting == BATCH or fitting < len(sizes)
            if self._under_way == self._processes and not is_full:
                return []  # while all are at work, more may come
            return [self._waiting.popleft() for _ in range(max(fitting, 1 if self._waiting else 0))]

    def _send_batch(self, batch: _Batch) -> None:
        with self._lock:
            self._under_way += 1
            pool = self._pool
        received = partial(self._received, pool, batch)
        try:
            sent = pool.submit(_read_each, [task for task, _ in batch])
        except (RuntimeError, OSError) as error:  # it broke, or the crawl is over
            sent = Future()
            sent.set_exception(error)
        sent.add_done_callback(received)

    def _received(self, pool: ProcessPoolExecutor, batch: _Batch, sent: Future[list[Reading]]) -> None:
        """Hand out what came of *batch*: readings, or to each page the error that kept it from being read."""
        with self._lock:
            self._under_way -= 1
            if sent.cancelled():
                return  # nobody waits any more
            error = sent.exception()
            if isinstance(error, BrokenProcessPool) and self._pool is pool:
                self._pool = _pool(self._processes)
        if error is None:
            for (_, future), reading in zip(batch, sent.result(), strict=True):
                future.set_result(reading)
        else:
            for _, future in batch:
                future.set_exception(error)
        self._send()


def _sent(task: Task) -> Page:
    """Return as much of a page as is read of it."""
    # A read-only mapping cannot be sent to a process.
    page = replace(task.page, headers=dict(task.page.headers))
    if task.kind not in ("list", "release") or len(page.body) <= SENT_BYTES_MAX:
        return page
    body = page.body
    for inlined in _INLINED:
        body = inlined.sub(b"=_", body)
    for bulk, instead in _OMITTED:
        if len(body) > SENT_BYTES_MAX:
            body = bulk.sub(instead, body)
    is_whole = page.is_whole and len(body) <= SENT_BYTES_MAX
    return replace(page, body=body[:SENT_BYTES_MAX], is_whole=is_whole)


def _pool(processes: int, memory_bytes: int = MEMORY_BYTES_MAX) -> ProcessPoolExecutor:
    # Forking a process that has threads is unsafe; the fork server has none, and imports all this but once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "crawler.reading"])
    prepare = partial(_prepare_process, memory_bytes)
    return ProcessPoolExecutor(processes, mp_context=context, initializer=prepare)


def _prepare_process(memory_bytes: int) -> None:
    """Leave Ctrl-C to the crawl, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The pool ends them so when one of them has ended.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP)
    # Of one that ends for want of memory the crawl tells; its own last words are a traceback.
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 # as long as the process lives
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    os.nice(NICENESS)
    # Trees of pages are cycles. They are looked for after each page among what it made, and after each batch
    # among all that came since the beginning.
    gc.disable()
    gc.freeze()
    _allow_work()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)


def _read_each(tasks: Sequence[Task]) -> list[Reading]:
    readings = [_in_time(task) for task in tasks]
    gc.collect()
    return readings


def _allow_work() -> None:
    """End the process if it works for long before it is allowed anew; waiting for pages is no work.

    Out of memory, Python may spin for ever on its way out, when no page is being read any more.
    """
    signal.setitimer(signal.ITIMER_PROF, READ_S_MAX)


def _in_time(task: Task) -> Reading:
    from crawler.reading import read  # noqa: PLC0415 # of no use to who only sends, and half of the start

    _allow_work()
    # The signal's own action ends the process, even inside a regular expression that never ends.
    signal.alarm(WAITED_S_MAX)
    try:
        return read(task)
    finally:
        signal.alarm(0)
        gc.collect(0)
