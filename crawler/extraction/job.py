"""A page to read, and what it says: what passes between a crawl and the processes that read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crawler.config import Site, Template
from crawler.page import DiscoverySource, Page, PageKind
from crawler.store import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredUrl:
    """A release that a list page, feed or sitemap names, with what it says of it."""

    url: str
    title: str | None
    published: date | None
    source: DiscoverySource
    lastmod: datetime | None = None


FailureReason = Literal[
    "no release", "release not read", "noindex", "no text", "not well-formed", "fault of the extractor"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionJob:
    """A page to read."""

    page: Page
    kind: PageKind
    site: Site
    templates: Mapping[str, Template]
    """Of the site."""
    hints: DiscoveredUrl | None = None
    robot: str = ""
    """The name by which pages call this crawler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a page says: a release, the text of an attachment, links; or why nothing."""

    release: Release | None = None
    text: str = ""
    found: tuple[DiscoveredUrl, ...] = ()
    """Releases that a list page, feed or sitemap names."""
    further: tuple[str, ...] = ()
    """Further list pages or sitemaps."""
    reason: FailureReason | None = None
    """Why nothing, or no more."""
    detail: str = ""
    """The reason in full, for people."""
    is_whole: bool = True
    """False: the page is so large that only its beginning was read."""
