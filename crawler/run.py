"""One run: wires the parts of a crawl together, and reports the outcome."""

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from crawler.config import CrawlerConfig, Site
from crawler.config.site_hosts import delays, hosts_of_all
from crawler.downloader import Environment, Fetcher, HostBackoff
from crawler.downloader.transport import tls_context
from crawler.extraction import ReaderPool
from crawler.fetch_log import FetchLog
from crawler.progress import Progress
from crawler.reports import HostTimes, Reach, RunReport, Sample, SiteReport, compare_markup, site_report
from crawler.scheduler import (
    CrawlContext,
    CrawlOptions,
    FetchRecord,
    Frontier,
    SiteContext,
    adopt_orphans,
    crawl_all,
)
from crawler.store import Store
from crawler.store.backoff_rows import RetryAfterRows, RobotsFailureRows
from crawler.store.near_duplicates import cluster
from crawler.store.pages import Pages
from preses_relizes.shared.signals import sigterm_as_ctrl_c


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def open_fetcher(
    sites: Sequence[Site], settings: CrawlerConfig, store: Store, stop: threading.Event | None = None
) -> Fetcher:
    """Return a fetcher for the hosts of *sites* only, which still backs off where earlier runs had to."""
    retry_after, robots_failures = RetryAfterRows(store), RobotsFailureRows(store)
    return Fetcher(
        settings.politeness,
        settings.limits,
        hosts=hosts_of_all(sites),
        allow_origins=settings.allow_origins,
        delays=delays(sites),
        backoff=HostBackoff(
            retry_after_s=retry_after.seconds_left(now()),
            on_retry_after=retry_after.put,
            robots_failures=robots_failures.failures_left(now()),
            on_robots_failure=robots_failures.put,
        ),
        environment=Environment(stop=stop or threading.Event(), tls=tls_context(settings.tls_ca)),
    )


def _find_near_duplicates(store: Store) -> bool:
    """Update the clusters; return False if Ctrl-C or SIGTERM interrupts it: the next run then catches up."""
    try:
        cluster(store, seen=now())
    except KeyboardInterrupt:
        return False
    return True


def _read_sample(sample: Sample, sites: Sequence[Site], crawl: CrawlContext, readers: ReaderPool) -> None:
    contexts = {site.id: SiteContext.of(site, crawl) for site in sites}
    sample.read(
        Pages(crawl.store).get,
        lambda record, page: contexts[record.entry.site].job(record.entry, page),
        readers.submit,
    )


def run(
    sites: Sequence[Site],
    settings: CrawlerConfig,
    store: Store,
    options: CrawlOptions,
    *,
    log_path: Path | None = None,
    sample: Sample | None = None,
) -> RunReport:
    """Crawl *sites* and return the report; append JSON lines to the file at *log_path*.

    *sample* collects the release pages that are fetched, and what was extracted from them.
    """
    with sigterm_as_ctrl_c():  # also while neither fetching nor clustering
        return _run(sites, settings, store, options, log_path=log_path, sample=sample)


def _run(
    sites: Sequence[Site],
    settings: CrawlerConfig,
    store: Store,
    options: CrawlOptions,
    *,
    log_path: Path | None,
    sample: Sample | None,
) -> RunReport:
    began = time.monotonic()
    frontier = Frontier(store, settings.recheck)
    adopt_orphans(store, settings.sites, seen=now())
    this_run = frontier.start(now())
    stop = threading.Event()
    objections: dict[str, tuple[str, ...]] = {}
    hosts = HostTimes()
    with ExitStack() as stack:
        readers = stack.enter_context(ReaderPool())
        fetcher = stack.enter_context(open_fetcher(sites, settings, store, stop))
        reach = Reach(fetcher.fetch)
        log = stack.enter_context(FetchLog(log_path)) if log_path else None
        progress = stack.enter_context(
            Progress(Console(stderr=True), lambda site: frontier.count_due(site, this_run), log)
        )

        def report(site: str) -> SiteReport:
            return site_report(
                site,
                frontier.count_outcomes(this_run, site),
                stored=store.count_of(site),
                requests=progress.count_requests(site),
                not_modified=progress.count_not_modified(site),
                objections=objections.get(site, ()),
                left=frontier.count_due(site, this_run),
                due=frontier.count_due_within_a_day(site, now()),
                markup=compare_markup(store, site, this_run.id),
                cut=store.count_cut(site),
            )

        def on_commit(records: Sequence[FetchRecord]) -> None:
            progress.add(records)
            hosts.add(records)
            if sample is not None:
                sample.add(records)

        def on_end(site: str, objections_to_site: tuple[str, ...]) -> None:
            objections[site] = objections_to_site
            progress.end_site(report(site))

        crawl = CrawlContext(
            config=settings,
            store=store,
            run=this_run,
            fetch=reach.fetch,
            readers=readers,
            on_commit=on_commit,
            stop=stop,
            now=now,
            options=options,
        )
        is_complete = crawl_all(sites, crawl, on_end)
        if sample is not None and is_complete:
            _read_sample(sample, sites, crawl, readers)
    # Only after the readers have ended, because comparing releases takes another 50 MB.
    is_complete = is_complete and _find_near_duplicates(store)
    if is_complete:
        frontier.finish(this_run, now())
    return RunReport(
        run=this_run.id,
        started=datetime.fromtimestamp(this_run.started, UTC),
        seconds=time.monotonic() - began,
        is_complete=is_complete,
        sites=tuple(report(site.id) for site in sites),
        hosts=hosts.slowest_first(),
        advice=reach.advice(len(sites)),
    )
