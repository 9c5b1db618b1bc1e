"""What follows from the answer of a URL: what the store keeps, and what is to be asked next."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from crawler.config import Site, finds
from crawler.downloader import FetchError
from crawler.extraction import DiscoveredUrl, Extraction, PageKind
from crawler.extraction.job import NothingRead, is_of_site
from crawler.page import Page
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.ownership import Owners, is_one
from crawler.scheduler.plan import Entry, FetchOutcome, Link
from crawler.scheduler.refusals import Refusals
from crawler.scheduler.spider_traps import COPY, Traps
from crawler.store import Outcome, Release, Store, StoredRelease, says_the_same
from crawler.store.pages import Pages, digest_of
from crawler.store.pending_change_rows import LossReason, PendingChange, PendingChangeRows
from crawler.store.records import text_digest
from crawler.store.run_rows import Run
from crawler.urls import canonical

log = logging.getLogger(__name__)

# A sitemap that leads to more sitemaps than this is a trap.
SITEMAPS_MAX = 50
# Browsers and servers agree on little more.
URL_CHARS_MAX = 2_000
# Deeper paths, and folders that come again and again, are made by links that forget their slash.
FOLDERS_MAX = 15
FOLDER_REPEATS_MAX = 3

# A release has few addresses; where the same text stands at more, each further one is a miss.
ALIASES_MAX = 4

EMPTY_LIST = "no longer leads to releases"
IN_PART = "too large, read in part"
BROKEN: NothingRead = "not well-formed"
FAULT: NothingRead = "fault of the extractor"
OVERTIME = "more than limits.site_h allows, left for the next crawl"
TOO_MANY_LISTS = "leads further than list_pages_max"
UNREAD: NothingRead = "release not read"
NOINDEX: NothingRead = "noindex"
# What the report tells of pages that were read.
REMARKS = frozenset({IN_PART, BROKEN, TOO_MANY_LISTS, NOINDEX})

# Why a host is not asked at all for a while.
CLOSED = {
    "stopped": "stopped",
    "circuit-open": "the host does not answer",
    "retry-after": "the host asks to be left alone for long",
    "quiet-hours": "quiet hours have begun",
    "robots-unreachable": "robots.txt cannot be read",
}
# Paths of front pages by language.
_FRONT_PAGES = frozenset(("", "lv", "en", "ru", "lat", "eng", "rus", "index.php", "index.html"))
# A 410 says for good, but is as often a mistake as a 404.
_ABSENT = frozenset({"status-404", "status-410"})


class Outcomes:
    """What comes of the URLs of one site in one run; each method runs inside a transaction of the store."""

    def __init__(
        self,
        site: Site,
        store: Store,
        frontier: Frontier,
        run: Run,
        traps: Traps,
        *,
        owners: Owners,
        refusals: Refusals,
        urls_max: int,
        since: date | None = None,
    ) -> None:
        self._site, self._store, self._frontier, self._run = site, store, frontier, run
        self._owners, self._refusals = owners, refusals
        self._traps, self._urls_max, self._since = traps, urls_max, since
        self._pages = Pages(store)
        self._waiting = PendingChangeRows(store)

    def without_answer(self, entry: Entry, error: FetchError, now: datetime) -> FetchOutcome:
        """The page could not be had."""
        if error.reason in _ABSENT:
            return self._lost(entry, "missing", now)
        if error.reason in CLOSED:
            return FetchOutcome(outcome="skipped", reason=error.reason, is_answer=False)
        return FetchOutcome(outcome="failed", reason=error.reason, is_answer=not error.temporary)

    def unchanged(self, entry: Entry, now: datetime) -> FetchOutcome:
        """The page is what it was."""
        if entry.kind != "release":
            return FetchOutcome(outcome="read")
        stored = self._store.find(entry.url)
        if stored is None or (stored.release.url != entry.url and stored.release.site != self._site.id):
            return FetchOutcome(
                outcome="unchanged"
            )  # what this site says is no news of the release of another
        self._store.sight(stored.id, seen=now)
        self._waiting.delete(stored.id)
        return FetchOutcome(outcome="unchanged", reason=COPY if len(stored.aliases) > ALIASES_MAX else "")

    def still_refused(self, entry: Entry, page: Page, now: datetime) -> FetchOutcome:
        """The page is what it was when it was found to be no release."""
        return self._no_release(entry, page, "no release", now)

    def after_reading(self, entry: Entry, page: Page, reading: Extraction, now: datetime) -> FetchOutcome:
        """The page is new or differs, and was read."""
        reason: NothingRead | None = "no release" if self._is_home(entry, page, reading) else reading.reason
        if reason in ("no release", UNREAD, "noindex"):
            end = self._no_release(entry, page, reason, now)
            if end.reason == "no release" and end.outcome == "failed":
                self._refusals.keep(entry, page)
            return end
        if reading.reason == FAULT:
            return FetchOutcome(outcome="failed", reason=reading.reason, is_answer=False)
        if reading.release is not None:
            return self._save(entry, page, reading.release, now, is_whole=reading.is_whole)
        if entry.kind == "attachment":
            return self._save_text(entry, page, reading.text, now)
        if entry.kind == "list":
            return self._add_list(entry, page, reading, now)
        return self._add_found(entry, page, reading, now)

    def _add_list(self, entry: Entry, page: Page, reading: Extraction, now: datetime) -> FetchOutcome:
        found = reading.found
        if not found:
            return self._empty_list(entry, page, _part(page, reading))
        digest = digest_of("\n".join(sorted(canonical(one.url) for one in found)).encode())
        is_repeated, is_same = self._frontier.repeats(entry, digest)
        unknown = self._add(entry, "release", found)
        reason = _part(page, reading)
        if not is_repeated and not self._is_too_old(found):
            further, left_out = self._followed(reading.further)
            self._add(entry, "list", further, again=unknown > 0)
            reason = TOO_MANY_LISTS if left_out else reason
        self._pages.keep_validators(entry.url, page)
        return FetchOutcome(outcome="read", reason=reason, changed=None if is_same else now)

    def _empty_list(self, entry: Entry, page: Page, remark: str) -> FetchOutcome:
        """A page beyond the last one is empty; a start page that once led to releases should not be."""
        if entry.depth == 0 and self._frontier.has_links(entry):
            return FetchOutcome(outcome="failed", reason=EMPTY_LIST, is_answer=False)
        if entry.depth:  # a start page that seems empty is read again: the template may have been wrong
            self._pages.keep_validators(entry.url, page)
        return FetchOutcome(outcome="read", reason=remark or "empty")

    def _followed(self, urls: Sequence[str]) -> tuple[list[DiscoveredUrl], int]:
        """Return the further list pages to follow, and how many would be too many."""
        left = self._site.list_pages_max * len(self._site.start) - self._frontier.count(self._site.id, "list")
        known = [url for url in urls if self._frontier.knows(url)]
        unknown = [url for url in urls if url not in known]
        followed = [*known, *unknown[: max(0, left)]]
        pages = [DiscoveredUrl(url=url, title=None, published=None, source="list") for url in followed]
        return pages, len(urls) - len(followed)

    def _is_too_old(self, found: Sequence[DiscoveredUrl]) -> bool:
        since = self._since
        return since is not None and all(one.published and one.published < since for one in found)

    def _add_found(self, entry: Entry, page: Page, reading: Extraction, now: datetime) -> FetchOutcome:
        self._add(entry, "release", reading.found)
        left = max(0, SITEMAPS_MAX - self._frontier.count(self._site.id, "sitemap"))
        sitemaps = [
            DiscoveredUrl(url=url, title=None, published=None, source="sitemap") for url in reading.further
        ]
        known = [one for one in sitemaps if self._frontier.knows(one.url)]
        unknown = [one for one in sitemaps if not self._frontier.knows(one.url)]
        self._add(entry, "sitemap", [*known, *unknown[:left]], again=True)
        self._pages.keep_validators(entry.url, page)
        return FetchOutcome(outcome="read", reason=_part(page, reading), changed=now)

    def _add(
        self, entry: Entry, kind: PageKind, found: Iterable[DiscoveredUrl], *, again: bool = False
    ) -> int:
        links = (
            Link(
                url=canonical(one.url) if kind in ("release", "attachment") else one.url,
                kind=kind,
                depth=entry.depth + 1,
                found=one,
                again=again,
            )
            for one in found
            if is_wanted(one.url, entry.ask, self._site)
        )
        at_most = self._urls_max
        return self._frontier.add(self._site.id, links, self._run, at_most=at_most)

    def _save(
        self, entry: Entry, page: Page, release: Release, now: datetime, *, is_whole: bool
    ) -> FetchOutcome:
        """Store *release*, or hold it back if it is not what is known of its URLs."""
        release = self._store.with_texts(self._owned(self._under_its_address(release, entry, page)))
        aliases = tuple(url for url in aliases_of(release, entry.url, page) if self._may_join(url, release))
        if release.site != self._site.id:
            self._plan_for_owner(entry, page, release)
            # What is kept here of another's release grows old while that site has newer.
            self._pages.forget(entry.url)
        if entry.url != release.url and not self._may_join(entry.url, release):
            return self._lost(entry, "leads to another release", now)
        known = self._known((entry.url, release.url), release)
        differs = [stored for stored in known if stored.state == "present" and _differs(stored, release)]
        if differs:
            # What becomes of the release of another site, that site's guards decide.
            first = next((stored for stored in differs if stored.release.site == release.site), differs[0])
            self._hold(
                PendingChange(release=first.id, asked=entry.url, record=release, aliases=aliases, seen=now),
                first,
            )
            return FetchOutcome(outcome="held", reason="changed", changed=now)
        if release.site != self._site.id and release.url != canonical(page.url):
            # Of another's release a page says where else it is read, not what it says nor that it is there.
            self._store.add_addresses(known[-1].id, aliases, seen=now)
            return FetchOutcome(outcome="unchanged")
        outcome = self._store.save(release, seen=now, aliases=aliases)
        for stored in known:
            self._waiting.delete(stored.id)
        if release.site == self._site.id:
            self._pages.keep(entry.url, page)
        files = [
            DiscoveredUrl(url=attachment.url, title=attachment.title, published=None, source="list")
            for attachment in release.attachments
        ]
        self._add(entry, "attachment", files)
        reason = "" if is_whole else IN_PART
        if self._store.count_aliases(release.url) > ALIASES_MAX:
            reason = COPY
        return FetchOutcome(outcome=outcome, reason=reason, changed=_changed(outcome, release, now))

    def _known(self, urls: Iterable[str], release: Release) -> list[StoredRelease]:
        """Return what is known of *urls*; at which the release of another site was last read says nothing."""
        found = ((url, self._store.find(url)) for url in dict.fromkeys(urls))
        return [
            stored
            for url, stored in found
            if stored is not None and (stored.release.site == release.site or stored.release.url == url)
        ]

    def _owned(self, release: Release) -> Release:
        """Return *release* as that of the site that owns its address."""
        owner = self._owners.of(release.url, self._site, self._store.owner(release.url))
        return replace(release, site=owner.id, ministry=owner.ministry)

    def _may_join(self, url: str, release: Release) -> bool:
        """Whether what stands at *url*, which leads to *release*, may become part of it.

        Within a site an edit may come with a new address; the guards look at it as at any edit.
        """
        stored = self._store.find(url)
        return (
            stored is None
            or stored.release.url != url
            or (stored.release.site == release.site or is_one(stored.release, release))
        )

    def _plan_for_owner(self, entry: Entry, page: Page, release: Release) -> None:
        """Let the site that owns *release* ask for it by itself: the page that led to it may go."""
        owner = self._owners.of(release.url, self._site, release.site)
        if not is_wanted(page.url, page.url, owner):
            return
        # Named by nothing that could hint at title or day.
        found = DiscoveredUrl(url=page.url, title=None, published=None, source="sitemap")
        link = Link(url=canonical(page.url), kind="release", depth=entry.depth + 1, found=found)
        self._frontier.add(owner.id, (link,), self._run, at_most=self._urls_max)

    def _under_its_address(self, release: Release, entry: Entry, page: Page) -> Release:
        """Return *release* under its own address where the canonical one is that of a page with another text.

        Some sites name one canonical address on all pages. Where both say the same, the store makes them one.
        """
        own = canonical(page.url)
        if release.url in (entry.url, own):
            return release
        named = self._store.find(release.url)
        owner = self._owners.of(release.url, self._site, self._store.owner(release.url))
        if owner.id != self._site.id:
            return release if named and _is_copy(release, named) else replace(release, url=own)
        known = self._store.find(entry.url)
        if known is not None and known.release.url == release.url:
            return release
        is_true = _is(named, release) if named else not self._frontier.knows(release.url)
        return release if is_true else replace(release, url=own)

    def _save_text(self, entry: Entry, page: Page, text: str, now: datetime) -> FetchOutcome:
        self._pages.keep_validators(entry.url, page)
        if text:
            self._store.save_text(entry.ask, text, seen=now)
        return FetchOutcome(outcome="read", reason="" if text else "no text", changed=now)

    def _no_release(self, entry: Entry, page: Page, reason: str, now: datetime) -> FetchOutcome:
        """Note that a page is no release, or none to be shown.

        Where it was one, that is a failure to read it: a page to log in, an error or an empty page tells
        nothing of the release, which stays as it was. Only a redirect home says that it is removed.
        """
        if self._present(entry) is None:
            return FetchOutcome(outcome="failed", reason=reason)
        if reason == "noindex":
            return self._lost(entry, "noindex", now)
        if _is_sent_home(entry, page, self._site):
            return self._lost(entry, "missing", now)
        log.warning("%s: was a release, and cannot be read as one now", entry.ask)
        return FetchOutcome(outcome="failed", reason=UNREAD, is_answer=False)

    def _is_home(self, entry: Entry, page: Page, reading: Extraction) -> bool:
        """Whether who asked for a release was sent home, to a page that only looks like one."""
        home = canonical(page.url)
        if (
            reading.release is None
            or not _is_sent_home(entry, page, self._site)
            or self._store.find(home) is not None
        ):
            return False
        # `/slug/print` may lead to `/slug`; below a section stand others.
        return _is_front(home, self._site) or self._store.has_beside(f"{home.rstrip('/')}/", but=entry.url)

    def _present(self, entry: Entry) -> StoredRelease | None:
        """Return the release that is present at *entry*; none where that is an old address of it."""
        stored = self._store.find(entry.url)
        is_own = stored is not None and stored.state == "present" and stored.release.url == entry.url
        return stored if is_own else None

    def _lost(self, entry: Entry, reason: LossReason, now: datetime) -> FetchOutcome:
        """Hold back that a known release is missing; an old address of it may go at once."""
        stored = self._present(entry)
        if stored is None:
            return FetchOutcome(outcome="failed", reason=reason)
        self._hold(
            PendingChange(release=stored.id, asked=entry.url, record=None, reason=reason, seen=now), stored
        )
        return FetchOutcome(outcome="held", reason=reason, changed=now)

    def _hold(self, held: PendingChange, stored: StoredRelease) -> None:
        """Keep *held* for the guards of the site that owns the release; for ours where there is none."""
        owner = stored.release.site
        self._waiting.put(owner if owner in self._owners else self._site.id, held)


def _is_sent_home(entry: Entry, page: Page, site: Site) -> bool:
    """Whether who asked for a release was sent to the front page, a start page or a folder above it."""
    answered = canonical(page.url)
    asked, parts = urlsplit(entry.url), urlsplit(answered)
    if answered == canonical(entry.ask):
        return False
    is_above = not parts.query and asked.path.startswith(f"{parts.path.rstrip('/')}/")
    return is_above or _is_front(answered, site)


def _is_front(url: str, site: Site) -> bool:
    """Whether a canonical URL is that of a start page or a front page of *site*."""
    parts = urlsplit(url)
    is_named_so = not parts.query and parts.path.strip("/") in _FRONT_PAGES
    return is_named_so or url in {canonical(str(start)) for start in site.start}


def is_wanted(address: str, base: str, site: Site) -> bool:
    """Whether *address*, named by the page *base*, may be asked for *site*."""
    if len(address) > URL_CHARS_MAX or not is_of_site(address, base, site):
        return False
    path = urlsplit(address).path
    folders = Counter(path.strip("/").split("/"))
    if folders.total() > FOLDERS_MAX or max(folders.values()) > FOLDER_REPEATS_MAX:
        return False
    return not finds(site.deny, path)


def aliases_of(release: Release, asked: str, page: Page) -> tuple[str, ...]:
    """Return the canonical URLs besides its own at which *page* answered with *release*."""
    urls = dict.fromkeys(map(canonical, (asked, *page.chain, page.url)))
    return tuple(url for url in urls if url != release.url)


def _part(page: Page, reading: Extraction) -> str:
    if not page.is_whole or not reading.is_whole:
        return IN_PART
    return BROKEN if reading.reason == BROKEN else ""


def _is(stored: StoredRelease, release: Release) -> bool:
    """Whether *stored* says what *release* does, whoever owns it and wherever it stands."""
    one = stored.release
    return says_the_same(one, replace(release, url=one.url, site=one.site, ministry=one.ministry))


def _is_copy(release: Release, stored: StoredRelease) -> bool:
    """Whether *release* is, word for word, what stands at the address that it names as its own."""
    is_there = stored.state == "present" and stored.release.url == release.url
    return is_there and text_digest(stored.release) == text_digest(release)


def _differs(stored: StoredRelease, release: Release) -> bool:
    if stored.release.site == release.site or stored.release.url == release.url:
        return not _is(stored, release)
    return text_digest(stored.release) != text_digest(release)


def _changed(outcome: Outcome, release: Release, now: datetime) -> datetime | None:
    """Return when the text last changed, as far as is known: one from the archive has long been quiet."""
    if outcome == "unchanged":
        return None
    if outcome == "new" and release.published:
        return min(now, datetime.combine(release.published, time(), UTC))
    return now
