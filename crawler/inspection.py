"""What `crawl check` and `crawl stats` say of store and sites."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.config import CrawlerConfig, Site
from crawler.database import NO_STORE
from crawler.fetcher import FetchError
from crawler.page import Page
from crawler.store import Store
from crawler.visits import Fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at, and how it is."""

    what: str
    is_well: bool
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStats:
    """What is known of a site."""

    site: str
    present: int
    missing: int
    """Of those present, how many were not where they were; gone if that is so on another day."""
    gone: int
    hidden: int
    revisions: int
    held: int
    """Changes that wait to be believed."""
    urls: int
    left: int
    """URLs never asked."""
    newest: str
    """Day of the last release."""


def no_store(path: Path) -> Finding:
    """Say that there is no store at *path* yet."""
    return Finding(what="store", is_well=False, remark=f"{path}: {NO_STORE}")


def check_store(store: Store) -> Iterator[Finding]:
    """Look whether the file is whole and every release can be read."""
    damage = [row for (row,) in store.rows("PRAGMA integrity_check(5)") if row != "ok"]
    yield Finding(what="store", is_well=not damage, remark="; ".join(damage) or str(store.path))
    orphans = store.rows("PRAGMA foreign_key_check")
    yield Finding(what="references", is_well=not orphans, remark=f"{len(orphans)} lead nowhere")
    if altered := store.damaged():
        remark = f"{len(altered)} are damaged, as {altered[0]}; restore the file from a backup"
        yield Finding(what="releases", is_well=False, remark=remark)
        return
    count = sum(1 for _ in store.changes_since(0))
    yield Finding(what="releases", is_well=True, remark=f"{count} can be read")


def check_site(site: Site, config: CrawlerConfig, fetch: Fetch) -> Iterator[Finding]:
    """Ask the start pages, feeds and sitemaps of *site*, and count the releases they lead to."""
    # It takes long to load, and a crawl leaves it to its readers.
    from crawler.discovery import found_in_feed, found_in_sitemap, found_on_list  # noqa: PLC0415

    template = config.templates[site.template]
    for url in map(str, site.start):
        yield _asked(
            site,
            url,
            fetch,
            lambda page: len(found_on_list(page.text, page.url, site, template)[0]),
            at_least=1,
        )
    # Some sites have feeds that stay empty; their list pages make up for it.
    for url in map(str, site.feeds):
        yield _asked(site, url, fetch, lambda page: len(found_in_feed(page.body, page.url, site)), at_least=0)
    for url in map(str, site.sitemaps):
        yield _asked(
            site,
            url,
            fetch,
            lambda page: sum(map(len, found_in_sitemap(page.body, page.url)[:2])),
            at_least=0,
        )


def site_stats(store: Store, site: str) -> SiteStats:
    """Return what is known of *site*."""
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


def _asked(site: Site, url: str, fetch: Fetch, count: Callable[[Page], int], *, at_least: int) -> Finding:
    try:
        found = count(fetch(url))
    except FetchError as error:
        return Finding(what=site.id, is_well=False, remark=str(error))
    remark = f"{url}: leads to {found} {'release' if found == 1 else 'releases'}"
    return Finding(what=site.id, is_well=found >= at_least, remark=remark)
