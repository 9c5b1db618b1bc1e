"""One run: all parts of a crawl put together, and the report of what came of it."""

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from crawler.config import CrawlerConfig, Site
from crawler.downloader import Fetcher
from crawler.extraction import Readers
from crawler.progress import Progress
from crawler.report import RunReport, SiteReport, site_report
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.host_backoff import RobotsUnread, SentAway
from crawler.scheduler.host_workers import crawl_all, delays, hosts
from crawler.scheduler.site_crawl import Crawl
from crawler.store import Store
from crawler.store.near_duplicates import cluster
from preses_relizes.signals import sigterm_as_ctrl_c


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the command line asks of a crawl."""

    since: date | None = None
    limit: int | None = None
    accepted: frozenset[str] = frozenset()
    log: Path | None = None


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def open_fetcher(
    sites: Sequence[Site], settings: CrawlerConfig, store: Store, stop: threading.Event
) -> Fetcher:
    """Return a fetcher for the hosts of *sites* only, which minds what they told earlier runs on *store*."""
    sent_away, unread = SentAway(store), RobotsUnread(store)
    return Fetcher(
        settings.politeness,
        settings.limits,
        hosts=hosts(sites),
        allow_origins=settings.allow_origins,
        delays=delays(sites),
        away=sent_away.left_s(now()),
        sent_away=sent_away.note,
        unreachable=unread.left(now()),
        robots_failed=unread.note,
        stop=stop,
    )


def _clustered(store: Store) -> bool:
    """Bring the clusters up to date; return False if Ctrl-C or SIGTERM cut it short: the next run does it."""
    try:
        cluster(store, seen=now())
    except KeyboardInterrupt:
        return False
    return True


def crawled(sites: Sequence[Site], settings: CrawlerConfig, store: Store, asked: RunOptions) -> RunReport:
    """Crawl *sites* and report what came of it."""
    with sigterm_as_ctrl_c():
        return _crawled(sites, settings, store, asked)


def _crawled(sites: Sequence[Site], settings: CrawlerConfig, store: Store, asked: RunOptions) -> RunReport:
    began = time.monotonic()
    frontier = Frontier(store, settings.recheck)
    run = frontier.start(now())
    stop = threading.Event()
    objections: dict[str, tuple[str, ...]] = {}
    with ExitStack() as stack:
        readers = stack.enter_context(Readers())
        fetcher = stack.enter_context(open_fetcher(sites, settings, store, stop))
        log = stack.enter_context(asked.log.open("a", encoding="ascii")) if asked.log else None
        progress = stack.enter_context(
            Progress(Console(stderr=True), lambda site: frontier.left(site, run), log)
        )

        def reported(site: str) -> SiteReport:
            return site_report(
                site,
                frontier.tallies(run, site),
                stored=store.count_of(site),
                requests=progress.requests(site),
                not_modified=progress.not_modified(site),
                objections=objections.get(site, ()),
            )

        def ended(site: str, said: tuple[str, ...]) -> None:
            objections[site] = said
            progress.ended(reported(site))

        crawl = Crawl(
            config=settings,
            store=store,
            run=run,
            fetch=fetcher.fetch,
            readers=readers,
            watch=progress.visited,
            stopping=stop,
            now=now,
            since=asked.since,
            limit=asked.limit,
            accepted=asked.accepted,
        )
        is_complete = crawl_all(sites, crawl, ended)
    # Only now, that the readers have ended: to compare takes another 50 MB.
    is_complete = is_complete and _clustered(store)
    if is_complete:
        frontier.finish(run, now())
    return RunReport(
        run=run.id,
        started=datetime.fromtimestamp(run.started, UTC),
        seconds=time.monotonic() - began,
        is_complete=is_complete,
        sites=tuple(reported(site.id) for site in sites),
    )
