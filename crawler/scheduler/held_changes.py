"""What a crawl does not believe at once: edits and losses wait until the whole site has been seen."""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.config import CrawlerConfig, Guards
from crawler.faults import CANNOT_BE_STORED, UNFORESEEN
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.plan import Run
from crawler.store import ChangeError, Release, Store, StoreError, dumped, loaded
from crawler.store.pages import Pages
from preses_relizes.calendar import riga_day

log = logging.getLogger(__name__)

LossReason = Literal["missing", "noindex", "leads to another release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A change of a known release that waits to be believed."""

    release: str
    """The id of the known release."""
    asked: str
    """The canonical URL that answered so."""
    record: Release | None
    """What it says now; None: it is missing."""
    aliases: tuple[str, ...] = ()
    reason: LossReason | None = None
    """Why it is missing: 404, 410 or a redirect home, a page that asks not to be indexed, or a redirect to
    another release."""
    seen: datetime

    @property
    def addresses(self) -> tuple[str, ...]:
        """The canonical URLs at which the change was met."""
        return (self.asked, *self.aliases, *((self.record.url,) if self.record else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Which of the held changes of a site to believe, and what speaks against the others."""

    believed: tuple[Held, ...]
    objections: tuple[str, ...]


class HeldChanges:
    """The held changes, in the file of *store*."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hold(self, site: str, held: Held) -> None:
        """Keep *held* in place of what was held of the same release before."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    held.release,
                    site,
                    held.asked,
                    dumped(held.record) if held.record else None,
                    json.dumps(held.aliases),
                    held.reason or "",
                    held.seen.isoformat(),
                ),
            )

    def drop(self, release: str) -> None:
        """Forget what was held of a release: its page is as it was, or the change is made."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM held WHERE release = ?", (release,))

    def of_site(self, site: str) -> tuple[Held, ...]:
        """Return what is held of *site*, by release."""
        rows = self._store.rows(
            "SELECT release, asked, record, aliases, reason, seen FROM held WHERE site = ? ORDER BY release",
            site,
        )
        try:
            return tuple(
                Held(
                    release=release,
                    asked=asked,
                    record=loaded(record) if record else None,
                    aliases=tuple(json.loads(aliases)),
                    reason=reason or None,
                    seen=datetime.fromisoformat(seen),
                )
                for release, asked, record, aliases, reason, seen in rows
            )
        except ValueError as error:
            raise StoreError(
                f"{self._store.path}: what waits of {site} is damaged; restore the file from a backup"
            ) from error


def settle(site: str, run: Run, store: Store, config: CrawlerConfig, *, is_accepted: bool) -> tuple[str, ...]:
    """Make the held changes of *site* that are believed, all if *is_accepted*; return the objections."""
    waiting, frontier, pages = HeldChanges(store), Frontier(store, config.recheck), Pages(store)
    with store.transaction():
        held = waiting.of_site(site)
        verdict = judge(held, store.count_of(site), config.guards)
        for one in held if is_accepted else verdict.believed:
            outcome, reason = _settled(one, site, store, is_certain=is_accepted)
            frontier.settled(one.asked, run, outcome, reason)
            waiting.drop(one.release)
            # What is kept of them is the page as it was; were it to come back, that would go unnoticed.
            for url in one.addresses:
                pages.forget(url)
    return () if is_accepted else verdict.objections


def _settled(held: Held, site: str, store: Store, *, is_certain: bool) -> tuple[str, str]:
    """Make a change that is believed; return what became of the release, and why."""
    try:
        with store.savepoint():
            return _made(held, site, store, is_certain=is_certain), held.reason or ""
    except (ChangeError, *UNFORESEEN) as error:
        log.warning("%s: %s: %r; please report it", held.asked, CANNOT_BE_STORED, error)
        return "failed", CANNOT_BE_STORED


def _made(held: Held, site: str, store: Store, *, is_certain: bool) -> str:
    if held.record is not None:
        successor = store.find(held.record.url)
        if successor is not None and successor.id != held.release and successor.release.site != site:
            # It moved to another site, which alone says what stands there now.
            store.add_addresses(successor.id, (held.asked, *held.aliases), seen=held.seen)
            return "changed"
        return store.save(held.record, seen=held.seen, aliases=held.aliases)
    if held.reason == "noindex" and (is_certain or _was_missed_before(held, store)):
        store.withdraw(held.release, seen=held.seen)
        return "hidden"
    if is_certain:
        store.mark_gone(held.release, seen=held.seen)
        return "gone"
    return store.miss(held.release, seen=held.seen)


def _was_missed_before(held: Held, store: Store) -> bool:
    """Whether a release was not to be shown on an earlier day."""
    first = store.missed(held.release)
    return first is not None and first < riga_day(held.seen)


def judge(held: Sequence[Held], known: int, guards: Guards) -> Verdict:
    """Return what to believe of *held*, where *known* releases of the site are thought to be present."""
    losses = [one for one in held if one.record is None]
    same = Counter(_text(one) for one in held if one.record)
    edits = [one for one in held if one.record and same[_text(one)] == 1]
    masked = len(held) - len(losses) - len(edits)
    objections = []
    if masked:
        objections.append(f"{masked} releases suddenly say the same as another: a login or error page?")
    if is_mass(len(losses), known, guards.loss_share):
        objections.append(f"{len(losses)} of {known} releases are missing at once")
        losses = []
    if is_mass(len(edits), known, guards.change_share):
        objections.append(f"{len(edits)} of {known} releases changed at once")
        edits = []
    return Verdict(believed=(*edits, *losses), objections=tuple(objections))


def is_mass(count: int, known: int, share: float) -> bool:
    """Whether *count* is more than a *share* of those *known*."""
    # One release may always change, however small the site.
    return count > 1 and count > share * known


def _text(held: Held) -> tuple[str, str] | None:
    return (held.record.title, held.record.body) if held.record else None
