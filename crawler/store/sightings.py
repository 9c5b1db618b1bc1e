"""Sightings: of a release on its site and its URLs, of its near-duplicates on others, of a whole site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from crawler.store.database import Database
from preses_relizes.shared.calendar import riga_day

FOUND = ("new", "changed", "unchanged", "read")
"""Outcomes of a fetch that found the release or list on its site."""
_SEEN = str(FOUND)
# The URLs with a query that may be releases or list pages of a site.
_QUERIED = "site = ? AND kind IN ('release', 'list') AND instr(frontier.url, '?')"
# Number of crawls among which the last one of each site is searched for; a site that none of them read is out
# of date.
_RUNS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """When a release was downloaded and seen (UTC); None if that is unknown."""

    fetched: datetime | None
    """Last download of the page, or, if the page is not kept, when its text was read."""
    last_seen: datetime | None
    """Last answer that showed the release on its site, changed or not; None once it is missing."""
    is_asked: bool
    """False: the settings deny its address, so that it is no longer asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """When a release came into the store and when its text last changed (UTC)."""

    first_seen: datetime
    edited: datetime | None
    """When the last edit was read; None if there is none."""
    first_id: str
    """The id under which the release was first stored: moving to another URL may change its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCrawl:
    """The last crawl that read pages of a site."""

    started: datetime
    read: int
    """Pages that were read, changed or not."""
    failed: int
    """Pages that could not be fetched or read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueriedUrl:
    """A canonical URL with a query, and the release that it led to."""

    url: str
    found: int
    """The run that found it."""
    has_failed: bool
    """Whether it led to no page last time."""
    release: str | None
    """The id of the release; None: it led to none."""


def last_seen(store: Database, url: str) -> datetime | None:
    """Return when a fetch last found the release at the canonical *url* as stored (UTC); None if unknown."""
    sql = f"SELECT checked FROM frontier WHERE url = ? AND outcome IN {_SEEN} AND checked > 0"  # noqa: S608 # constant
    rows = store.rows(sql, url)
    # While a change is pending, the row has the time of the change; the download of the stored page is older.
    return datetime.fromtimestamp(rows[0][0], UTC) if rows else _fetch_time(store, url)


def sighting(store: Database, url: str) -> Sighting:
    """Return when the release at the canonical *url* was fetched and seen."""
    # The page is deleted when the release is missing, or changed to a text that no page has.
    fetched = _fetch_time(store, url) or _reading_time(store, url)
    sql = "SELECT 1 FROM frontier WHERE url = ? AND outcome = 'skipped' AND reason = 'denied'"
    is_denied = bool(store.rows(sql, url))
    return Sighting(fetched=fetched, last_seen=last_seen(store, url), is_asked=not is_denied)


def _fetch_time(store: Database, url: str) -> datetime | None:
    rows = store.rows("SELECT fetched FROM page WHERE url = ?", url)
    return datetime.fromisoformat(rows[0][0]) if rows else None


def _reading_time(store: Database, url: str) -> datetime | None:
    """Return when the text of the release at the canonical *url* was read."""
    sql = """SELECT coalesce((SELECT max(until) FROM revision WHERE release = id), first_seen)
             FROM release WHERE url = ?"""
    rows = store.rows(sql, url)
    return datetime.fromisoformat(rows[0][0]) if rows else None


def last_crawls(store: Database) -> Mapping[str, LastCrawl]:
    """Return the last crawl that read each site, by site id; other sites are missing."""
    crawls: dict[str, LastCrawl] = {}
    for run, started in store.rows("SELECT id, started FROM run ORDER BY id DESC LIMIT ?", _RUNS):
        counts = store.rows(
            f"""SELECT site, total(outcome IN {_SEEN}), total(outcome = 'failed') FROM frontier
                WHERE run = ? GROUP BY site""",  # noqa: S608 # a constant
            run,
        )
        for site, read, failed in counts:
            if read and site not in crawls:
                at = datetime.fromtimestamp(started, UTC)
                crawls[site] = LastCrawl(started=at, read=int(read), failed=int(failed))
    return crawls


def copies_of(store: Database, id_: str, *, at_most: int) -> list[str]:
    """Return the ids of the near-duplicates and translations of the release *id_*, and of theirs."""
    rows = store.rows(
        """WITH RECURSIVE copies (id) AS (
             SELECT ?1 UNION SELECT same.other FROM same JOIN copies ON same.release = copies.id LIMIT ?2
           ) SELECT id FROM copies WHERE id != ?1""",
        id_,
        at_most + 1,
    )
    return [other for (other,) in rows]


