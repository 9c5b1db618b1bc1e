"""What a crawl does not believe at once: edits and losses wait until the whole site has been seen."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.config import CrawlerConfig, Guards
from crawler.faults import CANNOT_BE_STORED, UNFORESEEN
from crawler.scheduler.frontier import Frontier
from crawler.store import RIGA, ChangeError, Store
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from crawler.store.run_rows import Run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Which of the held changes of a site to believe, and what speaks against the others."""

    believed: tuple[PendingChange, ...]
    objections: tuple[str, ...]


def settle(site: str, run: Run, store: Store, config: CrawlerConfig, *, is_accepted: bool) -> tuple[str, ...]:
    """Make the held changes of *site* that are believed, all if *is_accepted*; return the objections."""
    waiting, frontier, pages = PendingChangeRows(store), Frontier(store, config.recheck), Pages(store)
    with store.transaction():
        held = waiting.of_site(site)
        verdict = judge(held, store.count_of(site), config.guards)
        for one in held if is_accepted else verdict.believed:
            outcome, reason = _settled(one, site, store, is_certain=is_accepted)
            frontier.settled(one.asked, run, outcome, reason)
            waiting.delete(one.release)
            # What is kept of them is the page as it was; were it to come back, that would go unnoticed.
            for url in one.addresses:
                pages.forget(url)
    return () if is_accepted else verdict.objections


def _settled(held: PendingChange, site: str, store: Store, *, is_certain: bool) -> tuple[str, str]:
    """Make a change that is believed; return what became of the release, and why."""
    try:
        with store.savepoint():
            return _made(held, site, store, is_certain=is_certain), held.reason or ""
    except (ChangeError, *UNFORESEEN) as error:
        log.warning("%s: %s: %r; please report it", held.asked, CANNOT_BE_STORED, error)
        return "failed", CANNOT_BE_STORED


def _made(held: PendingChange, site: str, store: Store, *, is_certain: bool) -> str:
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


def _was_missed_before(held: PendingChange, store: Store) -> bool:
    """Whether a release was not to be shown on an earlier day."""
    first = store.missed(held.release)
    return first is not None and first < held.seen.astimezone(RIGA).date()


def judge(held: Sequence[PendingChange], known: int, guards: Guards) -> Verdict:
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


def _text(held: PendingChange) -> tuple[str, str] | None:
    return (held.record.title, held.record.body) if held.record else None
