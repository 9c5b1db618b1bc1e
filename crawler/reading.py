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
from typing import Literal, Self

from crawler import attachments
from crawler.config import Site, Template
from crawler.discovery import Found, found_in_feed, found_in_sitemap, found_on_list
from crawler.extractor import BODY_CHARS_MAX, ExtractionError, extract
from crawler.fetcher import Page
from crawler.frontier import Kind
from crawler.markup import INLINED, MARKUP_CHARS_MAX, is_read_whole
from crawler.store import Release

log = logging.getLogger(__name__)

NothingRead = Literal["no release", "noindex", "no text", "fault of the extractor"]

# A page that takes longer ends the process that reads it. The largest real ones take a second.
READ_S_MAX = 30
# More gain little, for polite fetchers cannot feed them, and each takes 50 MB.
PROCESSES_MAX = 2
# Of each process; ten times what the worst of pages takes.
MEMORY_BYTES_MAX = 1 << 30
# No more of a page is sent to its reader: letters of Latvian and Russian take two bytes at most.
SENT_BYTES_MAX = 2 * MARKUP_CHARS_MAX
# Neighbours of a page that ends its process are read again; should they have two such, so be it.
TRIES = 2

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

_META = re.compile(r"<meta\b[^>]{1,1000}>", re.IGNORECASE)
_FOR_ROBOTS = re.compile(r"""\bname\s*=\s*["']?(?:robots|googlebot)\b""", re.IGNORECASE)
_NOT_TO_INDEX = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
_INLINED = re.compile(INLINED.encode())
_TAG = re.compile(r"<[a-z!]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A page to read."""

    page: Page
    kind: Kind
    site: Site
    templates: Mapping[str, Template]
    """Of the site."""
    hints: Found | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page says: a release, the text of an attachment, links; or why nothing."""

    release: Release | None = None
    text: str = ""
    found: tuple[Found, ...] = ()
    """Releases that a list page, feed or sitemap names."""
    further: tuple[str, ...] = ()
    """Further list pages or sitemaps."""
    reason: NothingRead | None = None
    detail: str = ""
    """The reason in full, for people."""
    is_whole: bool = True
    """False: the page is so large that only its beginning was read."""


def read(task: Task) -> Reading:
    """Return what a page says."""
    try:
        return _READERS[task.kind](task)
    except ExtractionError as error:
        log.info("%s", error)
        return Reading(reason="no release", detail=str(error))
    except attachments.AttachmentError as error:
        log.info("%s: %s", task.page.url, error)
        return Reading(reason="no text")
    except UNFORESEEN:
        log.exception("%s: a fault of the extractor; please report it", task.page.url)
        return Reading(reason="fault of the extractor")


def _release(task: Task) -> Reading:
    page, text = task.page, task.page.text
    if _asks_not_to_be_indexed(page.headers.get("x-robots-tag", ""), text):
        return Reading(
            reason="noindex", detail=f"{page.url}: asks not to be indexed (robots or X-Robots-Tag)"
        )
    if not _TAG.search(text):
        # JSON or a file, whatever its type says
        return Reading(reason="no release", detail=f"{page.url}: no HTML")
    release = extract(text, page.url, task.site, task.templates, fetched=page.fetched, hints=task.hints)
    is_whole = page.is_whole and is_read_whole(text) and len(release.body) < BODY_CHARS_MAX
    return Reading(release=release, is_whole=is_whole)


def _asks_not_to_be_indexed(header: str, text: str) -> bool:
    tags = (tag for tag in _META.findall(text) if _FOR_ROBOTS.search(tag))
    return any(_NOT_TO_INDEX.search(said) for said in (header, *tags))


def _list(task: Task) -> Reading:
    reading = Reading()
    text = task.page.text
    for name in (task.site.template, *task.site.older_templates):
        found, further = found_on_list(text, task.page.url, task.site, task.templates[name])
        is_whole = task.page.is_whole and is_read_whole(text)
        reading = Reading(found=found, further=further, is_whole=is_whole)
        if found:
            break
    return reading


def _feed(task: Task) -> Reading:
    return Reading(found=found_in_feed(task.page.body, task.page.url, task.site))


def _sitemap(task: Task) -> Reading:
    found, further = found_in_sitemap(task.page.body, task.page.url)
    return Reading(found=found, further=further)


def _attachment(task: Task) -> Reading:
    return Reading(text=attachments.text_of(task.page.body))


_READERS: Mapping[Kind, Callable[[Task], Reading]] = {
    "list": _list,
    "feed": _feed,
    "sitemap": _sitemap,
    "release": _release,
    "attachment": _attachment,
}


class Readers:
    """Processes that read pages; they start with the first page. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool = _pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        # After Ctrl-C nobody waits for what is still being read.
        for process in multiprocessing.active_children():
            process.kill()

    def submit(self, task: Task) -> Future[Reading]:
        """Begin to read a page; the result is had from `result`."""
        with self._lock:
            return self._pool.submit(_in_time, replace(task, page=_sent(task)))

    def result(self, future: Future[Reading], task: Task) -> Reading:
        """Return what a page says; if a process ended meanwhile, over this page or another, try again."""
        for _ in range(TRIES):
            pool = self._pool
            try:
                return future.result()
            except BrokenProcessPool:
                self._replace(pool)
                future = self.submit(task)
        log.error("%s: reading it takes too much time or memory", task.page.url)
        return Reading(reason="fault of the extractor")

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._pool = _pool()


def _sent(task: Task) -> Page:
    """Return as much of a page as is read of it."""
    # A read-only mapping cannot be sent to a process.
    page = replace(task.page, headers=dict(task.page.headers))
    if task.kind not in ("list", "release") or len(page.body) <= SENT_BYTES_MAX:
        return page
    body = _INLINED.sub(b"=_", page.body)
    is_whole = page.is_whole and len(body) <= SENT_BYTES_MAX
    return replace(page, body=body[:SENT_BYTES_MAX], is_whole=is_whole)


def _pool() -> ProcessPoolExecutor:
    # Forking a process that has threads is unsafe; the fork server has none, and imports all this but once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(
        min(os.cpu_count() or 1, PROCESSES_MAX), mp_context=context, initializer=_prepare_process
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


def _in_time(task: Task) -> Reading:
    # The signal's own action ends the process, even inside a regular expression that never ends.
    signal.alarm(READ_S_MAX)
    try:
        return read(task)
    finally:
        signal.alarm(0)
