"""Change guards: which pending edits and removals of a site to accept, once all of the site has been seen."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.config import CrawlerConfig, Guards
from crawler.faults import CANNOT_BE_STORED, UNFORESEEN
from crawler.scheduler.frontier import Frontier
from crawler.store import ChangeError, Store
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from crawler.store.run_rows import CrawlRun
from preses_relizes.calendar import riga_day

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDecision:
    """The pending changes of a site to accept, and the objections to the others."""

    accepted: tuple[PendingChange, ...]
    objections: tuple[str, ...]


def settle(
    site: str, run: CrawlRun, store: Store, config: CrawlerConfig, *, is_accepted: bool
) -> tuple[str, ...]:
    """Make the pending changes of *site* that the guards accept, or all if *is_accepted*.

    Returns the objections to the others.
    """
    rows, frontier, pages = PendingChangeRows(store), Frontier(store, config.recheck), Pages(store)
    with store.transaction():
        pending = rows.of_site(site)
        decision = decide(pending, store.count_of(site), config.guards)
        for change in pending if is_accepted else decision.accepted:
            outcome, reason = _make(change, site, store, is_certain=is_accepted)
            frontier.record_settlement(change.url, run, outcome, reason)
            rows.delete(change.release)
            # The stored page is older than the change: by its validators, a site that undoes the change
            # would answer 304.
            for url in change.addresses:
                pages.forget(url)
    return () if is_accepted else decision.objections


def decide(pending: Sequence[PendingChange], total: int, guards: Guards) -> GuardDecision:
    """Decide on the *pending* changes of a site that has *total* releases present."""
    losses = [change for change in pending if change.record is None]
    same = Counter(_text(change) for change in pending if change.record)
    edits = [change for change in pending if change.record and same[_text(change)] == 1]
    masked = len(pending) - len(losses) - len(edits)
    objections = []
    if masked:
        objections.append(f"{masked} releases suddenly have the same text: a login or error page?")
    if is_mass(len(losses), total, guards.loss_share):
        objections.append(f"{len(losses)} of {total} releases are missing at once")
        losses = []
    if is_mass(len(edits), total, guards.change_share):
        objections.append(f"{len(edits)} of {total} releases changed at once")
        edits = []
    return GuardDecision(accepted=(*edits, *losses), objections=tuple(objections))


def is_mass(count: int, total: int, share: float) -> bool:
    """Whether *count* is more than a *share* of *total*."""
    # One release may always change, however small the site.
    return count > 1 and count > share * total


def _make(change: PendingChange, site: str, store: Store, *, is_certain: bool) -> tuple[str, str]:
    """Make an accepted change; return the outcome and its reason. A failure does not stop the others."""
    try:
        with store.savepoint():
            return _write(change, site, store, is_certain=is_certain), change.reason or ""
    except (ChangeError, *UNFORESEEN) as error:
        log.warning("%s: %s: %r; please report it", change.url, CANNOT_BE_STORED, error)
        return "failed", CANNOT_BE_STORED


def _write(change: PendingChange, site: str, store: Store, *, is_certain: bool) -> str:
    if change.record is not None:
        successor = store.find(change.record.url)
        if successor is not None and successor.id != change.release and successor.release.site != site:
            # It moved to another site, which alone decides what its release says.
            store.add_addresses(successor.id, (change.url, *change.aliases), seen=change.seen)
            return "changed"
        return store.save(change.record, seen=change.seen, aliases=change.aliases)
    if change.reason == "noindex" and (is_certain or _was_missed_before(change, store)):
        store.withdraw(change.release, seen=change.seen)
        return "hidden"
    if is_certain:
        store.mark_gone(change.release, seen=change.seen)
        return "gone"
    return store.miss(change.release, seen=change.seen)


def _was_missed_before(change: PendingChange, store: Store) -> bool:
    """Whether the release was already missing on an earlier day."""
    first = store.missing_since(change.release)
    return first is not None and first < riga_day(change.seen)


def _text(change: PendingChange) -> tuple[str, str] | None:
    return (change.record.title, change.record.body) if change.record else None
