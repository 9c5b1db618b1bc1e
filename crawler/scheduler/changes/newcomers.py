"""Releases at new addresses: which of them turn out not to be those of their addresses?

A page at a new address is stored unless a list calls it otherwise. Once all of the site has been read, it is
judged beside the others: what is in doubt then is taken back, and waits.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime

from crawler.scheduler.changes.detour import ASTRAY, OTHER_LANGUAGE
from crawler.scheduler.changes.mention import SHOWS_LIST, Sayings, is_of_another, mention_of
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.identity import (
    MISNAMED,
    OLD_ADDRESS,
    ErrorPages,
    Judgement,
    Newcomer,
    addresses_tell,
    days_tell,
    differs_by_loan,
    has_own_day,
    judge_new,
    masked_newcomers,
)
from crawler.scheduler.reasons import NO_RELEASE
from crawler.store import Release, Store, StoredRelease
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from crawler.store.run_rows import CrawlRun

SHARED = "shows the same text as other addresses: a login or error page?"
MISDATED = "does not have the day that the list gives, as the other releases of the site do"
BORROWED = "has the text of another release under its own title"
_BY_ITSELF = frozenset({SHARED, SHOWS_LIST, MISNAMED, MISDATED, BORROWED, OTHER_LANGUAGE, ASTRAY})
"""Doubts that no title of a list settles."""
# Releases by which it is judged what the addresses and lists of a site say.
NEIGHBOURS = 200
# The share of releases with a day of their own from which one without is doubtful.
DATED_SHARE = 0.9
# Characters of new texts that are compared with all texts of the site at once.
_CHARS_AT_ONCE = 2_000_000


def judge_again(
    site: str, store: Store, frontier: Frontier, rows: PendingChangeRows, mentions: Sayings
) -> frozenset[str]:
    """Judge doubtful releases at new addresses by what lists and other pages say now that all are read.

    Returns the addresses that the lists give to other releases.
    """
    denied, pending = set(), rows.of_site(site)
    for change in pending:
        if change.release or change.record is None:
            continue
        if change.doubt == BORROWED and not _is_borrowed(change.record, pending, store):
            rows.put(site, replace(change, identity="same", doubt=""))
        if change.doubt in _BY_ITSELF or change.doubt.startswith(OLD_ADDRESS):
            continue
        hints = mentions.right_of(change.url, change.record) or frontier.hints(change.url)
        mention = mention_of(change.record, hints, site, frontier)
        of_another = is_of_another(change.url, change.record, mention, mentions, frontier)
        if judge_new(change.record, mention, is_of_another=of_another).identity != "same":
            denied.add(change.url)
        elif change.identity == "strange":
            rows.put(site, replace(change, identity="same", doubt=""))
    return frozenset(denied)


def take_back(
    site: str,
    run: CrawlRun,
    store: Store,
    frontier: Frontier,
    newcomers: Sequence[Newcomer],
    *,
    errors: ErrorPages,
    denied: Set[str],
) -> None:
    """Make releases that this run stored pending if they turned out not to be those of their addresses."""
    rows, started = PendingChangeRows(store), datetime.fromtimestamp(run.started, UTC)
    pending = rows.of_site(site) if newcomers else ()
    waiting = [
        # An address that no list names takes nothing from one of which a list does.
        (change.record, change.url in denied or frontier.hints(change.url) is None)
        for change in pending
        if change.record is not None and (change.release or change.identity != "same")
    ]
    doubts = {url: Judgement("possible", BORROWED) for url in _borrowers(site, store, newcomers, pending)}
    doubts |= dict.fromkeys(_misdated(site, store, newcomers), Judgement("strange", MISDATED))
    doubts |= dict.fromkeys(_misnamed(site, store, newcomers), Judgement("strange", MISNAMED))
    doubts |= dict.fromkeys(masked_newcomers(newcomers, waiting), Judgement("strange", SHARED))
    doubts |= dict.fromkeys(_led_to(newcomers, pending), Judgement("strange", SHARED))
    doubts |= dict.fromkeys(_error_pages_among(newcomers, store, errors), Judgement("strange", NO_RELEASE))
    for change in pending:
        found = store.get(change.release) if change.release else None
        if found and found.first_seen >= started and is_led_astray(change, found):
            rows.put(site, replace(change, release=None, identity="strange", doubt=SHARED))
            doubts[found.release.url] = Judgement("strange", SHARED)
    for url, judgement in sorted(doubts.items()):
        stored = store.find(url)
        if stored is None:
            continue
        if stored.release.url != url:
            store.leave(url, seen=stored.changed)
            addresses = [url]
        elif store.discard(stored.id, since=started):
            addresses = [url, *stored.aliases]
        else:
            continue
        for address in addresses:
            change = PendingChange(
                release=None,
                url=address,
                record=replace(stored.release, url=address),
                seen=stored.first_seen,
                since=stored.first_seen,
                read=stored.first_seen,
                identity=judgement.identity,
                doubt=judgement.doubt,
            )
            rows.put(site, change)
            frontier.record_settlement(address, run, "held", judgement.doubt)
            Pages(store).forget(address)


def _error_pages_among(newcomers: Sequence[Newcomer], store: Store, errors: ErrorPages) -> Iterator[str]:
    """Yield the addresses of *newcomers* that show an error page of the site."""
    for newcomer in newcomers if errors else ():
        stored = None if newcomer.is_listed else store.find(newcomer.url)
        # A site may show its latest release at any address; that has a day of its own.
        if stored and not has_own_day(stored.release) and errors.have(stored.release):
            yield newcomer.url


def _borrowers(
    site: str, store: Store, newcomers: Sequence[Newcomer], pending: Sequence[PendingChange]
) -> Iterator[str]:
    """Yield the addresses of *newcomers* that have the text of another release under another title.

    An editor may have copied that release, to write another one in its place.
    """
    # A release that leads to another address has moved there.
    leading = {(change.url, change.record.url) for change in pending if change.record}
    for releases in _in_parts(newcomers, store):
        others = store.with_bodies(site, {release.body for release in releases})
        for release in releases:
            lenders = {other.url for other in others if lends(other, release)}
            if any((url, release.url) not in leading for url in lenders):
                yield release.url


def _led_to(newcomers: Sequence[Newcomer], pending: Sequence[PendingChange]) -> Iterator[str]:
    """Yield the pages known from redirects only, to which addresses of other releases lead, too."""
    astray = {change.record.url for change in pending if change.record and change.url != change.record.url}
    proven = {newcomer.url for newcomer in newcomers if newcomer.asked == newcomer.url or newcomer.is_titled}
    yield from (newcomer.url for newcomer in newcomers if newcomer.url in astray - proven)


def _in_parts(newcomers: Sequence[Newcomer], store: Store) -> Iterator[list[Release]]:
    """Yield the stored releases of *newcomers* that have a text, so many at once as memory may hold."""
    part, size = list[Release](), 0
    for newcomer in newcomers:
        stored = store.find(newcomer.url) if newcomer.text else None
        if stored is not None:
            part.append(stored.release)
            size += len(stored.release.body)
        if size > _CHARS_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _is_borrowed(record: Release, pending: Sequence[PendingChange], store: Store) -> bool:
    waiting = [change.record for change in pending if change.record is not None]
    others = [*waiting, *store.with_bodies(record.site, [record.body])]
    return any(lends(other, record) for other in others)


def is_led_astray(change: PendingChange, stored: StoredRelease | None) -> bool:
    """Whether an address that lists give to another release leads to the page of this one, as to a login.

    The page has no title or no day of its own, and those that lists give differ.
    """
    return (
        stored is not None
        and change.record is not None
        and change.url != stored.release.url == change.record.url
        and differs_by_loan(stored.release, change.record)
    )


def lends(other: Release, release: Release) -> bool:
    """Whether another release has the text of *release*, under another title."""
    has_text = (other.lead, other.body) == (release.lead, release.body)
    return has_text and other.title != release.title and other.url != release.url


def _misnamed(site: str, store: Store, newcomers: Sequence[Newcomer]) -> list[str]:
    """Return the addresses of *newcomers* that no list names, and that say something else than their page."""
    urls = [newcomer.url for newcomer in newcomers if newcomer.is_misnamed and not newcomer.is_listed]
    if not urls:
        return []  # of nearly all crawls
    others = [row for row in store.titles_by_url(site, at_most=NEIGHBOURS) if row[0] not in urls]
    return urls if len(urls) <= len(others) and addresses_tell(others) else []


def _misdated(site: str, store: Store, newcomers: Sequence[Newcomer]) -> list[str]:
    """Return the addresses of *newcomers* that lists date otherwise, if they date other releases rightly.

    Those that have no day at all are doubtful if few others have none.
    """
    urls = [newcomer.url for newcomer in newcomers if newcomer.is_misdated]
    if not urls:
        return []  # of nearly all crawls
    others = [row for row in store.days_by_url(site, at_most=NEIGHBOURS) if row[0] not in urls]
    if len(urls) > len(others) or not days_tell(others):
        return []
    are_dated = len(others) >= DATED_SHARE * min(NEIGHBOURS, store.count_of(site) - len(urls))
    return [
        newcomer.url for newcomer in newcomers if newcomer.is_misdated and (are_dated or newcomer.is_dated)
    ]
