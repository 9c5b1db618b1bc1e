"""An address that a list page, feed or sitemap names: what passes from who reads to who asks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

from crawler.config.settings import Site
from crawler.config.site_paths import hosts_of

FoundIn = Literal["list", "feed", "sitemap"]
Kind = Literal["list", "feed", "sitemap", "release", "attachment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A release that a list page, feed or sitemap names, with what it says of it."""

    url: str
    title: str | None
    published: date | None
    source: FoundIn
    lastmod: datetime | None = None


def is_of_site(target: str, base: str, site: Site) -> bool:
    """Whether *target* is on a host of *site*, or on that of the page *base*."""
    hosts = hosts_of(site) | {urlsplit(base).netloc.lower().removeprefix("www.")}
    return urlsplit(target).netloc.lower().removeprefix("www.") in hosts
