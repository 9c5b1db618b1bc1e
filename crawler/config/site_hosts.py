"""The start URLs of a site, and the hosts that belong to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Literal

from crawler.config.settings import Site
from crawler.urls import canonical_host

SourceKind = Literal["list", "feed", "sitemap"]
"""The kinds of URLs at which a crawl of a site begins."""


def hosts_of(site: Site) -> frozenset[str]:
    """Return the hosts of *site* in their canonical form: those of its start URLs and its further `hosts`."""
    urls = (*_in_order(site), *(f"https://{host}" for host in site.hosts))
    return frozenset(host for url in urls if (host := canonical_host(url)) is not None)


def hosts_of_all(sites: Iterable[Site]) -> frozenset[str]:
    """Return the hosts of all *sites* in their canonical form."""
    return frozenset().union(*map(hosts_of, sites))


def main_host(site: Site) -> str | None:
    """Return the host of the first start URL of *site*, in its canonical form."""
    return next(iter(map(canonical_host, _in_order(site))), None)


def is_on_site(url: str, site: Site, *, linked_from: str | None = None) -> bool:
    """Whether *url* is on a host of *site*, or on the same host as the page *linked_from*."""
    host = canonical_host(url)
    if host is None:
        return False
    return host in hosts_of(site) or (linked_from is not None and host == canonical_host(linked_from))


def delays(sites: Iterable[Site]) -> Mapping[str, float]:
    """Return the delays in seconds set for hosts of *sites*; the longest counts if several share a host."""
    longest: defaultdict[str, float] = defaultdict(float)
    for site in sites:
        if site.delay_s is not None:
            for host in hosts_of(site):
                longest[host] = max(longest[host], site.delay_s)
    return longest


def start_urls(site: Site) -> dict[SourceKind, tuple[str, ...]]:
    """Return the URLs configured for *site*: list pages, feeds and sitemaps, in this order."""
    return {
        "list": tuple(map(str, site.start)),
        "feed": tuple(map(str, site.feeds)),
        "sitemap": tuple(map(str, site.sitemaps)),
    }


def _in_order(site: Site) -> tuple[str, ...]:
    return tuple(chain.from_iterable(start_urls(site).values()))
