"""A visit: ask one URL, read what comes, and commit all that follows from it in one transaction."""

import logging
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import HttpUrl

from crawler.config import CrawlerConfig, Site
from crawler.discovery import Found, is_of_site
from crawler.fetcher import FetchError, Page
from crawler.frontier import End, Entry, Frontier, Kind, Link, Run
from crawler.guards import Held, LossReason, Waiting, settle
from crawler.pages import Pages, digest_of
from crawler.reading import NothingRead, Reading, Task
from crawler.store import Outcome, Release, Store, StoredRelease, says_the_same
from crawler.urls import canonical

log = logging.getLogger(__name__)

# A sitemap that leads to more sitemaps than this is a trap.
SITEMAPS_MAX = 50
# Browsers and servers agree on little more.
URL_CHARS_MAX = 2_000
# Deeper paths, and folders that come again and again, are made by links that forget their slash.
FOLDERS_MAX = 15
FOLDER_REPEATS_MAX = 3

# After so many list pages it shows on the releases they name whether further ones are worth a look.
LISTS_IN_A_ROW = 50

# A release has few addresses; where the same text stands at more, each further one is a miss.
ALIASES_MAX = 4

# What names releases is read by its beginning where it is too large; a release never is.
HEAD_BYTES: dict[Kind, int] = {"list": 2_000_000, "feed": 1_000_000, "sitemap": 50_000_000}

EMPTY_LIST = "no longer leads to releases"
IN_PART = "too large, read in part"
BROKEN: NothingRead = "not well-formed"
TOO_MANY_LISTS = "leads further than list_pages_max"
TOO_MANY_NEW = "more new than guards.new_at_once, left for the next crawl"
# What the report tells of pages that were read.
REMARKS = frozenset({IN_PART, BROKEN, TOO_MANY_LISTS})
COPY = "copy"

# So many pages of a site are read or wait for it while further ones are fetched.
READ_AHEAD = 32
# What follows from visits so near to each other is committed as one: the disk takes a moment for each commit.
LINGER = timedelta(seconds=0.1)
READ_AHEAD_BYTES = 4_000_000

# What a visit changes in the store, given the time; it runs inside one transaction.
Change = Callable[[datetime], End]


