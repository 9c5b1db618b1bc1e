"""Change guards: which pending readings and losses of a site to accept, once all of the site has been seen.

You give what its pages showed that the store does not have; you get what is taken now, and why the rest
waits. A reading that is the release is taken at once, unless most of the site changed with it; a doubtful one
is taken once it was the same on a later day; one that is not the release waits for the operator or for
`strange_after_d`.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from itertools import islice

from crawler.config import CrawlerConfig, Guards
from crawler.faults import CANNOT_BE_STORED, UNFORESEEN
from crawler.scheduler.changes.mention import LIST_ROWS_MIN, SHOWS_LIST, Sayings, right_mention
from crawler.scheduler.changes.newcomers import SHARED, is_led_astray, judge_again, lends, take_back
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.identity import (
    ErrorPages,
    Newcomer,
    flickering,
    is_meant,
    overlap,
    shared_pages,
    shared_titles,
    steady,
)
from crawler.scheduler.reasons import NO_RELEASE, OTHER_VERSION, UNREAD
from crawler.store import ChangeError, Release, Store, StoredRelease
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import Identity, PendingChange, PendingChangeRows
from crawler.store.records import text_digest
from crawler.store.run_rows import CrawlRun
from preses_relizes.shared.calendar import riga_day

log = logging.getLogger(__name__)

# Days after the first reading on which the same one is taken. A true edit is stored by its third day.
_DAYS: dict[Identity, int] = {"same": 0, "likely": 1, "possible": 2}

COPIED = "shows the text of another release"
# A shorter title may be a phrase of any text.
TITLE_CHARS_MIN = 20
NO_ERRORS = ErrorPages()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDecision:
    """The pending changes of a site to accept, and the objections to the others."""

    accepted: tuple[PendingChange, ...]
    objections: tuple[str, ...]


def settle(
    site: str,
    run: CrawlRun,
    store: Store,
    config: CrawlerConfig,
    *,
    is_accepted: bool,
    errors: ErrorPages = NO_ERRORS,
    newcomers: Sequence[Newcomer] = (),
    mentions: Sayings | None = None,
) -> tuple[str, ...]:
    """Make the pending changes of *site* that the guards accept, or all if *is_accepted*.

    *errors* are the pages that the site shows at addresses that do not exist, *newcomers* the releases that
    this run stored first, *mentions* what its lists say. Returns the objections to the changes that wait.
    """
    rows, frontier, pages = PendingChangeRows(store), Frontier(store, config.recheck), Pages(store)
    mentions = mentions or Sayings()
    with store.transaction():
        if not is_accepted:
            denied = judge_again(site, store, frontier, rows, mentions)
            take_back(site, run, store, frontier, newcomers, errors=errors, denied=denied)
        pending = [
            change
            for change in rows.of_site(site)
            if is_accepted or frontier.outcome_in(run, change.url) != "skipped"
        ]
        judged = list(
            judge_together(pending, store, errors, named=_named(pending, store, frontier, mentions))
        )
        for change in judged:
            if change.release is None and change.record is None:  # an error page at a new address
                frontier.record_settlement(change.url, run, "failed", NO_RELEASE)
                rows.delete(change.url)
        judged = [change for change in judged if change.release or change.record]
        decision = decide(judged, store.count_of(site), config.guards)
        for change in judged if is_accepted else decision.accepted:
            if change.identity == "flickers" or change.reason == UNREAD:
                continue
            before = store.get(change.release) if change.release else None
            outcome, reason = _make(change, site, store, is_certain=is_accepted)
            if before is not None and change.record is not None and outcome == "changed":
                _separate_aliases(before, change, run, store, frontier)
            frontier.record_settlement(change.url, run, outcome, reason)
            # The stored page is older than the change: by its validators, a site that undoes the change
            # would answer 304. Further addresses may show what they did before.
            for url in (*change.addresses, *(before.aliases if before else ())):
                pages.forget(url)
            owner = store.find(change.url) if outcome in {"new", "changed"} else None
            if owner is not None and owner.release.site == site:
                pages.take(change.url)
            rows.delete(change.url)
            if change.flicker:
                rows.put(site, replace(change, identity="flickers", doubt=""))
    return () if is_accepted else decision.objections


def decide(pending: Sequence[PendingChange], total: int, guards: Guards) -> GuardDecision:
    """Decide on the *pending* changes of a site that has *total* releases present."""
    losses = [change for change in pending if change.record is None and change.reason != UNREAD]
    misled = [change for change in losses if not _is_due(change, guards, is_mass=False)]
    losses = [change for change in losses if change not in misled]
    readings = [change for change in pending if change.record and change.identity != "flickers"]
    objections = []
    if is_mass(len(losses), total, guards.loss_share):
        objections.append(f"{len(losses)} of {total} releases are missing at once")
        losses = []
    known = [change for change in readings if change.release and change.identity != "strange"]
    is_mass_edit = is_mass(len(known), total, guards.change_share)
    taken = [change for change in readings if _is_due(change, guards, is_mass=is_mass_edit)]
    waiting = [change for change in readings if change not in taken] + misled
    objections += _object_to(waiting, total, guards, is_mass=is_mass_edit)
    return GuardDecision(accepted=(*taken, *losses), objections=tuple(objections))


def is_mass(count: int, total: int, share: float) -> bool:
    """Whether *count* is more than a *share* of *total*."""
    # One release may always change, however small the site.
    return count > 1 and count > share * total


def _is_due(change: PendingChange, guards: Guards, *, is_mass: bool) -> bool:
    """Whether a reading is taken now: it is the release, or was the same for long enough."""
    age = (riga_day(change.seen) - riga_day(change.since)).days
    wait = _DAYS.get(change.identity, guards.strange_after_d)
    return age >= max(wait, int(is_mass and change.release is not None))


def _object_to(
    waiting: Sequence[PendingChange], total: int, guards: Guards, *, is_mass: bool
) -> Iterator[str]:
    strange = [change for change in waiting if change.identity == "strange"]
    others = [change for change in waiting if change.identity != "strange"]
    if shared := [change for change in strange if change.doubt == SHARED]:
        yield (
            f"{len(shared)} releases suddenly have the same text: a login or error page? {_example(shared)}"
        )
    if single := [change for change in strange if change.doubt != SHARED]:
        until = min(riga_day(change.since) for change in single)
        until += timedelta(days=guards.strange_after_d)
        is_one = len(single) == 1
        subject = "1 page does" if is_one else f"{len(single)} pages do"
        wait = "waits" if is_one else "wait"
        yield f"{subject} not show the release of the address, and {wait} until {until}: {_example(single)}"
    if is_mass and (fresh := [change for change in others if change.release]):
        yield f"{len(fresh)} of {total} releases changed at once: the same reading on the next day is taken"
    elif others:
        subject = "1 reading waits" if len(others) == 1 else f"{len(others)} readings wait"
        yield f"{subject} to be repeated on a later day: {_example(others)}"


def _example(changes: Sequence[PendingChange]) -> str:
    first = min(changes, key=lambda change: change.url)
    return f"e.g. {first.url} {first.doubt}".rstrip()


# --- Readings beside each other -------------------------------------------------------------------


def judge_together(
    pending: Sequence[PendingChange], store: Store, errors: ErrorPages, *, named: Set[str] = frozenset()
) -> Iterator[PendingChange]:
    """Yield *pending* as they are beside each other, the store and the site's error pages.

    *named* are the addresses whose readings are the releases that lists name there: such a copy is the same
    release at another address.
    """
    stored = {change.url: store.get(change.release) for change in pending if change.release}
    owners = {change.url: own.id if (own := stored.get(change.url)) else change.url for change in pending}
    readings = [
        (owners[change.url], change.record, own.release if (own := stored.get(change.url)) else None)
        for change in pending
        if change.record is not None and change.identity != "flickers"
    ]
    shared, titles = shared_pages(readings), shared_titles(readings)
    borrowed = frozenset(_borrowed(pending, stored, store))
    titles_of_site = lru_cache(8)(store.titles)
    targets = Counter(change.aliases for change in pending if change.reason == "leads to another release")
    for change in pending:
        if change.identity == "flickers":
            yield change
        elif change.record is None:
            yield from _judge_loss(change, targets, errors)
        elif errors.have(change.record):
            yield replace(change, record=None, aliases=(), reason="missing", identity="same")
        elif change.identity != "same" and _is_list(change.record, titles_of_site):
            yield replace(change, identity="strange", doubt=SHOWS_LIST)
        elif owners[change.url] in shared or is_led_astray(change, stored.get(change.url)):
            yield replace(change, identity="strange", doubt=SHARED)
        elif owners[change.url] in titles and change.url not in named:
            doubt = f"has the title of others, {change.record.title!r}"
            yield replace(change, identity="strange", doubt=doubt)
        elif change.url in borrowed or (
            change.identity != "same" and change.url not in named and _is_copy(change, change.record, store)
        ):
            yield replace(change, identity="strange", doubt=COPIED)
        else:
            yield change


def _named(
    pending: Sequence[PendingChange], store: Store, frontier: Frontier, mentions: Sayings
) -> frozenset[str]:
    """Return the addresses of known releases at which the lists name what they show now, or led to."""
    named = set[str]()
    for change in pending:
        record, stored = change.record, store.get(change.release) if change.release else None
        if record is None or stored is None or change.identity not in ("likely", "possible"):
            continue
        mention = right_mention((change.url, record.url), record, mentions, frontier)
        # What fits both releases of a series is no proof; a copy that no list names is of no series.
        is_told = record.url != change.url or is_meant(mention, record, stored.release)
        if mention and (is_told or not _has_listed_copy(record, store, frontier)):
            named.add(change.url)
    return frozenset(named)


def _has_listed_copy(record: Release, store: Store, frontier: Frontier) -> bool:
    other = store.find_copy(record, text_digest(record))
    copy = store.get(other) if other else None
    return copy is not None and frontier.is_listed(copy.release.url)


def _borrowed(
    pending: Sequence[PendingChange], stored: Mapping[str, StoredRelease | None], store: Store
) -> Iterator[str]:
    """Yield the addresses of known releases that show the text of another one under their own titles."""
    doubtful = [
        (change.url, own.release.url, change.record)
        for change in pending
        if change.record and change.identity in ("likely", "possible") and (own := stored.get(change.url))
    ]
    for site in {record.site for _, _, record in doubtful}:
        others = store.with_bodies(site, {record.body for _, _, record in doubtful if record.body})
        for url, own_url, record in doubtful:
            if any(lends(other, record) and other.url != own_url for other in others):
                yield url


def _judge_loss(
    change: PendingChange, targets: Counter[tuple[str, ...]], errors: ErrorPages
) -> Iterator[PendingChange]:
    """Yield a loss; an unreadable page and a redirect that several releases share prove none."""
    if change.reason == UNREAD:
        is_removal = errors.have_outline(change.outline)
        yield replace(change, reason="missing") if is_removal else change
    elif change.reason == "leads to another release" and targets[change.aliases] > 1:
        yield replace(change, identity="strange", doubt=f"leads to {change.aliases[0]}, as others do")
    else:
        yield change


def _is_list(record: Release, titles_of: Callable[[str], Sequence[str]]) -> bool:
    """Whether a reading names several other releases of its site, as a list does."""
    named = (
        title
        for title in titles_of(record.site)
        if len(title) >= TITLE_CHARS_MIN and title != record.title and title in record.body
    )
    return len(list(islice(named, LIST_ROWS_MIN))) == LIST_ROWS_MIN


def _is_copy(change: PendingChange, record: Release, store: Store) -> bool:
    """Whether another release of the site has the same words and day."""
    other = store.find_copy(record, text_digest(record))
    return other is not None and other != change.release


# --- Accepted changes -----------------------------------------------------------------------------


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
        return _write_reading(change, change.record, site, store)
    if change.release is None:
        return "failed"
    if change.reason == "noindex" and (is_certain or _was_missed_before(change.release, change, store)):
        store.withdraw(change.release, seen=change.seen)
        return "hidden"
    if is_certain:
        store.mark_gone(change.release, seen=change.seen)
        return "gone"
    return store.miss(change.release, seen=change.seen)


def _write_reading(change: PendingChange, record: Release, site: str, store: Store) -> str:
    stored = store.get(change.release) if change.release else None
    if stored is not None:
        record = steady(stored.release, record, flickering(change.flicker))
    successor = store.find(record.url)
    if (
        change.release is not None
        and successor is not None
        and successor.id != change.release
        and successor.release.site != site
    ):
        # It moved to another site, which alone decides what its release says.
        store.add_addresses(successor.id, (change.url, *change.aliases), seen=change.seen)
        return "changed"
    return store.save(record, seen=change.seen, read=change.read, aliases=change.aliases)


def _separate_aliases(
    before: StoredRelease, change: PendingChange, run: CrawlRun, store: Store, frontier: Frontier
) -> None:
    """Keep the text that a release had *before* another one took its place, where this run still found it.

    Two releases are stored as one if they were first read from one page.
    """
    after = store.get(before.id)
    if after is None or after.id != before.id or overlap(before.release, after.release).is_most:
        return
    for url in before.aliases:
        is_as_before = frontier.outcome_in(run, url) == "unchanged" and frontier.reason(url) != OTHER_VERSION
        if url not in change.addresses and is_as_before:
            store.leave(url, seen=change.seen)
            store.save(replace(before.release, url=url), seen=change.seen)


def _was_missed_before(release: str, change: PendingChange, store: Store) -> bool:
    """Whether the release was already missing on an earlier day."""
    first = store.missing_since(release)
    return first is not None and first < riga_day(change.seen)
