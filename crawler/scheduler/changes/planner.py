"""Decides what a fetch changes in the store; reads the store, and changes nothing."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crawler.downloader import FetchError
from crawler.extraction import DiscoveredUrl, Extraction
from crawler.page import Page
from crawler.scheduler.changes.change import (
    AddAddresses,
    AddFeedLinks,
    AddListLinks,
    Change,
    ConfirmRelease,
    Extracted,
    FetchFailed,
    FetchResult,
    HandOver,
    HoldChange,
    KeepRefusal,
    KeepValidators,
    NoChange,
    NotFetched,
    SaveAttachment,
    SaveRelease,
    Unmodified,
)
from crawler.scheduler.changes.link_planner import remark_on
from crawler.scheduler.changes.release_address import aliases_of, with_fetched_address
from crawler.scheduler.context import SiteContext
from crawler.scheduler.ownership import is_same_release
from crawler.scheduler.plan import FetchOutcome, FrontierUrl, Link
from crawler.scheduler.reasons import CLOSED, COPY, EMPTY, EMPTY_LIST, FAULT, NOINDEX, UNREAD
from crawler.scheduler.url_rules import is_front_page, is_wanted, redirects_home
from crawler.store import Release, StoredRelease
from crawler.store.pending_change_rows import LossReason, PendingChange
from crawler.store.records import text_digest, text_of
from crawler.urls import canonical

log = logging.getLogger(__name__)

# A release has few addresses; if the same text appears at more of them, each further one counts as a miss.
ALIASES_MAX = 4

# 410 means "for good", but is as often a mistake as 404.
_ABSENT = frozenset({"status-404", "status-410"})


class ChangePlanner:
    """Turns the fetch results of one site into changes."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self._site, self._store, self._frontier = context.site, context.store, context.frontier

    def plan(self, entry: FrontierUrl, result: FetchResult, now: datetime) -> Change:
        """Return the change that *result*, the fetch of *entry*, leads to."""
        match result:
            case NotFetched(end=end):
                return NoChange(end=end)
            case FetchFailed(error=error):
                return self._plan_failure(entry, error, now)
            case Unmodified(page=page, was_refused=True):
                return self._refuse(entry, page, "no release", now)
            case Unmodified():
                return self._plan_same_page(entry)
            case Extracted(page=page, extraction=extraction):
                return self._plan_extraction(entry, page, extraction, now)

    def _plan_failure(self, entry: FrontierUrl, error: FetchError, now: datetime) -> Change:
        if error.reason in _ABSENT:
            return self._hold_loss(entry, "missing", now)
        if error.reason in CLOSED:
            return NoChange(end=FetchOutcome(outcome="skipped", reason=error.reason, is_answer=False))
        return NoChange(
            end=FetchOutcome(outcome="failed", reason=error.reason, is_answer=not error.temporary)
        )

    def _plan_same_page(self, entry: FrontierUrl) -> Change:
        if entry.kind != "release":
            return NoChange(end=FetchOutcome(outcome="read"))
        stored = self._store.find(entry.url)
        # A page of this site proves nothing about the release of another.
        if stored is None or (stored.release.url != entry.url and stored.release.site != self._site.id):
            return NoChange(end=FetchOutcome(outcome="unchanged"))
        reason = COPY if len(stored.aliases) > ALIASES_MAX else ""
        return ConfirmRelease(release=stored.id, end=FetchOutcome(outcome="unchanged", reason=reason))

    def _plan_extraction(
        self, entry: FrontierUrl, page: Page, extraction: Extraction, now: datetime
    ) -> Change:
        reason = "no release" if self._is_home_page(entry, page, extraction) else extraction.reason
        if reason in ("no release", UNREAD, NOINDEX):
            return self._refuse(entry, page, reason, now, is_new=True)
        if reason == FAULT:
            return NoChange(end=FetchOutcome(outcome="failed", reason=FAULT, is_answer=False))
        if extraction.release is not None:
            return self._plan_release(entry, page, extraction.release, now, is_whole=extraction.is_whole)
        return self._plan_other(entry, page, extraction)

    def _plan_other(self, entry: FrontierUrl, page: Page, extraction: Extraction) -> Change:
        match entry.kind:
            case "attachment":
                return SaveAttachment(page=page, text=extraction.text)
            case "list" if not extraction.discovered:
                return self._plan_empty_list(entry, page, extraction)
            case "list":
                return AddListLinks(page=page, extraction=extraction)
            case _:
                return AddFeedLinks(page=page, extraction=extraction)

    def _plan_empty_list(self, entry: FrontierUrl, page: Page, extraction: Extraction) -> Change:
        """Return the change for an empty list page: normal after the last page, but not for a start page."""
        if entry.depth == 0 and self._frontier.has_links(entry):
            return NoChange(end=FetchOutcome(outcome="failed", reason=EMPTY_LIST, is_answer=False))
        end = FetchOutcome(outcome="read", reason=remark_on(page, extraction) or EMPTY)
        # A start page that seems empty is extracted again next time: the template may be wrong.
        return KeepValidators(page=page, end=end) if entry.depth else NoChange(end=end)

    def _plan_release(
        self, entry: FrontierUrl, page: Page, release: Release, now: datetime, *, is_whole: bool
    ) -> Change:
        release = self._store.with_texts(
            self._assign_owner(with_fetched_address(release, entry, page, self._context))
        )
        change = self._plan_save(release, entry, page, now, is_whole=is_whole)
        if release.site == self._site.id:
            return change
        return HandOver(owner=release.site, link=self._link_for_owner(entry, page, release), then=change)

    def _plan_save(
        self, release: Release, entry: FrontierUrl, page: Page, now: datetime, *, is_whole: bool
    ) -> Change:
        """Return the change that saves *release*, or holds it if its addresses have another text."""
        aliases = tuple(url for url in aliases_of(release, entry.url, page) if self._may_join(url, release))
        if entry.url != release.url and not self._may_join(entry.url, release):
            return self._hold_loss(entry, "leads to another release", now)
        at_addresses = self._find_stored((entry.url, release.url), release)
        differing = [
            stored for stored in at_addresses if stored.state == "present" and _differs(stored, release)
        ]
        if differing:
            # A release of another site is settled by that site's change guards.
            first = next(
                (stored for stored in differing if stored.release.site == release.site), differing[0]
            )
            pending = PendingChange(
                release=first.id, url=entry.url, record=release, aliases=aliases, seen=now
            )
            return self._hold(pending, first, "changed")
        if release.site != self._site.id and release.url != canonical(page.url):
            # The page proves an address of the release, not its text nor that it is still there.
            return AddAddresses(release=at_addresses[-1].id, aliases=aliases)
        return SaveRelease(
            release=release,
            page=page,
            aliases=aliases,
            stored_ids=tuple(stored.id for stored in at_addresses),
            is_whole=is_whole,
        )

    def _assign_owner(self, release: Release) -> Release:
        """Return *release* as that of the site that owns its address."""
        owner = self._context.owner_of(release.url)
        return replace(release, site=owner.id, ministry=owner.ministry)

    def _find_stored(self, urls: Iterable[str], release: Release) -> list[StoredRelease]:
        """Return the releases stored at *urls*, except those of other sites for which that is an alias."""
        found = ((url, self._store.find(url)) for url in dict.fromkeys(urls))
        return [
            stored
            for url, stored in found
            if stored is not None and (stored.release.site == release.site or stored.release.url == url)
        ]

    def _may_join(self, url: str, release: Release) -> bool:
        """Whether the release stored at *url*, where *release* was found now, may be merged into it.

        Within a site an edit may come with a new address; the change guards treat it as any edit.
        """
        stored = self._store.find(url)
        return (
            stored is None
            or stored.release.url != url
            or (stored.release.site == release.site or is_same_release(stored.release, release))
        )

    def _link_for_owner(self, entry: FrontierUrl, page: Page, release: Release) -> Link | None:
        owner = self._context.owners.of(release.url, self._site, release.site)
        if not is_wanted(page.url, page.url, owner):
            return None
        # No list page or feed of the owner gives a title or date for it.
        discovered = DiscoveredUrl(url=page.url, title=None, published=None, source="sitemap")
        return Link(url=canonical(page.url), kind="release", depth=entry.depth + 1, discovered=discovered)

    def _refuse(
        self, entry: FrontierUrl, page: Page, reason: str, now: datetime, *, is_new: bool = False
    ) -> Change:
        """Return the change for a page that is not a release, or asks not to be indexed.

        If a release is stored there, reading it has failed: a login form, an error or an empty page proves
        nothing about the release, which stays as it was. Only a redirect home means that it was removed.
        """
        if self._find_present(entry) is None:
            end = FetchOutcome(outcome="failed", reason=reason)
            return KeepRefusal(page=page, end=end) if is_new and reason == "no release" else NoChange(end=end)
        if reason == NOINDEX:
            return self._hold_loss(entry, NOINDEX, now)
        if redirects_home(entry.url, entry.request_url, canonical(page.url), self._site):
            return self._hold_loss(entry, "missing", now)
        log.warning("%s: was a release, and can no longer be read as one", entry.request_url)
        return NoChange(end=FetchOutcome(outcome="failed", reason=UNREAD, is_answer=False))

    def _is_home_page(self, entry: FrontierUrl, page: Page, extraction: Extraction) -> bool:
        """Whether a release redirects to a front page or section that only looks like a release."""
        home = canonical(page.url)
        if (
            extraction.release is None
            or not redirects_home(entry.url, entry.request_url, home, self._site)
            or self._store.find(home) is not None
        ):
            return False
        # `/slug/print` may lead to `/slug`; a section has other releases below it.
        return is_front_page(home, self._site) or self._store.has_beside(
            f"{home.rstrip('/')}/", but=entry.url
        )

    def _find_present(self, entry: FrontierUrl) -> StoredRelease | None:
        """Return the release that is present at *entry*; None if *entry* is only an old address of it."""
        stored = self._store.find(entry.url)
        is_own = stored is not None and stored.state == "present" and stored.release.url == entry.url
        return stored if is_own else None

    def _hold_loss(self, entry: FrontierUrl, reason: LossReason, now: datetime) -> Change:
        """Return the change for a missing release; an old address of one may disappear at once."""
        stored = self._find_present(entry)
        if stored is None:
            return NoChange(end=FetchOutcome(outcome="failed", reason=reason))
        pending = PendingChange(release=stored.id, url=entry.url, record=None, reason=reason, seen=now)
        return self._hold(pending, stored, reason)

    def _hold(self, pending: PendingChange, stored: StoredRelease, reason: str) -> Change:
        """Leave *pending* to the change guards of the owner, or to ours if the settings have no such site."""
        owner = stored.release.site
        return HoldChange(
            site=owner if owner in self._context.owners else self._site.id,
            pending=pending,
            end=FetchOutcome(outcome="held", reason=reason, changed=pending.seen),
        )


def _differs(stored: StoredRelease, release: Release) -> bool:
    """Whether *release* differs from *stored* in its words or its day, which the change guards watch.

    A redesign changes where dates and categories are found on all pages of a site; those are stored at once.
    """
    if stored.release.site == release.site or stored.release.url == release.url:
        return _words(stored.release) != _words(release)
    return text_digest(stored.release) != text_digest(release)


def _words(release: Release) -> tuple[object, ...]:
    """Return the text as readers see it, with the titles of attachments; their files are fetched later."""
    return *text_of(release), *(attachment.title for attachment in release.attachments)
