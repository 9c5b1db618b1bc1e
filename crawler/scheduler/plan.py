"""What the frontier plans by: a URL to ask, how its visit ended, the run that both belong to."""

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
    """Pages walked from the start page."""
    found: DiscoveredUrl
    """As the page names it."""
    again: bool = False
    """To be asked in this run, though it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A URL to ask."""

    url: str
    """Canonical."""
    ask: str
    """As it was found: the canonical form need not be one that the site answers."""
    site: str
    kind: PageKind
    depth: int
    hints: DiscoveredUrl | None
    """What a list page or feed says of it."""
    changed: int
    """Unix time of the last answer that was new or differed; 0: never asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOutcome:
    """How the visit of a URL ended."""

    outcome: str
    reason: str = ""
    changed: datetime | None = None
    """When the content last changed, as far as this visit shows."""
    is_answer: bool = True
    """False: the URL is asked again in the next run, however old."""
    keeps_place: bool = False
    """It was not asked: in the next run it comes where it would have come in this one."""