class Fetch(Protocol):
    """Asks for a URL; `crawler.fetcher.Fetcher.fetch` is one."""

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
    """Reads pages; `crawler.readers.Readers` is one."""

    def submit(self, task: Task) -> Future[Reading]:
        """Begin to read a page."""

    def result(self, future: Future[Reading], task: Task) -> Reading:
        """Return what a page says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """How the visit of a URL ended, for those who watch."""

    entry: Entry
    end: End
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
    reading: Future[Reading] | None = None
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
        self._pages = Pages(crawl.store)
        self._waiting = Waiting(crawl.store)
        templates = crawl.config.templates
        self._templates = {name: templates[name] for name in (site.template, *site.older_templates)}
        self._misses: Counter[str] = Counter()
        self._misses_in_a_row = 0
        self._lists_in_a_row = 0
        self._asked: deque[_Asked] = deque()
        # What is a trap shows when it has been read; until then it should not be walked far into.
        self._ahead_max = min(READ_AHEAD, crawl.config.guards.area_misses // 2)
        self._releases_asked = 0
        # A site that suddenly has more new releases than in all the years before may lead into a trap.
        known = crawl.store.count_before(site.id, datetime.fromtimestamp(crawl.run.started, UTC))
        self._new_left = max(crawl.config.guards.new_at_once, known) if known else -1

    def crawl(self) -> tuple[str, ...]:
        """Visit what is due; return what speaks against believing what the site says now.

        Stops soon after ``stopping`` is set, and when the host is not to be asked any more.
        """
        self._seed()
        due = self._frontier.due(
            self._site.id, self._crawl.run, since=self._crawl.since, under_way=self._under_way
        )
        try:
            for batch in due:
                if not self._visit_all(batch):
                    return ()
        except _HostClosedError as error:
            return (f"{error}: the rest is left for the next run",)
        finally:
            self._finish(at_most_left=0)
        return self._start_objections() + settle(
            self._site.id,
            self._crawl.run,
            self._store,
            self._crawl.config,
            is_accepted=self._site.id in self._crawl.accepted,
        )

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

    def _visit_all(self, entries: Sequence[Entry]) -> bool:
        """Visit *entries*; return whether to go on. While one is read, the next is fetched."""
        for entry in entries:
            if self._crawl.stopping.is_set() or self._is_enough(entry):
                return False
            self._visit(entry)
            if sum(asked.size for asked in self._asked) > READ_AHEAD_BYTES:
                self._finish(at_most_left=1)
            elif len(self._asked) > self._ahead_max:
                self._finish(at_most_left=self._ahead_max // 2)
            elif self._asked and self._crawl.now() - self._asked[0].at >= LINGER:
                self._finish(at_most_left=self._ahead_max)
        if not entries:
            self._finish(at_most_left=0)
        return not self._crawl.stopping.is_set()

    def _under_way(self) -> frozenset[str]:
        """Return the URLs that were asked and of which nothing is committed yet."""
        return frozenset(asked.entry.url for asked in self._asked)

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

    def _read(self, entry: Entry, task: Task, future: Future[Reading]) -> Change:
        """Return what follows from a page, once it is read."""
        reading = self._crawl.readers.result(future, task)
        return partial(self._after_reading, entry, task.page, reading)

    def _seed(self) -> None:
        site = self._site
        starts: dict[Kind, tuple[HttpUrl, ...]] = {
            "list": site.start,
            "feed": site.feeds,
            "sitemap": site.sitemaps,
        }
        for kind, urls in starts.items():
            self._frontier.seed(site.id, kind, map(str, urls), self._crawl.run)

    def _is_enough(self, entry: Entry) -> bool:
        if entry.kind != "release" or self._crawl.limit is None:
            return False
        self._releases_asked += 1
        return self._releases_asked > self._crawl.limit

    def _visit(self, entry: Entry) -> None:
        now = self._crawl.now()
        if why := self._why_left(entry):
            skip = partial(_skipped, why)
            self._asked.append(_Asked(entry=entry, at=now, follows=lambda: skip, requests=0))
            return
        kept = self._pages.validators(entry.url)
        try:
            page = self._crawl.fetch(
                entry.ask,
                etag=kept.etag,
                last_modified=kept.last_modified,
                head_bytes=HEAD_BYTES.get(entry.kind),
            )
        except FetchError as error:
            log.info("%s", error)
            # It may have been another host that is closed, to which the page redirects.
            if error.reason in _CLOSED and urlsplit(error.url).netloc == main_host(self._site):
                why = f" ({error.detail})" if error.detail else ""
                raise _HostClosedError(_CLOSED[error.reason] + why) from error
            failed = partial(self._without_answer, entry, error)
            self._asked.append(_Asked(entry=entry, at=now, follows=lambda: failed))
            self._finish(at_most_left=0)  # for whether the next one is in a trap hangs on it
            return
        is_same = kept.url == page.url and kept.digest == digest_of(page.body)
        if page.status == 304 or is_same:
            same = partial(self._unchanged, entry)
            self._asked.append(_Asked(entry=entry, at=now, follows=lambda: same, is_304=page.status == 304))
            return
        task = Task(page=page, kind=entry.kind, site=self._site, templates=self._templates, hints=entry.hints)
        reading = self._crawl.readers.submit(task)
        follows = partial(self._read, entry, task, reading)
        self._asked.append(_Asked(entry=entry, at=now, follows=follows, reading=reading, size=len(page.body)))

    def _why_left(self, entry: Entry) -> str:
        """Return why *entry* is left for the next run; nothing where it is not."""
        if self._is_trap(entry):
            return "trap"
        is_new = entry.kind == "release" and not entry.changed
        if is_new and self._new_left == 0:
            return TOO_MANY_NEW
        self._new_left -= is_new
        return ""

    def _is_trap(self, entry: Entry) -> bool:
        """Whether what came before *entry* was in vain for so long that it is left for the next run."""
        at_most = self._crawl.config.guards.area_misses
        if entry.kind == "release":
            own, *around = _areas(entry.url)
            # One folder that is a trap must not make one of all that stands beside it.
            return self._misses[own] >= at_most or any(self._misses[one] >= at_most * 1.25 for one in around)
        return entry.depth > 0 and not entry.changed and 2 * self._misses_in_a_row >= at_most

    def _commit(self, ready: Sequence[tuple["_Asked", Change]]) -> None:
        """Make the changes that visits lead to, and note how they ended, as one; then tell of them."""
        now = self._crawl.now()
        ends = []
        with self._store.transaction():
            for asked, change in ready:
                end = change(now)
                self._frontier.done(asked.entry, self._crawl.run, now, end)
                ends.append(end)
        for (asked, _), end in zip(ready, ends, strict=True):
            self._count_misses(asked.entry, end)
        self._crawl.watch(
            [
                Visit(entry=asked.entry, end=end, requests=asked.requests, is_304=asked.is_304)
                for (asked, _), end in zip(ready, ends, strict=True)
            ]
        )

    def _count_misses(self, entry: Entry, end: End) -> None:
        if entry.kind == "list" and not entry.changed:
            self._lists_in_a_row += 1
        if entry.kind != "release" or end.outcome == "skipped":
            return
        self._lists_in_a_row = 0
        is_hit = end.outcome in ("new", "changed", "unchanged", "held") and end.reason != COPY
        self._misses_in_a_row = 0 if is_hit else self._misses_in_a_row + 1
        for area in _areas(entry.url):
            self._misses[area] = 0 if is_hit else self._misses[area] + 1

    def _without_answer(self, entry: Entry, error: FetchError, now: datetime) -> End:
        if error.reason in _ABSENT:
            return self._lost(entry, "missing", now)
        if error.reason in _CLOSED:
            return End(outcome="skipped", reason=error.reason, is_answer=False)
        return End(outcome="failed", reason=error.reason, is_answer=not error.temporary)

    def _unchanged(self, entry: Entry, now: datetime) -> End:
        if entry.kind != "release":
            return End(outcome="read")
        if stored := self._store.find(entry.url):
            self._store.sight(stored.id, seen=now)
            self._waiting.drop(stored.id)
        return End(outcome="unchanged")

    def _after_reading(self, entry: Entry, page: Page, reading: Reading, now: datetime) -> End:
        if reading.reason in ("no release", "noindex"):
            return self._lost(entry, reading.reason, now)
        if reading.reason == "fault of the extractor":
            return End(outcome="failed", reason=reading.reason, is_answer=False)
        if reading.release is not None:
            return self._save(entry, page, reading.release, now, is_whole=reading.is_whole)
        if entry.kind == "attachment":
            return self._save_text(entry, page, reading.text, now)
        if entry.kind == "list":
            return self._add_list(entry, page, reading, now)
        return self._add_found(entry, page, reading, now)

    def _add_list(self, entry: Entry, page: Page, reading: Reading, now: datetime) -> End:
        found = reading.found
        if not found:
            return self._empty_list(entry, _part(page, reading))
        digest = digest_of("\n".join(sorted(canonical(one.url) for one in found)).encode())
        is_repeated, is_same = self._frontier.repeats(entry, digest)
        unknown = self._add(entry, "release", found)
        reason = _part(page, reading)
        if not is_repeated and not self._is_too_old(found):
            further, left_out = self._followed(reading.further)
            self._add(entry, "list", further, again=unknown > 0)
            reason = TOO_MANY_LISTS if left_out else reason
        self._pages.keep_validators(entry.url, page)
        return End(outcome="read", reason=reason, changed=None if is_same else now)

    def _empty_list(self, entry: Entry, remark: str) -> End:
        """A page beyond the last one is empty; a start page that once led to releases should not be."""
        if entry.depth == 0 and self._frontier.has_links(entry):
            return End(outcome="failed", reason=EMPTY_LIST, is_answer=False)
        return End(outcome="read", reason=remark or "empty")

    def _followed(self, urls: Sequence[str]) -> tuple[list[Found], int]:
        """Return the further list pages to follow, and how many would be too many."""
        left = self._site.list_pages_max * len(self._site.start) - self._frontier.count(self._site.id, "list")
        known = [url for url in urls if self._frontier.knows(url)]
        unknown = [url for url in urls if url not in known]
        followed = [*known, *unknown[: max(0, left)]]
        pages = [Found(url=url, title=None, published=None, source="list") for url in followed]
        return pages, len(urls) - len(followed)

    def _is_too_old(self, found: Sequence[Found]) -> bool:
        since = self._crawl.since
        return since is not None and all(one.published and one.published < since for one in found)

    def _add_found(self, entry: Entry, page: Page, reading: Reading, now: datetime) -> End:
        self._add(entry, "release", reading.found)
        left = max(0, SITEMAPS_MAX - self._frontier.count(self._site.id, "sitemap"))
        sitemaps = [Found(url=url, title=None, published=None, source="sitemap") for url in reading.further]
        known = [one for one in sitemaps if self._frontier.knows(one.url)]
        unknown = [one for one in sitemaps if not self._frontier.knows(one.url)]
        self._add(entry, "sitemap", [*known, *unknown[:left]], again=True)
        self._pages.keep_validators(entry.url, page)
        return End(outcome="read", reason=_part(page, reading), changed=now)

    def _add(self, entry: Entry, kind: Kind, found: Iterable[Found], *, again: bool = False) -> int:
        links = (
            Link(
                url=canonical(one.url) if kind in ("release", "attachment") else one.url,
                kind=kind,
                depth=entry.depth + 1,
                found=one,
                again=again,
                waits=kind == "list" and self._lists_in_a_row >= LISTS_IN_A_ROW,
            )
            for one in found
            if is_wanted(one.url, entry.ask, self._site)
        )
        at_most = self._crawl.config.guards.urls_per_site
        return self._frontier.add(self._site.id, links, self._crawl.run, at_most=at_most)

    def _save(self, entry: Entry, page: Page, release: Release, now: datetime, *, is_whole: bool) -> End:
        """Store *release*, or hold it back if it is not what is known of its URLs."""
        release = self._store.with_texts(release)
        aliases = aliases_of(release, entry.url, page)
        urls = dict.fromkeys((entry.url, release.url))
        known = [stored for url in urls if (stored := self._store.find(url))]
        differs = [stored for stored in known if stored.state == "present" and not _is(stored, release)]
        if differs:
            held = Held(release=differs[0].id, asked=entry.url, record=release, aliases=aliases, seen=now)
            self._waiting.hold(self._site.id, held)
            return End(outcome="held", reason="changed", changed=now)
        outcome = self._store.save(release, seen=now, aliases=aliases)
        for stored in known:
            self._waiting.drop(stored.id)
        self._pages.keep(entry.url, page)
        files = [
            Found(url=attachment.url, title=attachment.title, published=None, source="list")
            for attachment in release.attachments
        ]
        self._add(entry, "attachment", files)
        reason = "" if is_whole else IN_PART
        if self._store.count_aliases(release.url) > ALIASES_MAX:
            reason = COPY
        return End(outcome=outcome, reason=reason, changed=_changed(outcome, release, now))

    def _save_text(self, entry: Entry, page: Page, text: str, now: datetime) -> End:
        self._pages.keep_validators(entry.url, page)
        if text:
            self._store.save_text(entry.ask, text, seen=now)
        return End(outcome="read", reason="" if text else "no text", changed=now)

    def _lost(self, entry: Entry, reason: LossReason, now: datetime) -> End:
        """Hold back that a known release is missing; an old address of it may go at once."""
        stored = self._store.find(entry.url)
        if stored is None or stored.state != "present" or stored.release.url != entry.url:
            return End(outcome="failed", reason=reason)
        self._waiting.hold(
            self._site.id, Held(release=stored.id, asked=entry.url, record=None, reason=reason, seen=now)
        )
        return End(outcome="held", reason=reason, changed=now)


# A 410 says for good, but is as often a mistake as a 404.
_ABSENT = frozenset({"status-404", "status-410"})
# Why a host is not asked at all for a while.
_CLOSED = {
    "stopped": "stopped",
    "circuit-open": "the host does not answer",
    "retry-after": "the host asks to be left alone for long",
    "quiet-hours": "quiet hours have begun",
    "robots-unreachable": "robots.txt cannot be read",
}


class _HostClosedError(Exception):
    """The host of the site is not to be asked now; the message says why."""


def main_host(site: Site) -> str:
    """Return the host of the first URL configured for *site*."""
    return next((urlsplit(str(url)).netloc for url in (*site.start, *site.feeds, *site.sitemaps)), "")


def is_wanted(address: str, base: str, site: Site) -> bool:
    """Whether *address*, named by the page *base*, may be asked for *site*."""
    if len(address) > URL_CHARS_MAX or not is_of_site(address, base, site):
        return False
    path = urlsplit(address).path
    folders = Counter(path.strip("/").split("/"))
    if folders.total() > FOLDERS_MAX or max(folders.values()) > FOLDER_REPEATS_MAX:
        return False
    return not any(re.search(pattern, path) for pattern in site.deny)


def _areas(url: str) -> list[str]:
    """Return the folder of *url* and all below each one around it: what the addresses of a trap share."""
    parts = urlsplit(url)
    folders = parts.path.split("/")[1:-1][:3]
    around = ["/".join((parts.netloc, *folders[:depth], "*")) for depth in range(1, len(folders))]
    return ["/".join((parts.netloc, *folders)), *around]


def aliases_of(release: Release, asked: str, page: Page) -> tuple[str, ...]:
    """Return the canonical URLs besides its own at which *page* answered with *release*."""
    urls = dict.fromkeys(map(canonical, (asked, *page.chain, page.url)))
    return tuple(url for url in urls if url != release.url)


def _skipped(why: str, _now: datetime) -> End:
    return End(outcome="skipped", reason=why, is_answer=False)


def _part(page: Page, reading: Reading) -> str:
    if not page.is_whole or not reading.is_whole:
        return IN_PART
    return BROKEN if reading.reason == BROKEN else ""


def _is(stored: StoredRelease, release: Release) -> bool:
    return says_the_same(stored.release, replace(release, url=stored.release.url))


def _changed(outcome: Outcome, release: Release, now: datetime) -> datetime | None:
    """Return when the text last changed, as far as is known: one from the archive has long been quiet."""
    if outcome == "unchanged":
        return None
    if outcome == "new" and release.published:
        return min(now, datetime.combine(release.published, time(), UTC))
    return now
