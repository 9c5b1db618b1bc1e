"""Which URL of a site next, and when: kept in the store, so that the plan survives `kill -9`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import chain, islice
from types import MappingProxyType

from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl
from crawler.page import DiscoverySource, PageKind
from crawler.scheduler.plan import Entry, FetchOutcome, Link
from crawler.store import Store
from crawler.store.frontier_rows import (
    DueFilter,
    FrontierRow,
    FrontierRows,
    Mention,
    NewUrl,
    OutcomeCount,
    VisitRecord,
)
from crawler.store.run_rows import Run, RunRows

DAY_S = 86_400
# A run that was cut off is taken up again within this time; later, list pages are worth a new look.
RESUMABLE_S = DAY_S // 4

# What comes before anything else has a `due` time before all clocks: the smaller, the earlier.
SEED, LIST = -3, -2
# What is new comes before what is to be checked again, and both before what failed last time, unless that has
# been due for so long: else a site that ends every run early could keep us from some of its pages for ever.
HEAD_START_S = 7 * DAY_S

# `lastmod` is believed until so many nudges led to a change too rarely: some sites write build times there.
NUDGES_JUDGED = 20
NUDGES_RIGHT_SHARE = 0.2

# What leads nowhere.
LEAVES = frozenset[PageKind]({"release", "attachment"})

BATCH, LIST_BATCH, BESIDE_LISTS = 100, 50, 50


class Frontier:
    """The URLs of all sites, in the file of *store*."""

    def __init__(self, store: Store, recheck: Recheck) -> None:
        self._store = store
        self._rows = FrontierRows(store)
        self._runs = RunRows(store)
        self._recheck = recheck

    def start(self, now: datetime) -> Run:
        """Begin a run, or take up the one that was cut off less than a day ago."""
        at = int(now.timestamp())
        with self._store.transaction():
            last = self._runs.unfinished()
            if last and abs(at - last.started) < RESUMABLE_S:
                return last
            return self._runs.insert(at)

    def finish(self, run: Run, now: datetime) -> None:
        """Say that nothing of *run* is left."""
        self._runs.finish(run.id, int(now.timestamp()))

    def started(self, run: int | None = None) -> datetime | None:
        """Return when the run of that number began, the last one if none is given; None: there is no such."""
        found = self._runs.get(run)
        return datetime.fromtimestamp(found.started, UTC) if found else None

    def seed(self, site: str, kind: PageKind, urls: Iterable[str], run: Run) -> None:
        """Plan the start pages, feeds or sitemaps of *site*: they are due in every run, before all else.

        One that failed has lost that place, and comes last: or it might end each run at its beginning.
        """
        self._rows.upsert_starts(site, kind, urls, due=SEED, due_if_failed=run.started, run=run.id)

    def due(
        self,
        site: str,
        run: Run,
        *,
        since: date | None = None,
        lists_wait: Callable[[], bool] = lambda: False,
        under_way: Callable[[], Mapping[str, PageKind]] = lambda: MappingProxyType({}),
        may_be_early: Callable[[], bool] = lambda: True,
    ) -> Iterator[list[Entry]]:
        """Yield what to ask of *site*, batch by batch: list pages, new releases, then what is due again.

        What is added meanwhile comes too; what lists and feeds named by then comes with the next list pages,
        to be asked while those are read. At the end come those that failed last time, then those that are not
        yet due, while the allowance of the day lasts, if it *may_be_early*. While *lists_wait*, a batch of
        releases comes before further list pages.

        When the next batch is taken, each entry must have been noted as `done` or be *under_way*, its kind by
        its URL, or it comes again; an empty batch says that what comes next hangs on those.
        """
        while True:
            asked = under_way()
            following = partial(self._next, site=site, run=run, since=since, asked=asked)
            waiting = lists_wait()
            lists = [] if waiting else following((SEED, LIST), LIST_BATCH)
            if lists or not (waiting or LEAVES.issuperset(asked.values())):
                # What only a sitemap named waits: a list page may yet say more of it.
                entries = lists + following((0, run.started - HEAD_START_S), BESIDE_LISTS, but="sitemap")
            else:
                entries = following((0, run.started), BATCH) or following((SEED, LIST), LIST_BATCH)
            if not entries and not asked:
                entries = following((0, run.started), BATCH, failed_by=run.started)
            if not entries and not asked:
                early = self._early_left(site, run) if may_be_early() else 0
                entries = following((run.started + 1, _FOREVER), early, failed_by=_FOREVER)
                if not entries:
                    return
            yield entries

    def left(self, site: str, run: Run) -> int:
        """Return how many known URLs of *site* are due."""
        return self._rows.count_due(site, due_until=run.started, before_run=run.id)

    def add(self, site: str, links: Iterable[Link], run: Run, *, at_most: int) -> int:
        """Plan *links* and return how many were unknown; *at_most* is the number of URLs kept for a site.

        A known link is planned for this run if it says that it is newer than before; one that failed comes
        last.
        """
        # Not as a list: a sitemap may name 50,000.
        found = iter(links)
        if (first := next(found, None)) is None:
            return 0
        with self._store.transaction():
            known = before = self._rows.count(site)
            is_believed = cache(partial(self._believes_lastmod, site))
            for link in chain((first,), found):
                if not self._renew(link, run, is_believed) and known < at_most:
                    self._insert(site, link, run)
                    known += 1
        return known - before

    def hints(self, url: str) -> DiscoveredUrl | None:
        """Return what list pages and feeds say of a canonical URL."""
        row = self._rows.get(url)
        return _hints(row) if row else None

    def repeats(self, entry: Entry, links_digest: str) -> tuple[bool, bool]:
        """Note what a list page links to; tell whether an earlier one and whether it itself already did."""
        with self._store.transaction():
            is_repeated = self._rows.has_earlier_with_links(entry.url, entry.site, links_digest)
            is_same = self._rows.links_digest(entry.url) == links_digest
            self._rows.set_links_digest(entry.url, links_digest)
        return is_repeated, is_same

    def has_links(self, entry: Entry) -> bool:
        """Whether a list page has ever led to releases."""
        return self._rows.links_digest(entry.url) is not None

    def count(self, site: str, kind: PageKind) -> int:
        """Return how many URLs of a kind are known."""
        return self._rows.count_kind(site, kind)

    def knows(self, url: str) -> bool:
        """Whether a canonical URL is known."""
        return self._rows.get(url) is not None

    def settled(self, url: str, run: Run, outcome: str, reason: str) -> None:
        """Note what became of a URL whose answer was held back."""
        self._rows.set_outcome(url, run.id, outcome, reason)

    def done(self, entry: Entry, run: Run, now: datetime, end: FetchOutcome) -> None:
        """Note how *entry* ended and plan its next check."""
        at = int(now.timestamp())
        changed = int(end.changed.timestamp()) if end.changed else entry.changed or at
        # An answer that says nothing is not waited for, but not in the same run.
        wait_s = interval_s(at - changed, self._recheck) if end.is_answer else 0
        self._rows.record_visit(
            entry.url,
            VisitRecord(
                run=run.id,
                run_started=run.started,
                outcome=end.outcome,
                reason=end.reason,
                at=at,
                due=max(at + wait_s, run.started + 1),
                keeps_due=end.keeps_place,
                changed=changed if end.is_answer else entry.changed,
                seen_changed=changed,
            ),
        )

    def leave(self, site: str, run: Run, *, root: str, reason: str) -> int:
        """Leave all that is due of *site* below the URL *root* for the next run, each in its place.

        Returns how many of them had not failed before: what fails again and again is not missed.
        """
        return self._rows.skip_below(site, root, due_until=run.started, run=run.id, reason=reason)

    def tallies(self, run: Run, site: str) -> list[OutcomeCount]:
        """Return what came of the URLs of *site* that *run* dealt with."""
        return self._rows.outcome_counts(run.id, site)

    def _next(
        self,
        due: tuple[int, int],
        at_most: int,
        *,
        site: str,
        run: Run,
        since: date | None,
        asked: Collection[str],
        but: DiscoverySource | None = None,
        failed_by: int | None = None,
    ) -> list[Entry]:
        """Return what is *due* in that time, the earliest first, less what is *asked* or only *but* named.

        Of what failed last time only that which was due *failed_by* then.
        """
        due_from, due_until = due
        wanted = DueFilter(
            due_from=due_from,
            due_until=due_until,
            before_run=run.id,
            failed_by=run.started - HEAD_START_S if failed_by is None else failed_by,
            but_source=but,
            published_since=since,
        )
        rows = self._rows.due(site, wanted, at_most=at_most + len(asked))
        return list(islice((_entry(site, row) for row in rows if row.url not in asked), at_most))

    def _early_left(self, site: str, run: Run) -> int:
        spent = self._rows.count_early(site, since=run.started - DAY_S)
        return max(0, min(BATCH, self._recheck.early_per_day - spent))

    def _renew(self, link: Link, run: Run, is_believed: Callable[[], bool]) -> bool:
        """Bring a known link up to date; return whether it was known."""
        known = self._rows.lastmod_and_source(link.url)
        if known is None:
            return False
        before, source = known
        mention = _mention(link.found)
        if source == "sitemap" and link.found.source != "sitemap":
            self._rows.set_mention(link.url, mention)
        lastmod = link.found.lastmod
        is_newer = (lastmod.isoformat() if lastmod else "") > before
        if is_newer:
            self._rows.set_lastmod(link.url, lastmod)
        is_nudge = is_newer and bool(before) and is_believed()
        if is_nudge or link.again:
            self._rows.hasten(
                link.url,
                due=_first_due(link, run),
                due_if_failed=run.started,
                is_nudge=is_nudge,
                before_run=run.id,
            )
        return True

    def _insert(self, site: str, link: Link, run: Run) -> None:
        self._rows.insert(
            NewUrl(
                url=link.url,
                ask=link.found.url,
                site=site,
                kind=link.kind,
                depth=link.depth,
                mention=_mention(link.found),
                due=_first_due(link, run),
                found=run.id,
            )
        )

    def _believes_lastmod(self, site: str) -> bool:
        judged, right = self._rows.count_nudges(site)
        return judged < NUDGES_JUDGED or right / judged >= NUDGES_RIGHT_SHARE


_FOREVER = 2**62


def _first_due(link: Link, run: Run) -> int:
    return run.started - HEAD_START_S if link.kind in LEAVES else LIST


def _mention(found: DiscoveredUrl) -> Mention:
    return Mention(source=found.source, title=found.title, published=found.published, lastmod=found.lastmod)


def _entry(site: str, row: FrontierRow) -> Entry:
    return Entry(
        url=row.url,
        ask=row.ask,
        site=site,
        kind=row.kind,
        depth=row.depth,
        hints=_hints(row),
        changed=row.changed,
    )


def _hints(row: FrontierRow) -> DiscoveredUrl | None:
    # A sitemap names any page at all, so that it hints at nothing.
    if row.source in (None, "sitemap"):
        return None
    return DiscoveredUrl(url=row.ask, title=row.title, published=row.published, source=row.source)


def interval_s(unchanged_s: int, recheck: Recheck) -> int:
    """Return how long a page that has not changed for *unchanged_s* is left alone.

    Press releases are edited soon after they appear and hardly ever later, so the time between checks grows
    with the time without a change.
    """
    return int(min(max(unchanged_s, 0) * recheck.age_share, recheck.at_most_d * DAY_S))
