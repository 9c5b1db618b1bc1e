"""URLs to fetch, and how a fetch ended: the records that the frontier and a site's crawl exchange."""

from dataclasses import dataclass
from datetime import datetime

from crawler.extraction import DiscoveredUrl
from crawler.page import PageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL that a page led to."""

    url: str
    """Canonical."""
    kind: PageKind
    depth: int
    """Number of links followed from the start page."""
    discovered: DiscoveredUrl
    """As the page gives it."""
    refetch: bool = False
    """Whether it is fetched in this run although it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierUrl:
    """A URL to fetch."""

    url: str
    """Canonical."""
    request_url: str
    """As a page spells it, because a site need not answer at the canonical form."""
    site: str
    kind: PageKind
    depth: int
    hints: DiscoveredUrl | None
    """The title and date that a list page or feed gives for it."""
    changed: int
    """Unix time of the last response that was new or different; 0: never fetched."""
    is_stored: bool = False
    """Whether a release was stored there, under its own address, when its turn was planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOutcome:
    """How the fetch of a URL ended."""

    outcome: str
    reason: str = ""
    changed: datetime | None = None
    """When the content last changed, as far as this fetch shows."""
    is_answer: bool = True
    """False: the URL is fetched again in the next run, however old it is."""
    keeps_place: bool = False
    """True: the URL was not fetched, and keeps its place in the queue for the next run."""
