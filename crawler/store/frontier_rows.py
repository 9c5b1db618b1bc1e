"""The table of the frontier: every known URL, its last outcome, and when it is due."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from crawler.page import DiscoverySource, PageKind
from crawler.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierRow:
    """A URL of the frontier, with the title and date that list pages and feeds give."""

    url: str
    """Canonical."""
    request_url: str
    """As a page named it."""
    kind: PageKind
    depth: int
    """Links followed from the start page."""
    changed: int
    """Unix time of the last fetch that was new or differed; 0: never fetched."""
    source: DiscoverySource | None
    title: str | None
    published: date | None
    is_stored: bool
    """Whether a release is stored there under its own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilter:
    """Selects the URLs of a site that a run may fetch; all times are Unix times."""

    due_from: int
    due_until: int
    before_run: int
    """Only URLs that neither this run nor a later one has processed."""
    failed_by: int
    """URLs that failed last time are selected only if they were due by then."""
    except_source: DiscoverySource | None = None
    published_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchUpdate:
    """The new values for the row of a fetched URL; all times are Unix times."""

    run: int
    run_started: int
    outcome: str
    reason: str
    at: int
    due: int
    keeps_due: bool
    """The URL was not fetched: its due time stays."""
    changed: int
    seen_changed: int
    """When the content last changed, as far as this fetch shows: was a newer lastmod right?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """The title, date and lastmod that a list page, feed or sitemap gives for a URL."""

    source: DiscoverySource | None
    title: str | None
    published: date | None
    lastmod: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrl:
    """A URL that joins the frontier."""

    url: str
    """Canonical."""
    request_url: str
    site: str
    kind: PageKind
    depth: int
    mention: Mention
    due: int
    found_in_run: int
    """The run that found it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """The number of URLs of a kind with the same outcome in a run."""

    kind: PageKind
    outcome: str
    reason: str
    count: int

    @classmethod
    def of(cls, row: tuple[PageKind, str, str, int]) -> Self:
        """Return the count in a row of `FrontierRows.outcome_counts`."""
        kind, outcome, reason, count = row
        return cls(kind=kind, outcome=outcome, reason=reason, count=count)


_COLUMNS = """url, ask, kind, depth, changed, source, title, published,
  EXISTS (SELECT 1 FROM release WHERE release.url = frontier.url AND moved_to IS NULL)"""
# The URLs of a site that are due below a root, and that no later run has processed.
_DUE_BELOW = "site = ? AND due <= ? AND run < ? AND substr(ask, 1, ?) = ?"


