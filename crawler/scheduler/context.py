"""The environment of a crawl: what all sites of a run share, and what belongs to one site."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, Self

from crawler.config import CrawlerConfig, Site, Template
from crawler.downloader import Session, product_token
from crawler.extraction import Extraction, ExtractionJob
from crawler.page import Page
from crawler.scheduler.boundary import Boundary
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.ownership import Owners
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.refusals import Refusals
from crawler.scheduler.session_parameters import SessionParameters
from crawler.store import Store
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import PendingChangeRows
from crawler.store.run_rows import CrawlRun
from crawler.store.sightings import queried_urls
from crawler.urls import canonical


class Fetch(Protocol):
    """Fetches a URL; `crawler.downloader.fetcher.Fetcher.fetch` is one."""

    def __call__(
        self,
        url: str,
        *,
        session: Session | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        head_bytes: int | None = None,
    ) -> Page:
        """Return the response (200 or 304), or raise FetchError.

        With *head_bytes*, a longer body is cut there instead of being refused.
        """


class PageReader(Protocol):
    """Extracts pages in the background; `crawler.extraction.ReaderPool` is one."""

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        """Start an extraction; the future always yields a result, never an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """How the fetch of a URL ended, for progress and log."""

    entry: FrontierUrl
    end: FetchOutcome
    page: Page | None = None
    """The response, if there was one."""
    requests: int = 1
    is_304: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """Options of a crawl, from the command line."""

    since: date | None = None
    """Releases that a list page or feed dates before this day are skipped."""
    limit: int | None = None
    """Maximum number of releases fetched per site."""
    accept_loss: frozenset[str] = frozenset()
    """Ids of the sites whose mass removals and edits are accepted."""


NO_OPTIONS = CrawlOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlContext:
    """The environment that all sites of a run share."""

    config: CrawlerConfig
    store: Store
    run: CrawlRun
    fetch: Fetch
    readers: PageReader
    on_commit: Callable[[Sequence[FetchRecord]], None]
    """Called after each commit with the fetches of one site that it covers."""
    stop: threading.Event
    now: Callable[[], datetime]
    options: CrawlOptions = NO_OPTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """The environment of one site's crawl."""

    site: Site
    crawl: CrawlContext
    store: Store
    frontier: Frontier
    pages: Pages
    pending: PendingChangeRows
    owners: Owners
    refusals: Refusals
    boundary: Boundary
    session: Session
    parameters: SessionParameters

    @classmethod
    def of(cls, site: Site, crawl: CrawlContext) -> Self:
        """Return the environment of *site* in *crawl*."""
        store, pages = crawl.store, Pages(crawl.store)
        boundary = Boundary(site, crawl.config.sites)
        return cls(
            site=site,
            crawl=crawl,
            store=store,
            frontier=Frontier(store, crawl.config.recheck),
            pages=pages,
            pending=PendingChangeRows(store),
            owners=Owners(crawl.config.sites),
            refusals=Refusals(site, _templates_of(site, crawl.config), pages),
            boundary=boundary,
            session=Session(admits=boundary.admits),
            parameters=SessionParameters.learn(queried_urls(store, site.id)),
        )

    def owner_of(self, url: str) -> Site:
        """Return the site that owns a release at the canonical *url*, found by this site."""
        if self.owners.is_undisputed(url, self.site):
            return self.site
        return self.owners.of(url, self.site, self.store.owner(url))

    def job(self, entry: FrontierUrl, page: Page) -> ExtractionJob:
        """Return the job that extracts *page*; a release is read by the templates of its owner."""
        site = self.owner_of(canonical(page.url)) if entry.kind == "release" else self.site
        return ExtractionJob(
            page=page,
            kind=entry.kind,
            site=site,
            templates=_templates_of(site, self.crawl.config),
            hints=entry.hints,
            robot=product_token(self.crawl.config.politeness.user_agent),
            is_known=entry.kind == "release" and entry.is_stored,
        )


def _templates_of(site: Site, config: CrawlerConfig) -> dict[str, Template]:
    return {name: config.templates[name] for name in (site.template, *site.older_templates)}
