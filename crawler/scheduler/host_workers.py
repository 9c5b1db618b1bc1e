"""Many hosts at once, each by one worker, until all is done or Ctrl-C."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from crawler.config import Site
from crawler.scheduler.site_crawl import Crawl, SiteCrawl, main_host
from preses_relizes.signals import INTERRUPTED

# How long workers may take to end what they are at. What is cut off is as if never begun.
GRACE_S = 3.0


def crawl_all(sites: Sequence[Site], crawl: Crawl, ended: Callable[[str, tuple[str, ...]], None]) -> bool:
    """Crawl *sites*; tell *ended* the objections to each; return False if Ctrl-C or SIGTERM cut it short."""

    def crawl_one_by_one(group: Iterable[Site]) -> None:
        for site in group:
            objections = SiteCrawl(site, crawl).crawl()
            if crawl.stopping.is_set():
                return
            ended(site.id, objections)

    with ThreadPoolExecutor(crawl.config.politeness.hosts_at_once) as pool:
        futures = [pool.submit(crawl_one_by_one, group) for group in _by_host(sites)]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        except KeyboardInterrupt:
            crawl.stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            _end_if_busy(futures)
            return False
        finally:
            crawl.stopping.set()
    return True


def _end_if_busy(futures: Iterable[Future[None]]) -> None:
    """End the program if a worker does not stop soon."""
    # One that was cancelled before it began never counts as done.
    begun = [future for future in futures if not future.cancelled()]
    if wait(begun, timeout=GRACE_S).not_done:
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def hosts(sites: Iterable[Site]) -> frozenset[str]:
    """Return the hosts that belong to *sites*, with and without ``www.``."""
    bare = {host.removeprefix("www.") for site in sites for host in _hosts_of(site)}
    return frozenset(bare | {f"www.{host}" for host in bare})


def delays(sites: Iterable[Site]) -> Mapping[str, float]:
    """Return the delays in seconds set for hosts of *sites*; the longest counts where sites share one."""
    found: defaultdict[str, float] = defaultdict(float)
    for site in sites:
        if site.delay_s is not None:
            for host in hosts([site]):
                found[host] = max(found[host], site.delay_s)
    return found


def _hosts_of(site: Site) -> Iterator[str]:
    yield from site.hosts
    for url in (*site.start, *site.feeds, *site.sitemaps):
        yield urlsplit(str(url)).netloc


def _by_host(sites: Iterable[Site]) -> list[list[Site]]:
    groups: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites:
        groups[main_host(site)].append(site)
    return list(groups.values())
