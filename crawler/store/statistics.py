"""Counts of what the store holds of a site, for `crawl stats`."""

from dataclasses import dataclass

from crawler.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStats:
    """The numbers of pages and releases that the store holds of a site."""

    site: str
    present: int
    missing: int
    """Present releases that were missing when last fetched; gone if they are still missing on another day."""
    gone: int
    hidden: int
    revisions: int
    held: int
    """Pending changes."""
    urls: int
    left: int
    """URLs never fetched."""
    newest: str
    """Day of the last release."""


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
    [(held,)] = store.rows("SELECT count(*) FROM held WHERE site = ?", site)
    [(urls, left)] = store.rows("SELECT count(*), total(run = 0) FROM frontier WHERE site = ?", site)
    return SiteStats(
        site=site,
        present=int(present),
        missing=int(missing),
        gone=int(gone),
        hidden=int(hidden),
        revisions=revisions,
        held=held,
        urls=urls,
        left=int(left),
        newest=newest,
    )
