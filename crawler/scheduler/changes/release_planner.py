"""Decides what the page of a release changes: a page changes a release only if it is that release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from crawler.extraction import DiscoveredUrl
from crawler.page import Page, is_closed
from crawler.scheduler.changes.change import (
    AddAddresses,
    Change,
    HandOver,
    HoldChange,
    NoChange,
    SaveRelease,
)
from crawler.scheduler.changes.detour import doubt_detour, is_back
from crawler.scheduler.changes.mention import (
    SHOWS_LIST,
    Sayings,
    is_of_another,
    mention_of,
    right_mention,
    shows_list,
)
from crawler.scheduler.changes.release_address import aliases_of, with_fetched_address
from crawler.scheduler.changes.waiting import doubt_again, since_when
from crawler.scheduler.context import SiteContext
from crawler.scheduler.identity import (
    Judgement,
    Newcomer,
    count_flicker,
    flickering,
    judge,
    judge_alias,
    judge_new,
    steady,
)
from crawler.scheduler.ownership import is_same_release
from crawler.scheduler.plan import FetchOutcome, FrontierUrl, Link
from crawler.scheduler.reasons import OTHER_RELEASE, OTHER_VERSION
from crawler.scheduler.url_rules import is_wanted
from crawler.store import Release, StoredRelease
from crawler.store.pending_change_rows import Identity, LossReason, PendingChange
from crawler.store.records import text_digest, text_of
from crawler.urls import canonical

# A release that was first read on an ill day of its site was well within these days.
YOUNG = timedelta(days=10)
# Earlier versions that a reading is compared with.
EARLIER_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page that was read as a release."""

    entry: FrontierUrl
    page: Page
    release: Release
    now: datetime
    is_whole: bool
    is_cut: bool
    """Whether the page lacks the end that it had before."""


