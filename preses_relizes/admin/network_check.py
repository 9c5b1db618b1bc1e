"""The check that this machine reaches the sites: it fetches one page of the first that answers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from filelock import Timeout

from crawler.cli.stores import open_backoffs
from crawler.config import CrawlerConfig, Site, Storage
from crawler.downloader import FetchError
from crawler.page import Page
from crawler.run import open_fetcher
from preses_relizes.admin.diagnosis import Diagnosis, bad, note, ok
from preses_relizes.admin.machine_checks import compare_clock

# Number of sites to try; if none of them answers, the fault is on this machine.
_SITES_MAX = 3


def check_network(sites: Sequence[Site], settings: CrawlerConfig, storage: Storage) -> Iterator[Diagnosis]:
    """Fetch the first list page of a few *sites* until one answers; compare its clock with ours."""
    errors = []
    tried = [(site, str(site.start[0])) for site in sites if site.start][:_SITES_MAX]
    try:
        with open_backoffs(storage) as store, open_fetcher(sites, settings, store) as fetcher:
            for site, url in tried:
                try:
                    page = fetcher.fetch(url)
                except FetchError as error:
                    errors.append(f"{site.id}: {error}")
                    continue
                yield ok("network", f"{page.url}: answers; `crawl check` tries every site")
                yield from _compare_clocks(page)
                return
    except Timeout:
        yield note("network", "a crawl is running", "its report says which sites answer")
        return
    advice = "check the network, name server and firewall of this machine, and the addresses of the sites"
    yield bad("network", "; ".join(errors) or "no site has a list page", advice)


def _compare_clocks(page: Page) -> Iterator[Diagnosis]:
    try:
        there = parsedate_to_datetime(page.headers.get("date", ""))
    except ValueError:
        return
    if there.tzinfo is not None:
        yield from compare_clock(there.astimezone(UTC), datetime.now(UTC))
