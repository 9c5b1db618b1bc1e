"""The visits to a site: ask one URL after another, and commit what follows from each in one transaction."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import HttpUrl

from crawler.config import CrawlerConfig, Site, Template
from crawler.downloader import HOST_FAULTS, FetchError, product_token
from crawler.extraction import Extraction, ExtractionJob, PageKind
from crawler.faults import CANNOT_BE_STORED, UNFORESEEN
from crawler.page import Page
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.held_changes import is_mass, settle
from crawler.scheduler.outcomes import CLOSED, EMPTY_LIST, FAULT, OVERTIME, UNREAD, Outcomes
from crawler.scheduler.ownership import Owners
from crawler.scheduler.plan import Entry, FetchOutcome
from crawler.scheduler.refusals import Refusals
from crawler.scheduler.spider_traps import Traps
from crawler.store import ChangeError, Store
from crawler.store.pages import Pages, digest_of_page
from crawler.store.run_rows import Run
from crawler.urls import canonical, origin

log = logging.getLogger(__name__)

# What names releases is read by its beginning where it is too large; a release never is.
HEAD_BYTES: dict[PageKind, int] = {"list": 2_000_000, "feed": 1_000_000, "sitemap": 50_000_000}

# So many pages of a site are read or wait for it while further ones are fetched.
READ_AHEAD = 48
# What follows from visits so near to each other is committed as one: the disk takes a moment for each commit.
LINGER = timedelta(seconds=0.1)
READ_AHEAD_BYTES = 4_000_000

# What a visit changes in the store, given the time; it runs inside one transaction.
Change = Callable[[datetime], FetchOutcome]


class Fetch(Protocol):
    """Asks for a URL; `crawler.downloader.fetcher.Fetcher.fetch` is one."""

    def __call__(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        head_bytes: int | None = None,
    ) -> Page:
        """Return the answer (200 or 304), with *head_bytes* also in part, or raise FetchError."""


class Reader(Protocol):
    """Reads pages; `crawler.extraction.reader_pool.Readers` is one."""

    def submit(self, task: ExtractionJob) -> Future[Extraction]:
        """Begin to read a page; the future always brings a reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """How the visit of a URL ended, for those who watch."""

    entry: Entry
    end: FetchOutcome
    requests: int = 1
    is_304: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """What all visits of a run share."""

    config: CrawlerConfig
    store: Store
    run: Run
    fetch: Fetch
    readers: Reader
    watch: Callable[[Sequence[Visit]], None]
    """Told of the visits to a site that were committed together."""
    stopping: threading.Event
    now: Callable[[], datetime]
    since: date | None = None
    limit: int | None = None
    """Releases asked of a site at most."""
    accepted: frozenset[str] = frozenset()
    """Sites whose losses and mass changes are believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A URL that was asked."""

    entry: Entry
    at: datetime
    follows: Callable[[], Change]
    """Returns what follows, when the page is read."""
    reading: Future[Extraction] | None = None
    size: int = 0
    """Of the page that is being read, in bytes."""
    requests: int = 1
    is_304: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether nothing is to be waited for."""
        return self.reading is None or self.reading.done()


class SiteCrawl:
    """The visits to one site in one run."""

    def __init__(self, site: Site, crawl: Crawl) -> None:
        self._site = site
        self._crawl = crawl
        self._store = crawl.store
        self._frontier = Frontier(crawl.store, crawl.config.recheck)
        self._owners = Owners(crawl.config.sites)
        self._asked: deque[_Asked] = deque()
        # What is a trap shows when it has been read; until then it should not be walked far into.
        self._ahead_max = min(READ_AHEAD, crawl.config.guards.area_misses // 2)
        self._releases_asked = 0
        self._began = crawl.now()
        # By origin, why: not asked any more in this run; with pages that were left and are missed.
        self._closed: dict[str, FetchError] = {}
        self._missed: dict[str, FetchError] = {}
        # Origins that the site is known to use.
        self._used = {_root(url) for url in starts(site)}
        known = crawl.store.count_before(site.id, datetime.fromtimestamp(crawl.run.started, UTC))
        self._traps = Traps(crawl.config.guards, known, crawl.store.has_beside)
        self._refusals = Refusals(site, self._templates_of(site), Pages(crawl.store))
        self._outcomes = Outcomes(
            site,
            crawl.store,
            self._frontier,
            crawl.run,
            self._traps,
            owners=self._owners,
            refusals=self._refusals,
            urls_max=crawl.config.guards.urls_per_site,
            since=crawl.since,
        )

    def crawl(self) -> tuple[str, ...]:
        """Visit what is due; return what speaks against believing what the site says now.

        Stops soon after ``stopping`` is set. The rest of an origin that is not to be asked any more is left
        for the next run, and so is the rest of the site when its time is over.
        """
        self._seed()
        due = self._frontier.due(
            self._site.id,
            self._crawl.run,
            since=self._crawl.since,
            lists_wait=lambda: self._traps.lists_wait,
            under_way=lambda: {asked.entry.url: asked.entry.kind for asked in self._asked},
            may_be_early=lambda: not self._closed_objections(),
        )
        try:
            for batch in due:
                if self._is_over():
                    self._frontier.leave(self._site.id, self._crawl.run, root="", reason=OVERTIME)
                    break
                if not self._visit_all(batch):
                    return self._closed_objections()
        finally:
            self._finish(at_most_left=0)
        # What was not seen speaks for nothing: a site is judged when all that lives of it was asked.
        return self._closed_objections() or (
            *self._start_objections(),
            *self._release_objections(),
            *self._reading_objections(),
            *settle(
                self._site.id,
                self._crawl.run,
                self._store,
                self._crawl.config,
                is_accepted=self._site.id in self._crawl.accepted,
            ),
        )

    def _closed_objections(self) -> tuple[str, ...]:
        """Say why some of the site could not be asked; what it was never seen to use is not missed."""
        missed = [error for root, error in self._missed.items() if root in self._used]
        whys = [CLOSED[error.reason] + (f" ({error.detail})" if error.detail else "") for error in missed]
        return tuple(f"{why}: the rest is left for the next run" for why in dict.fromkeys(whys))

    def _start_objections(self) -> tuple[str, ...]:
        starts = [
            tally
            for tally in self._frontier.tallies(self._crawl.run, self._site.id)
            if tally.kind != "release"
        ]
        if all(tally.outcome != "read" for tally in starts):
            return ("no list page, feed or sitemap could be read",)
        if any(tally.reason == EMPTY_LIST for tally in starts):
            return ("a start page that led to releases is empty",)
        return ()

    def _release_objections(self) -> tuple[str, ...]:
        """A list may answer, from a cache perhaps, while nothing that it leads to does."""
        tallies = [
            tally
            for tally in self._frontier.tallies(self._crawl.run, self._site.id)
            if tally.kind == "release" and tally.outcome != "skipped"
        ]
        unread = sum(tally.count for tally in tallies if tally.reason == UNREAD)
        known = self._store.count_of(self._site.id)
        if is_mass(unread, known, self._crawl.config.guards.loss_share):
            return (f"{unread} of {known} releases cannot be read any more: a login or error page?",)
        asked = sum(tally.count for tally in tallies)
        if asked < self._crawl.config.limits.failures_in_a_row:
            return ()
        is_outage = all(tally.outcome == "failed" and tally.reason in HOST_FAULTS for tally in tallies)
        return (f"none of the {asked} releases asked could be had",) if is_outage else ()

    def _reading_objections(self) -> tuple[str, ...]:
        """A template or an extractor that fails on many pages is broken, whatever else goes well."""
        read = [
            tally
            for tally in self._frontier.tallies(self._crawl.run, self._site.id)
            if tally.outcome not in ("failed", "skipped") or tally.reason == FAULT
        ]
        faults = sum(tally.count for tally in read if tally.reason == FAULT)
        pages = sum(tally.count for tally in read)
        if not is_mass(faults, pages, self._crawl.config.guards.fault_share):
            return ()
        return (
            f"the extractor failed on {faults} of {pages} pages: look at template {self._site.template!r}",
        )

    def _visit_all(self, entries: Sequence[Entry]) -> bool:
        """Visit *entries*; return whether to go on. While one is read, the next is fetched."""
        closed_before = len(self._closed)
        for entry in entries:
            if self._crawl.stopping.is_set() or self._is_enough(entry):
                return False
            self._visit(entry)
            if self._is_over() or len(self._closed) > closed_before:
                break  # the plan is another now
            if sum(asked.size for asked in self._asked) > READ_AHEAD_BYTES:
                self._finish(at_most_left=1)
            elif len(self._asked) > self._ahead_max:
                self._finish(at_most_left=self._ahead_max // 2)
            elif self._asked and self._crawl.now() - self._asked[0].at >= LINGER:
                self._finish(at_most_left=self._ahead_max)
        if not entries:  # what comes next hangs on what is under way
            self._finish(at_most_left=len(self._asked) // 2)
        return not self._crawl.stopping.is_set()

    def _finish(self, *, at_most_left: int) -> None:
        """Commit what is read, in the order asked; when told to stop, leave the rest to the next run."""
        ready: list[tuple[_Asked, Change]] = []
        while self._asked and (self._asked[0].is_ready or len(self._asked) > at_most_left):
            if self._crawl.stopping.is_set() and not self._asked[0].is_ready:
                break
            asked = self._asked.popleft()
            ready.append((asked, asked.follows()))
        if ready:
            self._commit(ready)

    def _read(self, entry: Entry, task: ExtractionJob, future: Future[Extraction]) -> Change:
        """Return what follows from a page, once it is read."""
        return partial(self._outcomes.after_reading, entry, task.page, future.result())

    def _seed(self) -> None:
        site = self._site
        starts: dict[PageKind, tuple[HttpUrl, ...]] = {
            "list": site.start,
            "feed": site.feeds,
            "sitemap": site.sitemaps,
        }
        for kind, urls in starts.items():
            self._frontier.seed(site.id, kind, map(str, urls), self._crawl.run)

    def _is_over(self) -> bool:
        return self._crawl.now() - self._began > timedelta(hours=self._crawl.config.limits.site_h)

    def _is_enough(self, entry: Entry) -> bool:
        if entry.kind != "release" or self._crawl.limit is None:
            return False
        return self._releases_asked >= self._crawl.limit

    def _visit(self, entry: Entry) -> None:
        now = self._crawl.now()
        if end := self._why_left(entry):
            self._asked.append(_Asked(entry=entry, at=now, follows=lambda: lambda _now: end, requests=0))
            return
        self._releases_asked += entry.kind == "release"
        kept = self._refusals.validators(entry)
        try:
            page = self._crawl.fetch(
                entry.ask,
                etag=kept.etag,
                last_modified=kept.last_modified,
                head_bytes=HEAD_BYTES.get(entry.kind),
            )
        except FetchError as error:
            log.info("%s", error)
            self._failed(entry, error, now)
            return
        self._used.update(map(_root, page.chain))
        is_same = kept.url == page.url and kept.digest == digest_of_page(page)
        if page.status == 304 or is_same:
            is_refused = kept.refused_by is not None
            same = (
                partial(self._outcomes.still_refused, entry, page)
                if is_refused
                else partial(self._outcomes.unchanged, entry)
            )
            self._asked.append(_Asked(entry=entry, at=now, follows=lambda: same, is_304=page.status == 304))
            return
        task = self._task(entry, page)
        reading = self._crawl.readers.submit(task)
        follows = partial(self._read, entry, task, reading)
        self._asked.append(_Asked(entry=entry, at=now, follows=follows, reading=reading, size=len(page.body)))

    def _why_left(self, entry: Entry) -> FetchOutcome | None:
        """Return how the visit of *entry* ends before it begins."""
        if (root := _root(entry.ask)) in self._closed:
            return FetchOutcome(
                outcome="skipped", reason=self._closed[root].reason, is_answer=False, keeps_place=True
            )
        if why := self._traps.why_left(entry):
            return FetchOutcome(outcome="skipped", reason=why, is_answer=False)
        return None

    def _failed(self, entry: Entry, error: FetchError, now: datetime) -> None:
        """Note why a page could not be had, so that it moves back: other pages come before it next time.

        Where its own origin is not to be asked, nothing was learnt of the page, and it keeps its place.
        """
        if error.reason in CLOSED:
            if _root(error.url) == _root(entry.ask):
                self._close(entry, error)
                return
            self._missed.setdefault(_root(error.url), error)
        failed = partial(self._outcomes.without_answer, entry, error)
        self._asked.append(_Asked(entry=entry, at=now, follows=lambda: failed))
        self._finish(at_most_left=0)  # for whether the next one is in a trap hangs on it

    def _close(self, entry: Entry, error: FetchError) -> None:
        """Ask no more at the origin of *entry* in this run."""
        self._finish(at_most_left=0)
        if self._crawl.stopping.is_set():
            return
        root = _root(entry.ask)
        self._closed[root] = error
        if self._frontier.leave(self._site.id, self._crawl.run, root=f"{root}/", reason=error.reason):
            self._missed[root] = error

    def _task(self, entry: Entry, page: Page) -> ExtractionJob:
        """Return how to read *page*: a release by the templates of the site that owns it."""
        site = self._site
        if entry.kind == "release":
            url = canonical(page.url)
            site = self._owners.of(url, site, self._store.owner(url))
        return ExtractionJob(
            page=page,
            kind=entry.kind,
            site=site,
            templates=self._templates_of(site),
            hints=entry.hints,
            robot=product_token(self._crawl.config.politeness.user_agent),
        )

    def _templates_of(self, site: Site) -> dict[str, Template]:
        templates = self._crawl.config.templates
        return {name: templates[name] for name in (site.template, *site.older_templates)}

    def _commit(self, ready: Sequence[tuple["_Asked", Change]]) -> None:
        """Make the changes that visits lead to, and note how they ended, as one; then tell of them."""
        now = self._crawl.now()
        ends = []
        with self._store.transaction():
            for asked, change in ready:
                ends.append(self._committed(asked.entry, change, now))
        for (asked, _), end in zip(ready, ends, strict=True):
            self._traps.count(asked.entry, end)
        self._crawl.watch(
            [
                Visit(entry=asked.entry, end=end, requests=asked.requests, is_304=asked.is_304)
                for (asked, _), end in zip(ready, ends, strict=True)
            ]
        )

    def _committed(self, entry: Entry, change: Change, now: datetime) -> FetchOutcome:
        """Make one change; one that cannot be made is a failure of its page alone."""
        try:
            with self._store.savepoint():
                end = change(now)
                self._frontier.done(entry, self._crawl.run, now, end)
                return end
        except (ChangeError, *UNFORESEEN) as error:
            log.warning("%s: %s: %r; please report it", entry.ask, CANNOT_BE_STORED, error)
        end = FetchOutcome(outcome="failed", reason=CANNOT_BE_STORED, is_answer=False)
        self._frontier.done(entry, self._crawl.run, now, end)
        return end


def starts(site: Site) -> Iterator[str]:
    """Yield the URLs configured for *site*."""
    yield from map(str, (*site.start, *site.feeds, *site.sitemaps))


def main_host(site: Site) -> str:
    """Return the host of the first URL configured for *site*."""
    return next((urlsplit(url).netloc for url in starts(site)), "")


def _root(url: str) -> str:
    found = origin(url)
    return found.root if found else url
