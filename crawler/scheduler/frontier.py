"""The frontier: which URL of a site is fetched next, and when. It is stored, so it survives `kill -9`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import chain, islice
from types import MappingProxyType

from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl
from crawler.page import DiscoverySource, PageKind
from crawler.scheduler.plan import FetchOutcome, FrontierUrl, Link
from crawler.scheduler.reasons import is_remark
from crawler.store import Store
from crawler.store.frontier_rows import (
    DueFilter,
    FetchUpdate,
    FrontierRow,
    FrontierRows,
    Mention,
    NewUrl,
    OutcomeCount,
)
from crawler.store.run_rows import CrawlRun, RunRows
from crawler.store.sightings import titles_that_start

DAY_S = 86_400
# An interrupted run is resumed within this time; later, list pages are worth fetching again.
RESUMABLE_S = DAY_S // 4

# `due` times that put start pages and list pages before everything else.
SEED, LIST = -3, -2
# New URLs come before rechecks, and both before URLs that failed last time, unless those have been due for
# this long: otherwise a site that ends every run early could hide some of its pages for ever.
HEAD_START_S = 7 * DAY_S

# A newer `lastmod` prompts a recheck. It is ignored once this many rechecks found too few changes: some sites
# write their build time there.
NUDGES_MIN = 20
NUDGES_RIGHT_SHARE = 0.2

# Kinds of pages that lead to no others, or only to attachments.
LEAVES = frozenset[PageKind]({"release", "attachment"})

# Sizes of batches: of releases, of list pages, and of releases fetched together with list pages.
BATCH, LIST_BATCH, BESIDE_LISTS = 100, 50, 50
_NONE: Mapping[str, PageKind] = MappingProxyType({})


class Frontier:
    """The URLs of all sites, in *store*."""

    def __init__(self, store: Store, recheck: Recheck) -> None:
        self._store = store
        self._rows = FrontierRows(store)
        self._runs = RunRows(store)
        self._recheck = recheck

    def start(self, now: datetime) -> CrawlRun:
        """Begin a run, or resume one that was interrupted recently."""
        at = int(now.timestamp())
        with self._store.transaction():
            last = self._runs.unfinished_run()
            if last and abs(at - last.started) < RESUMABLE_S:
                return last
            return self._runs.insert(at)

    def finish(self, run: CrawlRun, now: datetime) -> None:
        """Record that *run* is complete."""
        self._runs.finish(run.id, int(now.timestamp()))

    def run_start(self, run: int | None = None) -> datetime | None:
        """Return when the run of that number started, by default the last one; None if there is none."""
        row = self._runs.get(run)
        return datetime.fromtimestamp(row.started, UTC) if row else None

    def seed(self, site: str, kind: PageKind, urls: Iterable[str], run: CrawlRun) -> None:
        """Plan the start pages, feeds or sitemaps of *site*: they are due in every run, before all else.

        A URL that failed last time comes last instead: otherwise it could end each run at its start.
        """
        self._rows.upsert_starts(site, kind, urls, due=SEED, due_if_failed=run.started, run=run.id)

    def due(
        self,
        site: str,
        run: CrawlRun,
        *,
        since: date | None = None,
        lists_wait: bool = False,
        in_flight: Mapping[str, PageKind] = _NONE,
        may_be_early: bool = True,
    ) -> list[FrontierUrl]:
        """Return the URLs of *site* to fetch next: list pages, then new releases, then rechecks.

        New releases come along with list pages, to be fetched while those are extracted. URLs that failed
        last time come next, and finally, if *may_be_early*, URLs that are not yet due, within a daily
        allowance. While *lists_wait*, releases come before further list pages.

        Each URL must be recorded by `record` before the next call, or be *in_flight* (its kind by its URL);
        otherwise it is returned again. If nothing is returned, what is in flight may still lead to more; if
        nothing is in flight either, the run has all of the site.
        """
        following = partial(self._next, site=site, run=run, since=since, in_flight=in_flight)
        lists = [] if lists_wait else following((SEED, LIST), LIST_BATCH)
        if lists or not (lists_wait or LEAVES.issuperset(in_flight.values())):
            # Releases found in a sitemap only wait: a list page may still give their title and date.
            entries = lists + following(
                (0, run.started - HEAD_START_S), BESIDE_LISTS, except_source="sitemap"
            )
        else:
            entries = following((0, run.started), BATCH) or following((SEED, LIST), LIST_BATCH)
        if not entries and not in_flight:
            entries = following((0, run.started), BATCH, failed_by=run.started)
        if not entries and not in_flight and may_be_early:
            early = self._early_allowance(site, run)
            entries = following((run.started + 1, _FOREVER), early, failed_by=_FOREVER)
        return entries

    def leave_out(self, site: str, reason_of: Callable[[str, str], str], run: CrawlRun) -> None:
        """Never fetch the URLs of *site* for which there is a reason; fetch again those without one by now.

        *reason_of* takes a canonical URL and its spelling; empty: fetch it.
        """
        before = set(self._rows.due_at(site, _NEVER))
        left_out: dict[str, list[str]] = {}
        for url, request_url in self._rows.addresses(site):
            if reason := reason_of(url, request_url):
                left_out.setdefault(reason, []).append(url)
        with self._store.transaction():
            self._rows.resume(before.difference(*left_out.values()), due=run.started)
            for reason, urls in left_out.items():
                self._rows.postpone(urls, due=_NEVER, run=run.id, reason=reason)

    def has_left_out(self, site: str) -> bool:
        """Whether some URLs of *site* are never fetched."""
        return bool(self._rows.due_at(site, _NEVER))

    def count_due(self, site: str, run: CrawlRun) -> int:
        """Return how many URLs of *site* are due."""
        return self._rows.count_due(site, due_until=run.started, before_run=run.id)

    def count_due_within_a_day(self, site: str, now: datetime) -> int:
        """Return how many pages of releases of *site* are due by this time tomorrow."""
        return self._rows.count_releases_due(site, due_until=int(now.timestamp()) + DAY_S)

    def add(self, site: str, links: Iterable[Link], run: CrawlRun, *, at_most: int) -> int:
        """Plan *links* and return how many were unknown; a site has *at_most* URLs.

        A known link becomes due in this run if its `lastmod` is newer than before.
        """
        # An iterator, not a list: a sitemap may name 50,000 URLs.
        remaining = iter(links)
        if (first := next(remaining, None)) is None:
            return 0
        with self._store.transaction():
            count = before = self._rows.count(site)
            is_lastmod_trusted = cache(partial(self._is_lastmod_trusted, site))
            for link in chain((first,), remaining):
                if not self._update_known(link, run, is_lastmod_trusted) and count < at_most:
                    self._insert(site, link, run)
                    count += 1
        return count - before

    def hints(self, url: str) -> DiscoveredUrl | None:
        """Return the title and date that a list page or feed gives for a canonical URL."""
        row = self._rows.get(url)
        return _hints(row) if row else None

    def record_links(self, entry: FrontierUrl, links_digest: str) -> tuple[bool, bool]:
        """Record what a list page links to.

        Returns whether an earlier list page links to the same, and whether this one did last time.
        """
        with self._store.transaction():
            is_repeated = self._rows.has_earlier_with_links(entry.url, entry.site, links_digest)
            is_same = self._rows.links_digest(entry.url) == links_digest
            self._rows.set_links_digest(entry.url, links_digest)
        return is_repeated, is_same

    def has_links(self, entry: FrontierUrl) -> bool:
        """Whether a list page has ever led to releases."""
        return self._rows.links_digest(entry.url) is not None

    def last_remark(self, url: str) -> str:
        """Return the remark of the last extraction of a page; empty: none, or another reason."""
        reason = self.reason(url)
        return reason if is_remark(reason) else ""

    def reason(self, url: str) -> str:
        """Return the reason of the last outcome of a canonical URL; empty: none."""
        return self._rows.reason(url)

    def count(self, site: str, kind: PageKind) -> int:
        """Return how many URLs of a kind *site* has."""
        return self._rows.count_kind(site, kind)

    def knows(self, url: str) -> bool:
        """Whether a canonical URL is known."""
        return self._rows.get(url) is not None

    def is_listed(self, url: str) -> bool:
        """Whether a list page or feed names a canonical URL."""
        row = self._rows.get(url)
        return row is not None and row.source in ("list", "feed")

    def count_titles(self, site: str, titles: Iterable[str]) -> dict[str, int]:
        """Return to how many URLs of *site* its lists give each of *titles*, without those of none."""
        return self._rows.count_titles(site, titles)

    def mentions_like(self, site: str, title: str) -> list[DiscoveredUrl]:
        """Return what lists of *site* give for URLs if it starts with the first two words of *title*."""
        start = " ".join(title.split()[:2])
        rows = titles_that_start(self._store, site, start) if start else []
        return [DiscoveredUrl(url=url, title=found, published=None, source="list") for url, found in rows]

    def outcome_in(self, run: CrawlRun, url: str) -> str | None:
        """Return how the fetch of a canonical URL ended in *run*; None: it was not fetched."""
        return self._rows.outcome_in(run.id, url)

    def record_settlement(self, url: str, run: CrawlRun, outcome: str, reason: str) -> None:
        """Record the outcome of a URL whose change was pending."""
        self._rows.set_outcome(url, run.id, outcome, reason)

    def record(self, entry: FrontierUrl, run: CrawlRun, now: datetime, end: FetchOutcome) -> None:
        """Record how the fetch of *entry* ended, and plan the next one."""
        at = int(now.timestamp())
        changed = int(end.changed.timestamp()) if end.changed else entry.changed or at
        # Without an answer the URL is due at once, but not in the same run.
        wait_s = interval_s(at - changed, self._recheck) if end.is_answer else 0
        self._rows.record_fetch(
            entry.url,
            FetchUpdate(
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

    def skip_below(self, site: str, run: CrawlRun, *, root: str, reason: str) -> int:
        """Leave the due URLs of *site* that begin with *root* for the next run; they keep their place.

        Returns how many of them had not failed last time: a URL that always fails is not missed.
        """
        return self._rows.skip_below(site, root, due_until=run.started, run=run.id, reason=reason)

    def count_outcomes(self, run: CrawlRun, site: str) -> list[OutcomeCount]:
        """Return the number of URLs of *site* by outcome in *run*."""
        return self._rows.outcome_counts(run.id, site)

    def _next(
        self,
        due: tuple[int, int],
        at_most: int,
        *,
        site: str,
        run: CrawlRun,
        since: date | None,
        in_flight: Collection[str],
        except_source: DiscoverySource | None = None,
        failed_by: int | None = None,
    ) -> list[FrontierUrl]:
        """Return the URLs that are *due* in a span of Unix times, the earliest first.

        URLs *in_flight*, and those found only by *except_source*, are left out. URLs that failed last
        time are included if they were due by *failed_by*.
        """
        due_from, due_until = due
        wanted = DueFilter(
            due_from=due_from,
            due_until=due_until,
            before_run=run.id,
            failed_by=run.started - HEAD_START_S if failed_by is None else failed_by,
            except_source=except_source,
            published_since=since,
        )
        rows = self._rows.due(site, wanted, at_most=at_most + len(in_flight))
        return list(islice((_entry(site, row) for row in rows if row.url not in in_flight), at_most))

    def _early_allowance(self, site: str, run: CrawlRun) -> int:
        spent = self._rows.count_early(site, since=run.started - DAY_S)
        return max(0, min(BATCH, self._recheck.early_per_day - spent))

    def _update_known(self, link: Link, run: CrawlRun, is_lastmod_trusted: Callable[[], bool]) -> bool:
        """Update a known link; return whether it was known."""
        before = self._rows.mention(link.url)
        if before is None:
            return False
        self._update_mention(link, before)
        lastmod = link.discovered.lastmod
        is_newer = lastmod is not None and (before.lastmod is None or lastmod > before.lastmod)
        if is_newer:
            self._rows.set_lastmod(link.url, lastmod)
        is_nudge = is_newer and before.lastmod is not None and is_lastmod_trusted()
        if is_nudge or link.refetch:
            self._rows.hasten(
                link.url,
                due=_first_due(link, run),
                due_if_failed=run.started,
                is_nudge=is_nudge,
                before_run=run.id,
            )
        return True

    def _update_mention(self, link: Link, before: Mention) -> None:
        """Store the title and day that a start page or feed gives now.

        Further pages may be a trap, which gives new titles to known URLs; a sitemap names all pages.
        """
        now = _mention(link.discovered)
        if now.source == "sitemap" or (link.depth > 1 and before.source != "sitemap"):
            return
        latest = replace(now, title=now.title or before.title, published=now.published or before.published)
        if (latest.source, latest.title, latest.published) != (before.source, before.title, before.published):
            self._rows.set_mention(link.url, latest)

    def _insert(self, site: str, link: Link, run: CrawlRun) -> None:
        self._rows.insert(
            NewUrl(
                url=link.url,
                request_url=link.discovered.url,
                site=site,
                kind=link.kind,
                depth=link.depth,
                mention=_mention(link.discovered),
                due=_first_due(link, run),
                found_in_run=run.id,
            )
        )

    def _is_lastmod_trusted(self, site: str) -> bool:
        judged, right = self._rows.count_nudges(site)
        return judged < NUDGES_MIN or right / judged >= NUDGES_RIGHT_SHARE


_FOREVER = 2**62
# The `due` time of URLs that are left out.
_NEVER = _FOREVER + 1


def _first_due(link: Link, run: CrawlRun) -> int:
    return run.started - HEAD_START_S if link.kind in LEAVES else LIST


def _mention(found: DiscoveredUrl) -> Mention:
    return Mention(source=found.source, title=found.title, published=found.published, lastmod=found.lastmod)


def _entry(site: str, row: FrontierRow) -> FrontierUrl:
    return FrontierUrl(
        url=row.url,
        request_url=row.request_url,
        site=site,
        kind=row.kind,
        depth=row.depth,
        hints=_hints(row),
        changed=row.changed,
        is_stored=row.is_stored,
    )


def _hints(row: FrontierRow) -> DiscoveredUrl | None:
    # A sitemap names all kinds of pages, so it does not show that a page is a release.
    if row.source in (None, "sitemap"):
        return None
    return DiscoveredUrl(url=row.request_url, title=row.title, published=row.published, source=row.source)


def interval_s(unchanged_s: int, recheck: Recheck) -> int:
    """Return the seconds until a page that has not changed for *unchanged_s* is fetched again.

    Press releases are edited soon after they appear and hardly ever later, so the interval grows with the
    time since the last change.
    """
    return int(min(max(unchanged_s, 0) * recheck.age_share, recheck.at_most_d * DAY_S))
