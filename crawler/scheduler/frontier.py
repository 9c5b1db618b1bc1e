"""Which URL of a site next, and when: kept in the store, so that the plan survives `kill -9`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import chain, islice
from types import MappingProxyType

from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl, PageKind
from crawler.extraction.job import DiscoverySource
from crawler.scheduler.plan import Entry, FetchOutcome, Link, OutcomeCount, Run
from crawler.store import Store

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
        self._recheck = recheck

    def start(self, now: datetime) -> Run:
        """Begin a run, or take up the one that was cut off less than a day ago."""
        at = int(now.timestamp())
        with self._store.transaction() as db:
            row = db.execute("SELECT id, started, finished FROM run ORDER BY id DESC LIMIT 1").fetchone()
            if row and row[2] is None and abs(at - row[1]) < RESUMABLE_S:
                return Run(id=row[0], started=row[1])
            (id_,) = db.execute("INSERT INTO run (started) VALUES (?) RETURNING id", (at,)).fetchone()
        return Run(id=id_, started=at)

    def finish(self, run: Run, now: datetime) -> None:
        """Say that nothing of *run* is left."""
        with self._store.transaction() as db:
            db.execute("UPDATE run SET finished = ? WHERE id = ?", (int(now.timestamp()), run.id))

    def started(self, run: int | None = None) -> datetime | None:
        """Return when the run of that number began, the last one if none is given; None: there is no such."""
        rows = self._store.rows(
            "SELECT started FROM run WHERE ? IN (id, 0) ORDER BY id DESC LIMIT 1", run or 0
        )
        return datetime.fromtimestamp(rows[0][0], UTC) if rows else None

    def seed(self, site: str, kind: PageKind, urls: Iterable[str], run: Run) -> None:
        """Plan the start pages, feeds or sitemaps of *site*: they are due in every run, before all else.

        One that failed has lost that place, and comes last: or it might end each run at its beginning.
        """
        with self._store.transaction() as db:
            db.executemany(
                """INSERT INTO frontier (url, ask, site, kind, depth, due, found) VALUES (?, ?, ?, ?, 0, ?, ?)
                   ON CONFLICT (url) DO UPDATE
                   SET site = excluded.site, kind = excluded.kind, depth = 0,
                     due = iif(outcome = 'failed', min(due, ?), excluded.due)
                   WHERE run < excluded.found""",
                [(url, url, site, kind, SEED, run.id, run.started) for url in urls],
            )

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
        [(count,)] = self._store.rows(
            "SELECT count(*) FROM frontier WHERE site = ? AND due <= ? AND run < ?",
            site,
            run.started,
            run.id,
        )
        return int(count)

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
            [(before,)] = self._store.rows("SELECT count(*) FROM frontier WHERE site = ?", site)
            known = before
            is_believed = cache(partial(self._believes_lastmod, site))
            for link in chain((first,), found):
                if not self._renew(link, run, is_believed) and known < at_most:
                    known += self._insert(site, link, run)
        return int(known - before)

    def hints(self, url: str) -> DiscoveredUrl | None:
        """Return what list pages and feeds say of a canonical URL."""
        rows = self._store.rows("SELECT ask, source, title, published FROM frontier WHERE url = ?", url)
        return _hints(*rows[0]) if rows else None

    def repeats(self, entry: Entry, links_digest: str) -> tuple[bool, bool]:
        """Note what a list page links to; tell whether an earlier one and whether it itself already did."""
        earlier = """SELECT 1 FROM frontier WHERE site = ? AND links_digest = ?
                     AND rowid < (SELECT rowid FROM frontier WHERE url = ?) LIMIT 1"""
        before = "SELECT 1 FROM frontier WHERE url = ? AND links_digest = ?"
        with self._store.transaction() as db:
            is_repeated = bool(self._store.rows(earlier, entry.site, links_digest, entry.url))
            is_same = bool(self._store.rows(before, entry.url, links_digest))
            db.execute("UPDATE frontier SET links_digest = ? WHERE url = ?", (links_digest, entry.url))
        return is_repeated, is_same

    def has_links(self, entry: Entry) -> bool:
        """Whether a list page has ever led to releases."""
        return bool(
            self._store.rows("SELECT 1 FROM frontier WHERE url = ? AND links_digest IS NOT NULL", entry.url)
        )

    def count(self, site: str, kind: PageKind) -> int:
        """Return how many URLs of a kind are known."""
        return int(
            self._store.rows("SELECT count(*) FROM frontier WHERE site = ? AND kind = ?", site, kind)[0][0]
        )

    def knows(self, url: str) -> bool:
        """Whether a canonical URL is known."""
        return bool(self._store.rows("SELECT 1 FROM frontier WHERE url = ?", url))

    def settled(self, url: str, run: Run, outcome: str, reason: str) -> None:
        """Note what became of a URL whose answer was held back."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE frontier SET outcome = ?, reason = ?, run = ? WHERE url = ?",
                (outcome, reason, run.id, url),
            )

    def done(self, entry: Entry, run: Run, now: datetime, end: FetchOutcome) -> None:
        """Note how *entry* ended and plan its next check."""
        at = int(now.timestamp())
        changed = int(end.changed.timestamp()) if end.changed else entry.changed or at
        # An answer that says nothing is not waited for, but not in the same run.
        wait_s = interval_s(at - changed, self._recheck) if end.is_answer else 0
        with self._store.transaction() as db:
            db.execute(
                """UPDATE frontier SET run = ?, outcome = ?, reason = ?, due = iif(?, due, ?),
                     checked = ?, changed = ?, early = iif(due > ? AND NOT ?, ?, early),
                     lastmod_right = iif(nudged, changed != ?, lastmod_right), nudged = 0
                   WHERE url = ?""",
                (
                    run.id,
                    end.outcome,
                    end.reason,
                    end.keeps_place,
                    max(at + wait_s, run.started + 1),
                    at,
                    changed if end.is_answer else entry.changed,
                    run.started,
                    end.keeps_place,
                    at,
                    changed,
                    entry.url,
                ),
            )

    def leave(self, site: str, run: Run, *, root: str, reason: str) -> int:
        """Leave all that is due of *site* below the URL *root* for the next run, each in its place.

        Returns how many of them had not failed before: what fails again and again is not missed.
        """
        due = "site = ? AND due <= ? AND run < ? AND substr(ask, 1, ?) = ?"
        values = (site, run.started, run.id, len(root), root)
        with self._store.transaction() as db:
            [(missed,)] = self._store.rows(
                f"SELECT count(*) FROM frontier WHERE {due} AND outcome IS NOT 'failed'",  # noqa: S608 (a constant)
                *values,
            )
            db.execute(
                f"""UPDATE frontier SET run = ?, reason = ?,
                      outcome = iif(outcome = 'failed', outcome, 'skipped')
                    WHERE {due}""",  # noqa: S608 (as above)
                (run.id, reason, *values),
            )
        return int(missed)

    def tallies(self, run: Run, site: str) -> list[OutcomeCount]:
        """Return what came of the URLs of *site* that *run* dealt with."""
        rows = self._store.rows(
            """SELECT kind, outcome, reason, count(*) FROM frontier WHERE run = ? AND site = ?
               GROUP BY kind, outcome, reason ORDER BY kind, outcome, reason""",
            run.id,
            site,
        )
        return [
            OutcomeCount(kind=kind, outcome=outcome, reason=reason, count=count)
            for kind, outcome, reason, count in rows
        ]

    def _next(
        self,
        due: tuple[int, int],
        at_most: int,
        *,
        site: str,
        run: Run,
        since: date | None,
        asked: Collection[str],
        but: str = "",
        failed_by: int | None = None,
    ) -> list[Entry]:
        """Return what is *due* in that time, the earliest first, less what is *asked* or only *but* named.

        Of what failed last time only that which was due *failed_by* then.
        """
        rows = self._store.rows(
            """SELECT url, ask, kind, depth, changed, source, title, published FROM frontier
               WHERE site = ? AND due BETWEEN ? AND ? AND run < ? AND source IS NOT ?
                 AND (kind != 'release' OR published IS NULL OR published >= ?)
                 AND (outcome IS NOT 'failed' OR due <= ?)
               ORDER BY due, rowid LIMIT ?""",
            site,
            *due,
            run.id,
            but,
            since.isoformat() if since else "",
            run.started - HEAD_START_S if failed_by is None else failed_by,
            at_most + len(asked),
        )
        entries = (
            Entry(
                url=url,
                ask=ask,
                site=site,
                kind=kind,
                depth=depth,
                hints=_hints(ask, source, title, published),
                changed=changed,
            )
            for url, ask, kind, depth, changed, source, title, published in rows
            if url not in asked
        )
        return list(islice(entries, at_most))

    def _early_left(self, site: str, run: Run) -> int:
        [(spent,)] = self._store.rows(
            "SELECT count(*) FROM frontier WHERE site = ? AND early > ?", site, run.started - DAY_S
        )
        return max(0, min(BATCH, self._recheck.early_per_day - int(spent)))

    def _renew(self, link: Link, run: Run, is_believed: Callable[[], bool]) -> bool:
        """Bring a known link up to date; return whether it was known."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT coalesce(lastmod, ''), source FROM frontier WHERE url = ?", (link.url,)
            ).fetchone()
            if row is None:
                return False
            before, source = row
            _, title, published, lastmod = _said(link.found)
            if source == "sitemap" and link.found.source != "sitemap":
                db.execute(
                    "UPDATE frontier SET source = ?, title = ?, published = ? WHERE url = ?",
                    (link.found.source, title, published, link.url),
                )
            is_newer = (lastmod or "") > before
            if is_newer:
                db.execute("UPDATE frontier SET lastmod = ? WHERE url = ?", (lastmod, link.url))
            nudged = is_newer and bool(before) and is_believed()
            if nudged or link.again:
                db.execute(
                    """UPDATE frontier SET due = min(due, iif(outcome = 'failed', ?, ?)), nudged = ?
                       WHERE url = ? AND run < ?""",
                    (run.started, _first_due(link, run), nudged, link.url, run.id),
                )
            return True

    def _insert(self, site: str, link: Link, run: Run) -> int:
        with self._store.transaction() as db:
            db.execute(
                """INSERT INTO frontier
                     (url, ask, site, kind, depth, source, title, published, lastmod, due, found)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    link.url,
                    link.found.url,
                    site,
                    link.kind,
                    link.depth,
                    *_said(link.found),
                    _first_due(link, run),
                    run.id,
                ),
            )
        return 1

    def _believes_lastmod(self, site: str) -> bool:
        [(judged, right)] = self._store.rows(
            "SELECT count(lastmod_right), total(lastmod_right) FROM frontier WHERE site = ?", site
        )
        return int(judged) < NUDGES_JUDGED or float(right) / int(judged) >= NUDGES_RIGHT_SHARE


_FOREVER = 2**62


def _first_due(link: Link, run: Run) -> int:
    return run.started - HEAD_START_S if link.kind in LEAVES else LIST


def _said(found: DiscoveredUrl) -> tuple[str, str | None, str | None, str | None]:
    published = found.published.isoformat() if found.published else None
    return found.source, found.title, published, found.lastmod.isoformat() if found.lastmod else None


def _hints(
    url: str, source: DiscoverySource | None, title: str | None, published: str | None
) -> DiscoveredUrl | None:
    # A sitemap names any page at all, so that it hints at nothing.
    if source in (None, "sitemap"):
        return None
    day = date.fromisoformat(published) if published else None
    return DiscoveredUrl(url=url, title=title, published=day, source=source)


def interval_s(unchanged_s: int, recheck: Recheck) -> int:
    """Return how long a page that has not changed for *unchanged_s* is left alone.

    Press releases are edited soon after they appear and hardly ever later, so the time between checks grows
    with the time without a change.
    """
    return int(min(max(unchanged_s, 0) * recheck.age_share, recheck.at_most_d * DAY_S))
