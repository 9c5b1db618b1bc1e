"""Crawls several hosts at once, each in one worker, until all are done or Ctrl-C."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

from crawler.config import Site
from crawler.config.site_hosts import main_host
from crawler.scheduler.context import CrawlContext
from crawler.scheduler.site_crawl import SiteCrawl
from preses_relizes.shared.signals import INTERRUPTED

# Seconds that workers get to finish their fetch. A fetch that is cut off counts as never begun.
GRACE_S = 3.0


def crawl_all(
    sites: Sequence[Site], crawl: CrawlContext, on_end: Callable[[str, tuple[str, ...]], None]
) -> bool:
    """Crawl *sites*; return False if Ctrl-C or SIGTERM interrupted it.

    *on_end* is called with each site that was crawled to its end and the objections to it.
    """

    def crawl_one_by_one(group: Iterable[Site]) -> None:
        for site in group:
            objections = SiteCrawl(site, crawl).crawl()
            if crawl.stop.is_set():
                return
            on_end(site.id, objections)

    with ThreadPoolExecutor(crawl.config.politeness.hosts_at_once) as pool:
        futures = [pool.submit(crawl_one_by_one, group) for group in _by_host(sites)]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        except KeyboardInterrupt:
            crawl.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            _end_if_busy(futures)
            return False
        finally:
            crawl.stop.set()
    return True


def _end_if_busy(futures: Iterable[Future[None]]) -> None:
    """End the process if a worker does not stop soon."""
    # A future cancelled before it began never counts as done.
    begun = [future for future in futures if not future.cancelled()]
    if wait(begun, timeout=GRACE_S).not_done:
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def _by_host(sites: Iterable[Site]) -> list[list[Site]]:
    groups: defaultdict[str | None, list[Site]] = defaultdict(list)
    for site in sites:
        groups[main_host(site)].append(site)
    return list(groups.values())