class FrontierRows:
    """Reads and writes the table `frontier` of *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    # --- Rows by URL -------------------------------------------------------------------------

    def get(self, url: str) -> FrontierRow | None:
        """Return the row of a canonical URL; None: unknown."""
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM frontier WHERE url = ?", url)  # noqa: S608 (a constant)
        return _row(rows[0]) if rows else None

    def mention(self, url: str) -> Mention | None:
        """Return what pages gave last for a URL; None: unknown."""
        rows = self._store.rows("SELECT source, title, published, lastmod FROM frontier WHERE url = ?", url)
        if not rows:
            return None
        [(source, title, published, lastmod)] = rows
        return Mention(
            source=source,
            title=title,
            published=date.fromisoformat(published) if published else None,
            lastmod=datetime.fromisoformat(lastmod) if lastmod else None,
        )

    def reason(self, url: str) -> str:
        """Return the reason of the last outcome of a URL; empty: none."""
        rows = self._store.rows("SELECT reason FROM frontier WHERE url = ? AND reason IS NOT NULL", url)
        return str(rows[0][0]) if rows else ""

    def links_digest(self, url: str) -> str | None:
        """Return the digest of what a list page linked to when it was last read."""
        rows = self._store.rows("SELECT links_digest FROM frontier WHERE url = ?", url)
        return rows[0][0] if rows else None

    def has_earlier_with_links(self, url: str, site: str, links_digest: str) -> bool:
        """Whether a list page of *site* found before *url* links to the same."""
        sql = """SELECT 1 FROM frontier WHERE site = ? AND links_digest = ?
                 AND rowid < (SELECT rowid FROM frontier WHERE url = ?) LIMIT 1"""
        return bool(self._store.rows(sql, site, links_digest, url))

    def set_links_digest(self, url: str, links_digest: str) -> None:
        """Store the digest of what a list page links to."""
        self._store.execute("UPDATE frontier SET links_digest = ? WHERE url = ?", links_digest, url)

    def set_mention(self, url: str, mention: Mention) -> None:
        """Store what a page gives for a URL, except its lastmod."""
        self._store.execute(
            "UPDATE frontier SET source = ?, title = ?, published = ? WHERE url = ?",
            mention.source,
            mention.title,
            _iso(mention.published),
            url,
        )

    def set_lastmod(self, url: str, lastmod: datetime | None) -> None:
        """Store the lastmod of a URL."""
        self._store.execute("UPDATE frontier SET lastmod = ? WHERE url = ?", _iso(lastmod), url)

    def set_outcome(self, url: str, run: int, outcome: str, reason: str) -> None:
        """Store the outcome of a URL in *run*, and leave its due time as it is."""
        self._store.execute(
            "UPDATE frontier SET outcome = ?, reason = ?, run = ? WHERE url = ?", outcome, reason, run, url
        )

    def hasten(self, url: str, *, due: int, due_if_failed: int, is_nudge: bool, before_run: int) -> None:
        """Bring the due time of a URL forward unless *before_run* or a later run has processed it."""
        self._store.execute(
            """UPDATE frontier SET due = min(due, iif(outcome = 'failed', ?, ?)), nudged = ?
               WHERE url = ? AND run < ?""",
            due_if_failed,
            due,
            is_nudge,
            url,
            before_run,
        )

    def record_fetch(self, url: str, update: FetchUpdate) -> None:
        """Store how a fetch ended and when the URL is due next.

        A URL that failed last time, and is now skipped, still comes after those that did not.
        """
        self._store.execute(
            """UPDATE frontier SET run = ?,
                 outcome = iif(?2 = 'skipped' AND outcome = 'failed', outcome, ?2), reason = ?,
                 due = iif(?, due, ?),
                 checked = ?, changed = ?, early = iif(due > ? AND NOT ?, ?, early),
                 lastmod_right = iif(nudged, changed != ?, lastmod_right), nudged = 0
               WHERE url = ?""",
            update.run,
            update.outcome,
            update.reason,
            update.keeps_due,
            update.due,
            update.at,
            update.changed,
            update.run_started,
            update.keeps_due,
            update.at,
            update.seen_changed,
            url,
        )

    # --- New rows ----------------------------------------------------------------------------

    def insert(self, new: NewUrl) -> None:
        """Add a URL that is not known yet."""
        self._store.execute(
            """INSERT INTO frontier
                 (url, ask, site, kind, depth, source, title, published, lastmod, due, found)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            new.url,
            new.request_url,
            new.site,
            new.kind,
            new.depth,
            new.mention.source,
            new.mention.title,
            _iso(new.mention.published),
            _iso(new.mention.lastmod),
            new.due,
            new.found_in_run,
        )

    def upsert_starts(
        self, site: str, kind: PageKind, urls: Iterable[str], *, due: int, due_if_failed: int, run: int
    ) -> None:
        """Add the start URLs of *site*, or make them due again unless *run* has processed them."""
        self._store.execute_many(
            """INSERT INTO frontier (url, ask, site, kind, depth, due, found) VALUES (?, ?, ?, ?, 0, ?, ?)
               ON CONFLICT (url) DO UPDATE
               SET site = excluded.site, kind = excluded.kind, depth = 0,
                 due = iif(outcome = 'failed', min(due, ?), excluded.due)
               WHERE run < excluded.found""",
            [(url, url, site, kind, due, run, due_if_failed) for url in urls],
        )

    # --- All sites ---------------------------------------------------------------------------

    def sites(self) -> list[str]:
        """Return the ids of the sites that have URLs, also of those no longer in the settings."""
        return [site for (site,) in self._store.rows("SELECT DISTINCT site FROM frontier ORDER BY site")]

    # --- Rows of a site ----------------------------------------------------------------------

    def due(self, site: str, wanted: DueFilter, *, at_most: int) -> list[FrontierRow]:
        """Return the URLs of *site* that are *wanted*, earliest due first."""
        rows = self._store.rows(
            f"""SELECT {_COLUMNS} FROM frontier
                WHERE site = ? AND due BETWEEN ? AND ? AND run < ? AND source IS NOT ?
                  AND (kind != 'release' OR published IS NULL OR published >= ?)
                  AND (outcome IS NOT 'failed' OR due <= ?)
                ORDER BY due, rowid LIMIT ?""",  # noqa: S608 (a constant)
            site,
            wanted.due_from,
            wanted.due_until,
            wanted.before_run,
            wanted.except_source or "",
            _iso(wanted.published_since) or "",
            wanted.failed_by,
            at_most,
        )
        return list(map(_row, rows))

    def skip_below(self, site: str, root: str, *, due_until: int, run: int, reason: str) -> int:
        """Skip in *run* what is due of *site* below the URL *root*; return how many had not failed before."""
        values = (site, due_until, run, len(root), root)
        with self._store.transaction():
            [(fresh,)] = self._store.rows(
                f"SELECT count(*) FROM frontier WHERE {_DUE_BELOW} AND outcome IS NOT 'failed'",  # noqa: S608 (a constant)
                *values,
            )
            self._store.execute(
                f"""UPDATE frontier SET run = ?, reason = ?,
                      outcome = iif(outcome = 'failed', outcome, 'skipped')
                    WHERE {_DUE_BELOW}""",  # noqa: S608 (as above)
                run,
                reason,
                *values,
            )
        return int(fresh)

    def urls(self, site: str) -> list[tuple[str, PageKind]]:
        """Return the URLs of *site*, and what kind of page each is."""
        return self._store.rows("SELECT url, kind FROM frontier WHERE site = ? ORDER BY rowid", site)

    def addresses(self, site: str) -> Iterator[tuple[str, str]]:
        """Yield the canonical URLs of *site*, each with its spelling, in the order of their discovery."""
        last = 0
        sql = "SELECT rowid, url, ask FROM frontier WHERE site = ? AND rowid > ? ORDER BY rowid LIMIT 5000"
        while rows := self._store.rows(sql, site, last):
            for last, url, request_url in rows:  # noqa: B007 (the last one is used)
                yield url, request_url

    def due_at(self, site: str, due: int) -> list[str]:
        """Return the URLs of *site* that are due at exactly this time."""
        rows = self._store.rows("SELECT url FROM frontier WHERE site = ? AND due = ?", site, due)
        return [url for (url,) in rows]

    def postpone(self, urls: Iterable[str], *, due: int, run: int, reason: str) -> None:
        """Skip *urls* in *run*, for this reason, and make them due at another time."""
        self._store.execute_many(
            "UPDATE frontier SET due = ?, run = ?, outcome = 'skipped', reason = ? WHERE url = ?",
            ((due, run, reason, url) for url in urls),
        )

    def resume(self, urls: Iterable[str], *, due: int) -> None:
        """Make *urls* due as if they had just been found."""
        self._store.execute_many(
            "UPDATE frontier SET due = ?, outcome = NULL, reason = NULL WHERE url = ?",
            ((due, url) for url in urls),
        )

    def set_site(self, url: str, site: str) -> None:
        """Give a URL to another site."""
        self._store.execute("UPDATE frontier SET site = ? WHERE url = ?", site, url)

    def count(self, site: str) -> int:
        """Return how many URLs of *site* are known."""
        return self._count("site = ?", site)

    def count_kind(self, site: str, kind: PageKind) -> int:
        """Return how many URLs of a kind are known of *site*."""
        return self._count("site = ? AND kind = ?", site, kind)

    def count_due(self, site: str, *, due_until: int, before_run: int) -> int:
        """Return how many URLs of *site* are due at *due_until* and not yet processed by *before_run*."""
        return self._count("site = ? AND due <= ? AND run < ?", site, due_until, before_run)

    def count_releases_due(self, site: str, *, due_until: int) -> int:
        """Return how many release pages of *site* are due at the time *due_until*."""
        return self._count("site = ? AND due <= ? AND kind = 'release'", site, due_until)

    def count_titles(self, site: str, titles: Iterable[str]) -> dict[str, int]:
        """Return to how many URLs of *site* a list or feed gives each of *titles* that any has."""
        sql = """SELECT title, count(*) FROM frontier
                 WHERE site = ? AND title IN (SELECT value FROM json_each(?)) GROUP BY title"""
        return dict(self._store.rows(sql, site, json.dumps(list(titles))))

    def outcome_in(self, run: int, url: str) -> str | None:
        """Return the outcome of a URL in *run*; None: the run has not processed it."""
        rows = self._store.rows("SELECT outcome FROM frontier WHERE url = ? AND run = ?", url, run)
        return rows[0][0] if rows else None

    def count_early(self, site: str, *, since: int) -> int:
        """Return how many URLs of *site* were fetched after *since* before they were due."""
        return self._count("site = ? AND early > ?", site, since)

    def count_nudges(self, site: str) -> tuple[int, int]:
        """Return how many fetches of *site* a newer lastmod prompted, and how many of them found a change."""
        [(judged, right)] = self._store.rows(
            "SELECT count(lastmod_right), total(lastmod_right) FROM frontier WHERE site = ?", site
        )
        return int(judged), int(right)

    def outcome_counts(self, run: int, site: str) -> list[OutcomeCount]:
        """Return the outcomes of the URLs of *site* that *run* processed."""
        rows = self._store.rows(
            """SELECT kind, outcome, reason, count(*) FROM frontier WHERE run = ? AND site = ?
               GROUP BY kind, outcome, reason ORDER BY kind, outcome, reason""",
            run,
            site,
        )
        return list(map(OutcomeCount.of, rows))

    def _count(self, where: str, *values: str | int) -> int:
        return int(self._store.rows(f"SELECT count(*) FROM frontier WHERE {where}", *values)[0][0])  # noqa: S608 (constants)


def _row(
    row: tuple[str, str, PageKind, int, int, DiscoverySource | None, str | None, str | None, int],
) -> FrontierRow:
    url, request_url, kind, depth, changed, source, title, published, is_stored = row
    return FrontierRow(
        url=url,
        request_url=request_url,
        kind=kind,
        depth=depth,
        changed=changed,
        source=source,
        title=title,
        published=date.fromisoformat(published) if published else None,
        is_stored=bool(is_stored),
    )


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
