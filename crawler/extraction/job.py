"""The messages between a crawl and its reader processes: a page to read, and its extraction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crawler.config import Site, Template
from crawler.page import DiscoverySource, Page, PageKind
from crawler.store import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredUrl:
    """A release that a list page, feed or sitemap links to, with the title and date given there."""

    url: str
    title: str | None
    published: date | None
    source: DiscoverySource
    lastmod: datetime | None = None


# Remarks on pages that cannot be read as they are; those on lists begin with "the list".
PDF = "a PDF: see `pdf` in the templates"
IN_A_FRAME = "no release, its text may be in a frame"
JSON = "the list is JSON: see `json_list` in the templates"

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
    """The templates of the site, by name."""
    hints: DiscoveredUrl | None = None
    robot: str = ""
    """The name of this crawler in robots rules."""
    wants_text: bool = False
    """Whether all text of the page is returned, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The content of a page: a release, the text of an attachment or links; or why it was not read."""

    release: Release | None = None
    text: str = ""
    discovered: tuple[DiscoveredUrl, ...] = ()
    """Releases that a list page, feed or sitemap links to."""
    next_sources: tuple[str, ...] = ()
    """Further list pages or sitemaps."""
    reason: FailureReason | None = None
    """Why nothing was read, or only a part."""
    detail: str = ""
    """The reason in full, for the operator."""
    remark: str = ""
    """What the report should say of a page that was not read, or not to its end."""
    page_text: tuple[str, ...] = ()
    """All text of the page in blocks, if the job asks for it."""
    is_whole: bool = True
    """False if the page is so large that only its beginning was read."""