class ReleasePlanner:
    """Turns the readings of one site into changes."""

    def __init__(self, context: SiteContext, mentions: Sayings) -> None:
        self._context, self._mentions = context, mentions
        self._site, self._store, self._frontier = context.site, context.store, context.frontier
        self._pending = context.pending
        self._main_language = cache(context.store.main_language)
        self.newcomers: list[Newcomer] = []
        """The readings at addresses where nothing was stored."""

    def read(
        self,
        entry: FrontierUrl,
        page: Page,
        release: Release,
        now: datetime,
        *,
        is_whole: bool,
        is_closed: bool,
    ) -> PageReading:
        """Return the reading of *page* as a release of the site that owns its address."""
        found = with_fetched_address(release, entry, page, self._context)
        return PageReading(
            entry=entry,
            page=page,
            release=self._store.with_texts(self._assign_owner(found)),
            now=now,
            is_whole=is_whole,
            is_cut=not is_closed and self._is_cut(entry),
        )

    def plan(self, reading: PageReading) -> Change:
        """Return the change that *reading* leads to."""
        change = self._plan(reading)
        if reading.release.site == self._site.id:
            if isinstance(change, HoldChange) and change.pending.record is not None:
                return replace(change, page=reading.page)
            return change
        return HandOver(owner=reading.release.site, link=self._link_for_owner(reading), then=change)

    def shows(self, stored: StoredRelease, reading: PageReading) -> bool:
        """Whether *reading*, which may ask not to be indexed, is the *stored* release."""
        if not differs(stored, reading.release):
            return True
        judgement = judge(
            stored.release,
            reading.release,
            self._mention(reading.entry, reading.release),
            is_cut=reading.is_cut,
        )
        return judgement.identity in ("same", "likely")

    def hold_loss(
        self,
        entry: FrontierUrl,
        reason: LossReason,
        now: datetime,
        *,
        leads_to: str = "",
        identity: Identity = "same",
        outline: tuple[str, ...] = (),
        end: FetchOutcome | None = None,
    ) -> Change:
        """Return the change for a missing release; an old address of one may disappear at once."""
        stored = self.find_present(entry)
        if stored is None:
            return NoChange(end=FetchOutcome(outcome="failed", reason=reason))
        pending = PendingChange(
            release=stored.id,
            url=entry.url,
            record=None,
            reason=reason,
            aliases=(leads_to,) if leads_to else (),
            seen=now,
            since=self._since(entry, reason, now),
            identity=identity,
            doubt=f"leads to {leads_to}" if leads_to else "",
            outline=outline,
        )
        return self._hold(pending, stored, reason, end)

    def find_present(self, entry: FrontierUrl) -> StoredRelease | None:
        """Return the release that is present at *entry*; None if *entry* is only an old address of it."""
        stored = self._find_own(entry)
        return stored if stored is not None and stored.state == "present" else None

    def _plan(self, reading: PageReading) -> Change:
        """Return the change that saves the release, or holds it if its addresses have another text."""
        entry, release = reading.entry, reading.release
        if not self._may_lead(reading):
            return self._hold_detour(reading)
        at_addresses = self._find_stored((entry.url, release.url), release)
        if release.url == entry.url and self._is_alias(entry, at_addresses):
            return self._plan_alias(reading, at_addresses[0])
        differing = [stored for stored in at_addresses if differs(stored, release)]
        if differing:
            # A release of another site is settled by that site's change guards.
            first = next((each for each in differing if each.release.site == release.site), differing[0])
            return self._plan_edit(reading, first)
        return self._plan_same_text(reading, at_addresses)

    def _plan_same_text(self, reading: PageReading, at_addresses: Sequence[StoredRelease]) -> Change:
        """Return the change for a reading that is new, or has the text that is stored at its addresses."""
        entry, release = reading.entry, reading.release
        own = next((stored for stored in at_addresses if stored.release.url == entry.url), None)
        mention = self._mention(entry, release)
        judgement = self._judge_new(entry, release, mention)
        if shows_list(release, self._site.id, self._frontier):
            judgement = Judgement("strange", SHOWS_LIST)
        elif judgement.identity == "same":
            judgement = (
                doubt_detour(entry.url, reading.page, release, mention, self._context)
                or doubt_again(self._pending.at(entry.url), release, mention)
                or judgement
            )
        if judgement.identity != "same" and own is None:
            if not at_addresses and judgement.doubt != OTHER_RELEASE:
                return self._hold_new(reading, judgement)
            return NoChange(end=FetchOutcome(outcome="unchanged", reason=OTHER_RELEASE))
        if release.site != self._site.id and release.url != canonical(reading.page.url):
            # The page proves an address of the release, not its text nor that it is still there.
            return AddAddresses(release=at_addresses[-1].id, aliases=self._aliases(reading))
        if own is None and release.url in (entry.url, canonical(reading.page.url)):
            self.newcomers.append(Newcomer.of(release.url, release, mention, asked=entry.url))
        return self._save(reading)

    def _hold_detour(self, reading: PageReading) -> Change:
        """Return the change for a release whose address leads to another one, for a day or for good."""
        # Another site decides for itself; on this one, only a redirect home or to an error page is a removal.
        is_here = reading.release.site == self._site.id
        return self.hold_loss(
            reading.entry,
            "leads to another release",
            reading.now,
            leads_to=reading.release.url,
            identity="strange" if is_here else "same",
        )

    def _save(self, reading: PageReading) -> Change:
        return SaveRelease(
            release=reading.release,
            page=reading.page,
            aliases=self._aliases(reading),
            is_whole=reading.is_whole,
            is_back=is_back(reading.entry.url, reading.page, reading.release, self._context),
        )

    def _aliases(self, reading: PageReading) -> tuple[str, ...]:
        release = reading.release
        found = aliases_of(release, reading.entry.url, reading.page)
        return tuple(url for url in found if self._may_join(url, release))

    def _plan_edit(self, reading: PageReading, stored: StoredRelease) -> Change:
        """Return the change for a reading that differs from the release that it says it is."""
        entry, release, now = reading.entry, reading.release, reading.now
        before = self._pending.at(entry.url)
        times = before.flicker if before else {}
        if before is not None and before.record is not None and before.release == stored.id:
            times = count_flicker(stored.release, before.record, release, times)
        places = flickering(times)
        settled = steady(stored.release, release, places)
        judgement = Judgement("flickers")
        if differs(stored, settled):
            judgement = judge(
                stored.release,
                settled,
                self._mention_of_edit(entry, settled),
                is_cut=reading.is_cut,
                earlier=self._earlier(stored),
                main_language=self._main_language(stored.release.site),
                is_young=now - stored.first_seen < YOUNG,
            )
        if stored.state == "gone" and judgement.identity in ("likely", "possible"):
            judgement = Judgement("same")  # its address is back, and nothing else is there any more
        earlier = steady(stored.release, before.record, places) if before and before.record else None
        since, read = since_when(before, judgement, earlier, settled, now)
        pending = replace(self._pend(reading, judgement, since, read), release=stored.id, flicker=times)
        end = FetchOutcome(outcome="unchanged") if judgement.identity == "flickers" else None
        return self._hold(pending, stored, judgement.doubt or "changed", end)

    def _plan_alias(self, reading: PageReading, stored: StoredRelease) -> Change:
        """Return the change for an old address of *stored* that shows a text under its own name."""
        entry, release = reading.entry, reading.release
        if not differs(stored, release):
            return self._save(reading)
        mention = self._mention(entry, release)
        if mention is None and self._store.find_copy(release, text_digest(release)):
            return self._save(reading)  # now of another release that is stored
        judgement = judge_alias(stored.release, release, mention)
        if judgement is None and stored.state == "present":
            return NoChange(end=FetchOutcome(outcome="unchanged", reason=OTHER_VERSION))
        if judgement is None or judgement.identity == "same":
            judgement = self._judge_new(entry, release, mention)
        if judgement.identity != "same":
            return self._hold_new(reading, judgement)
        self.newcomers.append(Newcomer.of(release.url, release, mention, asked=entry.url))
        return self._save(reading)

    def _hold_new(self, reading: PageReading, judgement: Judgement) -> Change:
        """Leave a doubtful release at a new address to a later crawl."""
        before = self._pending.at(reading.entry.url)
        earlier = before.record if before else None
        since, read = since_when(before, judgement, earlier, reading.release, reading.now)
        end = FetchOutcome(outcome="held", reason=judgement.doubt, is_answer=False)
        return HoldChange(site=self._site.id, pending=self._pend(reading, judgement, since, read), end=end)

    def _pend(
        self, reading: PageReading, judgement: Judgement, since: datetime, read: datetime
    ) -> PendingChange:
        """Return *reading* as a release at a new address that waits; its text was first *read* there."""
        return PendingChange(
            release=None,
            url=reading.entry.url,
            record=reading.release,
            aliases=self._aliases(reading),
            seen=reading.now,
            since=since,
            read=read,
            identity=judgement.identity,
            doubt=judgement.doubt,
        )

    def _since(self, entry: FrontierUrl, reason: LossReason, now: datetime) -> datetime:
        before = self._pending.at(entry.url)
        return before.since if before is not None and before.reason == reason else now

    def _may_lead(self, reading: PageReading) -> bool:
        """Whether the release of the requested address may be the one that the page shows elsewhere."""
        entry, release = reading.entry, reading.release
        return entry.url == release.url or self._may_join(entry.url, release)

    def _may_join(self, url: str, release: Release) -> bool:
        """Whether the release stored at *url*, where *release* was found now, may be merged into it.

        Within a site an edit may come with a new address; the change guards treat it as any edit.
        """
        stored = self._store.find(url)
        if stored is None or stored.release.url != url:
            return True
        if stored.release.site != release.site:
            return is_same_release(stored.release, release)
        return not differs(stored, release) or judge(
            stored.release, release, None, is_cut=False
        ).identity in ("same", "likely")

    def _find_own(self, entry: FrontierUrl) -> StoredRelease | None:
        """Return the release whose own address is *entry*."""
        stored = self._store.find(entry.url)
        return stored if stored is not None and stored.release.url == entry.url else None

    def _is_alias(self, entry: FrontierUrl, at_addresses: list[StoredRelease]) -> bool:
        """Whether *entry* is another address of a release of this site, which has one of its own."""
        if not at_addresses:
            return False
        own = at_addresses[0].release
        return own.url != entry.url and own.site == self._site.id and self._frontier.knows(own.url)

    def _find_stored(self, urls: Iterable[str], release: Release) -> list[StoredRelease]:
        """Return the releases stored at *urls*, except those of other sites for which that is an alias."""
        found = ((url, self._store.find(url)) for url in dict.fromkeys(urls))
        return [
            stored
            for url, stored in found
            if stored is not None and (stored.release.site == release.site or stored.release.url == url)
        ]

    def _judge_new(self, entry: FrontierUrl, release: Release, mention: DiscoveredUrl | None) -> Judgement:
        of_another = is_of_another(entry.url, release, mention, self._mentions, self._frontier)
        return judge_new(release, mention, is_of_another=of_another)

    def _mention(self, entry: FrontierUrl, release: Release) -> DiscoveredUrl | None:
        hints = self._mentions.right_of(entry.url, release) or entry.hints
        return mention_of(release, hints, self._site.id, self._frontier)

    def _mention_of_edit(self, entry: FrontierUrl, release: Release) -> DiscoveredUrl | None:
        """Return what lists say of a known release, also at the address to which it has moved."""
        urls = dict.fromkeys((entry.url, release.url))
        right = right_mention(urls, release, self._mentions, self._frontier)
        return right or self._mention(entry, release)

    def _earlier(self, stored: StoredRelease) -> tuple[Release, ...]:
        if not stored.edited:
            return ()
        return tuple(
            replace(stored.release, title=old.title, lead=old.lead, body=old.body, published=old.published)
            for old in self._store.revisions(stored.id, at_most=EARLIER_MAX)
        )

    def _is_cut(self, entry: FrontierUrl) -> bool:
        """Whether a page without an end tag is cut short: the stored page of its address has one."""
        kept = self._context.pages.get(entry.url)
        return kept is not None and is_closed(kept.body)

    def _assign_owner(self, release: Release) -> Release:
        """Return *release* as that of the site that owns its address."""
        owner = self._context.owner_of(release.url)
        return replace(release, site=owner.id, ministry=owner.ministry)

    def _link_for_owner(self, reading: PageReading) -> Link | None:
        entry, page, release = reading.entry, reading.page, reading.release
        owner = self._context.owners.of(release.url, self._site, release.site)
        if not is_wanted(page.url, page.url, owner):
            return None
        # No list page or feed of the owner gives a title or date for it.
        discovered = DiscoveredUrl(url=page.url, title=None, published=None, source="sitemap")
        return Link(url=canonical(page.url), kind="release", depth=entry.depth + 1, discovered=discovered)

    def _hold(
        self, pending: PendingChange, stored: StoredRelease, reason: str, end: FetchOutcome | None = None
    ) -> Change:
        """Leave *pending* to the change guards of the owner, or to ours if the settings have no such site."""
        owner = stored.release.site
        return HoldChange(
            site=owner if owner in self._context.owners else self._site.id,
            pending=pending,
            end=end or FetchOutcome(outcome="held", reason=reason, changed=pending.seen),
        )


def differs(stored: StoredRelease, release: Release) -> bool:
    """Whether *release* differs from *stored* in its words or its day, which the change guards watch.

    A redesign changes where dates and categories are found on all pages of a site; those are stored at once.
    """
    if stored.release.site == release.site or stored.release.url == release.url:
        return _words(stored.release) != _words(release)
    return text_digest(stored.release) != text_digest(release)


def _words(release: Release) -> tuple[object, ...]:
    """Return the text as readers see it, with the titles of attachments; their files are fetched later."""
    return *text_of(release), *(attachment.title for attachment in release.attachments)
