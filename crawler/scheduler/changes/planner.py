"""Decides what a fetch changes in the store; reads the store, and changes nothing."""

import logging
from collections.abc import Sequence
from datetime import datetime

from crawler.downloader import FetchError
from crawler.extraction import Extraction
from crawler.page import Page
from crawler.scheduler.changes.change import (
    AddFeedLinks,
    AddListLinks,
    Change,
    ConfirmRelease,
    Extracted,
    FetchFailed,
    FetchResult,
    KeepRefusal,
    KeepValidators,
    NoChange,
    NotFetched,
    SaveAttachment,
    Unmodified,
)
from crawler.scheduler.changes.link_planner import remark_on
from crawler.scheduler.changes.mention import Sayings
from crawler.scheduler.changes.release_planner import PageReading, ReleasePlanner
from crawler.scheduler.context import SiteContext
from crawler.scheduler.identity import Newcomer
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.reasons import CLOSED, COPY, EMPTY, EMPTY_LIST, ERROR_PAGE, FAULT, NOINDEX, UNREAD
from crawler.scheduler.url_rules import is_front_page, is_of_other_language, redirects_home
from crawler.store import Release
from crawler.urls import canonical

log = logging.getLogger(__name__)

# A release has few addresses; if the same text appears at more of them, each further one counts as a miss.
ALIASES_MAX = 4

# 410 means "for good", but is as often a mistake as 404.
_ABSENT = frozenset({"status-404", "status-410"})


class ChangePlanner:
    """Turns the fetch results of one site into changes."""

    def __init__(self, context: SiteContext, mentions: Sayings) -> None:
        self._context = context
        self._site, self._store, self._frontier = context.site, context.store, context.frontier
        self._releases = ReleasePlanner(context, mentions)

    @property
    def newcomers(self) -> Sequence[Newcomer]:
        """The releases found at addresses where nothing was stored."""
        return self._releases.newcomers

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
            return self._releases.hold_loss(entry, "missing", now)
        if error.reason in CLOSED:
            return NoChange(end=FetchOutcome(outcome="skipped", reason=error.reason, is_answer=False))
        return NoChange(
            end=FetchOutcome(outcome="failed", reason=error.reason, is_answer=not error.temporary)
        )

    def _plan_same_page(self, entry: FrontierUrl) -> Change:
        if entry.kind != "release":
            return NoChange(end=FetchOutcome(outcome="read"))
        stored = self._store.holder(entry.url)
        # A page of this site proves nothing about the release of another.
        if stored is None or (stored.url != entry.url and stored.site != self._site.id):
            return NoChange(end=FetchOutcome(outcome="unchanged"))
        reason = COPY if stored.aliases > ALIASES_MAX else ""
        end = FetchOutcome(outcome="unchanged", reason=reason)
        return ConfirmRelease(release=stored.id, url=entry.url, end=end)

    def _plan_extraction(
        self, entry: FrontierUrl, page: Page, extraction: Extraction, now: datetime
    ) -> Change:
        reason = "no release" if self._is_home_page(entry, page, extraction) else extraction.reason
        if reason == NOINDEX and extraction.unindexed is not None:
            return self._plan_noindex(entry, page, extraction, extraction.unindexed, now)
        if reason == ERROR_PAGE and self._releases.find_present(entry) is None:
            return NoChange(end=FetchOutcome(outcome="failed", reason=ERROR_PAGE, is_answer=False))
        if reason in ("no release", UNREAD, ERROR_PAGE, NOINDEX):
            return self._refuse(entry, page, reason, now, is_new=True, outline=extraction.page_text)
        if reason == FAULT:
            return NoChange(end=FetchOutcome(outcome="failed", reason=FAULT, is_answer=False))
        if extraction.release is not None:
            return self._releases.plan(self._read(entry, page, extraction, extraction.release, now))
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

    def _read(
        self, entry: FrontierUrl, page: Page, extraction: Extraction, release: Release, now: datetime
    ) -> PageReading:
        return self._releases.read(
            entry, page, release, now, is_whole=extraction.is_whole, is_closed=extraction.is_closed
        )

    def _plan_noindex(
        self, entry: FrontierUrl, page: Page, extraction: Extraction, release: Release, now: datetime
    ) -> Change:
        """Return the change for a page that asks not to be indexed: only the release itself can ask that."""
        stored = self._releases.find_present(entry)
        if stored is None:
            return NoChange(end=FetchOutcome(outcome="failed", reason=NOINDEX))
        if self._releases.shows(stored, self._read(entry, page, extraction, release, now)):
            return self._releases.hold_loss(entry, NOINDEX, now)
        log.warning("%s: another page than the release, which asks not to be indexed", entry.request_url)
        return NoChange(end=FetchOutcome(outcome="failed", reason=UNREAD, is_answer=False))

    def _refuse(
        self,
        entry: FrontierUrl,
        page: Page,
        reason: str,
        now: datetime,
        *,
        is_new: bool = False,
        outline: tuple[str, ...] = (),
    ) -> Change:
        """Return the change for a page that is not a release.

        If a release is stored there, reading it has failed: a login form, an error or an empty page proves
        nothing about the release, which stays as it was. Only a redirect home means that it was removed, or
        an *outline*, the text of the page, that the site shows at any address that does not exist.
        """
        if self._releases.find_present(entry) is None:
            end = FetchOutcome(outcome="failed", reason=reason)
            return KeepRefusal(page=page, end=end) if is_new and reason == "no release" else NoChange(end=end)
        home = canonical(page.url)
        if redirects_home(entry.url, entry.request_url, home, self._site) and not is_of_other_language(
            entry.url, home
        ):
            return self._releases.hold_loss(entry, "missing", now)
        log.warning("%s: was a release, and can no longer be read as one", entry.request_url)
        end = FetchOutcome(outcome="failed", reason=UNREAD, is_answer=False)
        return (
            self._releases.hold_loss(entry, UNREAD, now, outline=outline, end=end)
            if outline
            else NoChange(end=end)
        )

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