def changes_of(store: Database, site: str, *, at_most: int) -> list[tuple[str, date]]:
    """Return the ids of the releases of *site* that are not hidden, with the day of their last change."""
    rows = store.rows(
        """SELECT id, changed FROM release WHERE site = ? AND state != 'hidden' AND moved_to IS NULL
           ORDER BY number DESC LIMIT ?""",
        site,
        at_most,
    )
    return [(id_, riga_day(datetime.fromisoformat(changed))) for id_, changed in rows]


def histories(store: Database, ids: Iterable[str]) -> Mapping[str, History]:
    """Return the history of each of the releases *ids*; hidden and merged ones are missing."""
    found = {}
    for id_ in ids:
        rows = store.rows(
            """SELECT first_seen, (
                 SELECT max(until) FROM revision
                 WHERE release = ?1 OR release IN (SELECT id FROM release WHERE moved_to = ?1)
               ), coalesce(
                 (SELECT id FROM release AS old WHERE moved_to = ?1 ORDER BY first_seen, id LIMIT 1), id
               ) FROM release WHERE id = ?1 AND state != 'hidden' AND moved_to IS NULL""",
            id_,
        )
        for first_seen, edited, first_id in rows:
            found[id_] = History(
                first_seen=datetime.fromisoformat(first_seen),
                edited=datetime.fromisoformat(edited) if edited else None,
                first_id=first_id,
            )
    return found


def absent_ids(store: Database) -> frozenset[str]:
    """Return the ids of the releases that are hidden, or merged into others."""
    return frozenset(id_ for (id_,) in store.rows("SELECT id FROM release WHERE state = 'hidden'"))


def hidden_since(store: Database, number: int) -> frozenset[str]:
    """Return the ids that were hidden after the change *number* and still are, or merged into such releases.

    Those that were taken back altogether are among them.
    """
    rows = store.rows(
        """SELECT event.release FROM event LEFT JOIN release ON release.id = event.release
           LEFT JOIN release AS successor ON successor.id = release.moved_to
           WHERE event.number > ? AND event.kind IN ('hide', 'merge')
             AND coalesce(release.state, 'hidden') = 'hidden'
             AND coalesce(successor.state, 'hidden') = 'hidden'""",
        number,
    )
    return frozenset(id_ for (id_,) in rows)


def arrivals(store: Database, *, after: int, up_to: int) -> list[tuple[str, datetime]]:
    """Return the releases whose last change has a number in this range, with the time they were first seen.

    Hidden releases are left out.
    """
    rows = store.rows(
        """SELECT id, first_seen FROM release
           WHERE number > ? AND number <= ? AND state != 'hidden' ORDER BY number""",
        after,
        up_to,
    )
    return [(id_, datetime.fromisoformat(first_seen)) for id_, first_seen in rows]


def cluster_ministries(store: Database) -> Mapping[str, frozenset[str]]:
    """Return the institutions of each cluster of two or more shown releases, by the id of its first."""
    found: dict[str, set[str]] = {}
    rows = store.rows(
        """SELECT cluster, record ->> 'ministry' FROM release WHERE state != 'hidden' AND cluster IN (
             SELECT cluster FROM release WHERE state != 'hidden' GROUP BY cluster HAVING count(*) > 1
           )"""
    )
    for cluster, ministry in rows:
        found.setdefault(cluster, set()).add(ministry)
    return {cluster: frozenset(ministries) for cluster, ministries in found.items()}


def titles_that_start(store: Database, site: str, start: str) -> list[tuple[str, str]]:
    """Return URL and title of the releases of *site* to which lists give a title that starts so."""
    sql = "SELECT url, title FROM frontier WHERE site = ? AND kind = 'release' AND substr(title, 1, ?) = ?"
    return store.rows(sql, site, len(start), start)


def queried_urls(store: Database, site: str) -> list[QueriedUrl]:
    """Return the URLs with a query of releases and list pages of *site*, in the order of their discovery.

    Returns none if no release was found at two of them: then nothing can be learnt.
    """
    if not store.rows(f"SELECT 1 FROM frontier JOIN alias USING (url) WHERE {_QUERIED} LIMIT 1", site):  # noqa: S608 (a constant)
        return []
    rows = store.rows(
        f"""SELECT frontier.url, found, outcome IS 'failed', coalesce(alias.release, release.id)
            FROM frontier LEFT JOIN alias ON alias.url = frontier.url
              LEFT JOIN release ON release.url = frontier.url AND moved_to IS NULL
            WHERE frontier.{_QUERIED} ORDER BY frontier.rowid""",  # noqa: S608 (as above)
        site,
    )
    return [
        QueriedUrl(url=url, found=found, has_failed=bool(failed), release=release)
        for url, found, failed, release in rows
    ]
