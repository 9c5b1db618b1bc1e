"""Figures of a site for the operator: how much of it is stored, and how its newest pages were read."""

from dataclasses import dataclass

from crawler.store.database import Database
from crawler.store.records import Release, load_release


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStats:
    """The numbers of pages and releases that the store holds of a site."""

    site: str
    present: int
    missing: int
    """Present releases that were missing when last fetched; gone if they are still missing on another day."""
    gone: int
    hidden: int
    denied: int
    """Present releases that are no longer asked for, because the settings deny their addresses."""
    revisions: int
    held: int
    """Pending changes."""
    urls: int
    left: int
    """URLs never fetched."""
    newest: str
    """Day of the last release."""


# See `PendingChange.is_open`.
_OPEN = "identity != 'flickers' AND reason != 'release not read'"


def site_stats(store: Database, site: str) -> SiteStats:
    """Count what *store* holds of *site*."""
    [(present, missing, gone, hidden, newest)] = store.rows(
        """SELECT total(state = 'present'), total(state = 'present' AND struck IS NOT NULL),
             total(state = 'gone'), total(state = 'hidden' AND moved_to IS NULL),
             coalesce(max(record ->> 'published'), '')
           FROM release WHERE site = ?""",
        site,
    )
    [(revisions,)] = store.rows(
        "SELECT count(*) FROM revision JOIN release ON release.id = revision.release WHERE site = ?", site
    )
    [(denied,)] = store.rows(
        """SELECT count(*) FROM release JOIN frontier USING (url)
           WHERE release.site = ? AND state = 'present' AND outcome = 'skipped' AND reason = 'denied'""",
        site,
    )
    [(held,)] = store.rows(f"SELECT count(*) FROM held WHERE site = ? AND {_OPEN}", site)  # noqa: S608 # a constant
    [(urls, left)] = store.rows("SELECT count(*), total(run = 0) FROM frontier WHERE site = ?", site)
    return SiteStats(
        site=site,
        present=int(present),
        missing=int(missing),
        gone=int(gone),
        hidden=int(hidden),
        denied=denied,
        revisions=revisions,
        held=held,
        urls=urls,
        left=int(left),
        newest=newest,
    )


# Reasons for which a page that should be a release was not read as one.
_UNREAD = ("no release", "release not read", "fault of the extractor")
_READ = ("new", "changed", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page that a list page or feed named, as it was read."""

    url: str
    release: Release | None
    """None: it could not be read as a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The readings of a site, newest first."""

    fresh: tuple[Reading, ...]
    """The readings of pages that were new or different in the run."""
    earlier: tuple[Reading, ...]


def newest_readings(store: Database, site: str, run: int, *, at_most: int) -> Readings:
    """Return the readings of the pages that start pages and feeds of *site* name, from *at_most* pages.

    Pages further down in the archive do not count: they may have the markup of another decade.
    """
    rows = store.rows(
        """SELECT frontier.url, found, run, outcome, frontier.reason, release.record, held.record
           FROM frontier
             LEFT JOIN release ON release.url = frontier.url
             LEFT JOIN held ON held.asked = frontier.url AND held.identity != 'flickers'
           WHERE frontier.site = ? AND kind = 'release' AND depth = 1 AND source IN ('list', 'feed')
             AND outcome IS NOT NULL
           ORDER BY frontier.changed DESC, frontier.rowid LIMIT ?""",
        site,
        at_most,
    )
    fresh, earlier = [], []
    for url, found, at_run, outcome, reason, stored, pending in rows:
        before = _load(stored)
        is_unread = outcome == "failed" and reason in _UNREAD
        # A page that was never a release is new only in the run that found it.
        is_fresh = at_run == run and (outcome in _READ or (is_unread and (before or found == run)))
        if is_fresh:
            now = None if is_unread else _load(pending) or before
            if is_unread or now is not None:
                fresh.append(Reading(url=url, release=now))
            # A pending edit, or a page that cannot be read any more, leaves the earlier reading in the store.
            if before is not None and (is_unread or pending):
                earlier.append(Reading(url=url, release=before))
        elif before is not None or is_unread:
            earlier.append(Reading(url=url, release=before))
    return Readings(fresh=tuple(fresh), earlier=tuple(earlier))


def _load(record: str | None) -> Release | None:
    """Return the release in *record*; None if there is none, or it is damaged (`crawl check` reports it)."""
    try:
        return load_release(record) if record else None
    except ValueError:
        return None
