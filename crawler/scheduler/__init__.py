"""Which URL is fetched next, and when?

`crawl_all` crawls the sites of a run in a `CrawlContext`; the `Frontier` plans their URLs.
"""

from crawler.scheduler.boundary import Boundary
from crawler.scheduler.changes.release_address import aliases_of, with_stored_address
from crawler.scheduler.context import CrawlContext, CrawlOptions, Fetch, FetchRecord, SiteContext
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.host_workers import crawl_all
from crawler.scheduler.orphans import adopt_orphans, count_orphans
from crawler.scheduler.ownership import Owners
from crawler.scheduler.reasons import is_reported
from crawler.scheduler.url_rules import is_wanted

__all__ = [
    "Boundary",
    "CrawlContext",
    "CrawlOptions",
    "Fetch",
    "FetchRecord",
    "Frontier",
    "Owners",
    "SiteContext",
    "adopt_orphans",
    "aliases_of",
    "count_orphans",
    "crawl_all",
    "is_reported",
    "is_wanted",
    "with_stored_address",
]
