"""Commits the change that follows from a fetch."""

from datetime import UTC, datetime, time

from crawler.scheduler.changes.change import (
    AddAddresses,
    AddFeedLinks,
    AddListLinks,
    Change,
    ConfirmRelease,
    HandOver,
    HoldChange,
    KeepRefusal,
    KeepValidators,
    NoChange,
    SaveAttachment,
    SaveRelease,
)
from crawler.scheduler.changes.link_planner import LinkPlanner
from crawler.scheduler.changes.mention import Sayings
from crawler.scheduler.changes.planner import ALIASES_MAX
from crawler.scheduler.context import SiteContext
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.reasons import COPY, IN_PART
from crawler.store import Outcome, Release


class ChangeWriter:
    """Makes the changes of one site; runs in a transaction of the store."""

    def __init__(self, context: SiteContext, mentions: Sayings) -> None:
        self._context = context
        self._store, self._pages, self._pending = context.store, context.pages, context.pending
        self._links = LinkPlanner(context, mentions)

    def write(  # noqa: C901, PLR0911, PLR0912 - one branch for each kind of change
        self, entry: FrontierUrl, change: Change, now: datetime
    ) -> FetchOutcome:
        """Make the *change* that the fetch of *entry* led to; return how that fetch ended."""
        match change:
            case NoChange(end=end):
                return end
            case KeepRefusal(page=page, end=end):
                self._context.refusals.keep(entry, page)
                return end
            case KeepValidators(page=page, end=end):
                self._pages.keep_validators(entry.url, page)
                return end
            case ConfirmRelease(release=id_, url=url, end=end):
                self._store.sight(id_, seen=now)
                self._pending.resolve(url)
                return end
            case HoldChange(site=site, pending=pending, end=end, page=page):
                self._pending.put(site, pending)
                if page is not None and not pending.flicker:  # else the text is stored as no page has it
                    self._pages.hold(entry.url, page)
                if pending.identity == "flickers" and pending.release is not None:
                    self._store.sight(pending.release, seen=now)
                return end
            case AddAddresses(release=id_, aliases=aliases):
                self._store.add_addresses(id_, aliases, seen=now)
                return FetchOutcome(outcome="unchanged")
            case SaveRelease():
                return self._save(entry, change, now)
            case HandOver(owner=owner, link=link, then=then):
                if link is not None:
                    self._links.add_link(owner, link)
                # Our copy of the page goes stale as soon as the owner fetches its own.
                self._pages.forget(entry.url)
                return self.write(entry, then, now)
            case SaveAttachment(page=page, text=text):
                self._pages.keep_validators(entry.url, page)
                if text:
                    self._store.save_text(entry.request_url, text, seen=now)
                return FetchOutcome(outcome="read", reason="" if text else "no text", changed=now)
            case AddListLinks(page=page, extraction=extraction):
                end = self._links.add_list(entry, page, extraction, now)
                self._pages.keep_validators(entry.url, page)
                return end
            case AddFeedLinks(page=page, extraction=extraction):
                end = self._links.add_feed(entry, page, extraction, now)
                self._pages.keep_validators(entry.url, page)
                return end

    def _save(self, entry: FrontierUrl, change: SaveRelease, now: datetime) -> FetchOutcome:
        release = change.release
        outcome = self._store.save(release, seen=now, aliases=change.aliases, is_back=change.is_back)
        self._pending.resolve(entry.url)
        if release.site == self._context.site.id:
            self._pages.keep(entry.url, change.page)
        self._links.add_attachments(entry, release.attachments)
        is_copy = self._store.count_aliases(release.url) > ALIASES_MAX
        reason = COPY if is_copy else "" if change.is_whole else IN_PART
        return FetchOutcome(outcome=outcome, reason=reason, changed=_last_change(outcome, release, now))


def _last_change(outcome: Outcome, release: Release, now: datetime) -> datetime | None:
    """Return the likely time of the last change; that of a new release is its publication, if known."""
    if outcome == "unchanged":
        return None
    if outcome == "new" and release.published:
        return min(now, datetime.combine(release.published, time(), UTC))
    return now
