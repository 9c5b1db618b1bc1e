"""What a crawl does not believe at once: edits and losses wait until the whole site has been seen."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.config import CrawlerConfig, Guards
from crawler.frontier import Frontier, Run
from crawler.pages import Pages
from crawler.store import RIGA, Release, Store, dumped, loaded

LossReason = Literal["missing", "noindex"]


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
    """Why it is missing: 404, 410 or a redirect home, or a page that asks not to be indexed."""
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Which of the held changes of a site to believe, and what speaks against the others."""

    believed: tuple[Held, ...]
    objections: tuple[str, ...]


class Waiting:
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


def settle(site: str, run: Run, store: Store, config: CrawlerConfig, *, is_accepted: bool) -> tuple[str, ...]:
    """Make the held changes of *site* that are believed, all if *is_accepted*; return the objections."""
    waiting, frontier, pages = Waiting(store), Frontier(store, config.recheck), Pages(store)
    with store.transaction():
        held = waiting.of_site(site)
        verdict = judge(held, store.count_of(site), config.guards)
        for one in held if is_accepted else verdict.believed:
            outcome = _made(one, store, is_certain=is_accepted)
            frontier.settled(one.asked, run, outcome, one.reason or "")
            waiting.drop(one.release)
            # What is kept of it is the page as it was before; were it to come back, that would go unnoticed.
            pages.forget(one.asked)
    return () if is_accepted else verdict.objections


def _made(held: Held, store: Store, *, is_certain: bool) -> str:
    """Make a change that is believed; return what became of the release."""
    if held.record is not None:
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
    return first is not None and first < held.seen.astimezone(RIGA).date()


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
