"""The checks of `crawl check`: the store, and each site."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.config import CrawlerConfig, Site
from crawler.config.site_hosts import start_urls
from crawler.downloader import FetchError, product_token
from crawler.extraction import Extraction, ExtractionJob
from crawler.scheduler import Fetch, count_orphans
from crawler.store import Store
from crawler.store.database import NO_STORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check."""

    what: str
    is_well: bool
    remark: str


def no_store(path: Path) -> Finding:
    """Return the finding that there is no store at *path* yet, as in a new installation."""
    return Finding(what="store", is_well=True, remark=f"{path}: {NO_STORE}")


def check_store(store: Store) -> Iterator[Finding]:
    """Check that the file is intact and every release can be read."""
    damage = store.corruptions()
    yield Finding(what="store", is_well=not damage, remark="; ".join(damage) or str(store.path))
    orphans = store.count_dangling_references()
    yield Finding(what="references", is_well=not orphans, remark=f"{orphans} dangling")
    if damaged := store.damaged_ids():
        remark = f"{len(damaged)} are damaged, e.g. {damaged[0]}; restore the file from a backup"
        yield Finding(what="releases", is_well=False, remark=remark)
        return
    count = sum(1 for _ in store.changes_since(0))
    yield Finding(what="releases", is_well=True, remark=f"{count} can be read")


def check_orphans(store: Store, sites: Iterable[Site]) -> Iterator[Finding]:
    """Report the sites that the frontier has and the settings lack: no fault if removed on purpose."""
    for site, count in count_orphans(store, sites).items():
        remark = f"{count} URLs of a site that is not in the settings; they are kept but not fetched"
        yield Finding(what=site, is_well=True, remark=remark)


def check_site(
    site: Site, config: CrawlerConfig, fetch: Fetch, read: Callable[[ExtractionJob], Extraction]
) -> Iterator[Finding]:
    """Fetch the start pages, feeds and sitemaps of *site*, and count the releases they lead to."""
    for kind, urls in start_urls(site).items():
        # A feed may be empty: some sites have one that they never fill.
        at_least = 1 if kind == "list" else 0
        for url in urls:
            try:
                page = fetch(url)
            except FetchError as error:
                yield Finding(what=site.id, is_well=False, remark=str(error))
                continue
            robot = product_token(config.politeness.user_agent)
            reading = read(
                ExtractionJob(page=page, kind=kind, site=site, templates=config.templates, robot=robot)
            )
            count = len(reading.discovered) + (len(reading.next_sources) if kind == "sitemap" else 0)
            remark = f"{url}: leads to {count} {'release' if count == 1 else 'releases'}"
            yield Finding(what=site.id, is_well=count >= at_least, remark=remark)
