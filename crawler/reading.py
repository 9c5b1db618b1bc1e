"""Pages are read by processes of their own: beside the fetching, and so that no page can stop the crawl."""

import logging
import multiprocessing
import os
import re
import resource
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from types import TracebackType
from typing import Literal, ParamSpec, Self

from crawler import attachments
from crawler.config import CrawlerConfig, Site, Template
from crawler.discovery import Found
from crawler.extractor import ExtractionError, extract
from crawler.fetcher import Page
from crawler.store import Release

log = logging.getLogger(__name__)

P = ParamSpec("P")

NoRelease = Literal["no release", "noindex", "no text", "fault of the extractor"]

# A page that takes longer ends the process that reads it. The largest real ones take a second.
READ_S_MAX = 30
# More gain nothing: one fetcher at a time per host cannot feed them.
PROCESSES_MAX = 4
# Of each process; the dictionaries of the languages take a tenth of it.
MEMORY_BYTES_MAX = 1 << 30
# Neighbours of a page that ends its process are read again; should they have two such, so be it.
TRIES = 3

# What no page should be able to raise. If one does, it must not keep the others from being read.
UNFORESEEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)

_NOINDEX = re.compile(r"""<meta[^>]+name\s*=\s*["']?(?:robots|googlebot)\b[^>]*\bnoindex\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page says: a release, the text of an attachment, or why it is neither."""

    release: Release | None = None
    text: str = ""
    """Of an attachment."""
    reason: NoRelease | None = None


def read_attachment(page: Page) -> Reading:
    """Return the text of the file that *page* is."""
    try:
        return Reading(text=attachments.text_of(page.body))
    except attachments.AttachmentError as error:
        log.info("%s: %s", page.url, error)
        return Reading(reason="no text")
    except UNFORESEEN:
        log.exception("%s: a fault in reading the file; please report it", page.url)
        return Reading(reason="fault of the extractor")


def read(page: Page, site: Site, templates: Mapping[str, Template], hints: Found | None) -> Reading:
    """Return what *page* says."""
    try:
        text = page.text
        if "noindex" in page.headers.get("x-robots-tag", "").lower() or _NOINDEX.search(text):
            return Reading(reason="noindex")
        release = extract(text, page.url, site, templates, fetched=page.fetched, hints=hints)
    except ExtractionError as error:
        log.info("%s", error)
        return Reading(reason="no release")
    except UNFORESEEN:
        log.exception("%s: a fault of the extractor; please report it", page.url)
        return Reading(reason="fault of the extractor")
    return Reading(release=release)


class Readers:
    """Processes that read pages; they start with the first page. Safe to share between threads."""

    def __init__(self, config: CrawlerConfig) -> None:
        self._templates = config.templates
        self._lock = threading.Lock()
        self._pool = _pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, page: Page, site: Site | None, hints: Found | None) -> Future[Reading]:
        """Begin to read *page* of *site*, or as an attachment; the result is had from `result`."""
        page = replace(page, headers=dict(page.headers))  # a read-only mapping cannot be sent to a process
        if site is None:
            with self._lock:
                return self._pool.submit(_in_time, read_attachment, page)
        templates = {name: self._templates[name] for name in (site.template, *site.older_templates)}
        with self._lock:
            return self._pool.submit(_in_time, read, page, site, templates, hints)

    def result(self, future: Future[Reading], page: Page, site: Site | None, hints: Found | None) -> Reading:
        """Return what *page* says; if a process ended meanwhile, over this page or another, try again."""
        for _ in range(TRIES):
            pool = self._pool
            try:
                return future.result()
            except BrokenProcessPool:
                self._replace(pool)
                future = self.submit(page, site, hints)
        log.error("%s: reading it takes too much time or memory", page.url)
        return Reading(reason="fault of the extractor")

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._pool = _pool()


def _pool() -> ProcessPoolExecutor:
    # Forking a process that has threads is unsafe, so they are started afresh.
    return ProcessPoolExecutor(
        min(os.cpu_count() or 1, PROCESSES_MAX),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare_process,
    )


def _prepare_process() -> None:
    """Leave Ctrl-C to the crawl, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)


def _in_time(reader: Callable[P, Reading], *page: P.args, **hints: P.kwargs) -> Reading:
    # The signal's own action ends the process, even inside a regular expression that never ends.
    signal.alarm(READ_S_MAX)
    try:
        return reader(*page, **hints)
    finally:
        signal.alarm(0)
