"""The result of a fetch, and the change that it makes to the store: two sum types of records.

`SiteCrawl` turns a URL into a `FetchResult`, `planner` turns that into a `Change`, and `writer` commits it.
"""

from dataclasses import dataclass

from crawler.downloader import FetchError
from crawler.extraction import Extraction
from crawler.page import Page
from crawler.scheduler.plan import FetchOutcome, Link
from crawler.store import Release
from crawler.store.pending_change_rows import PendingChange


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFetched:
    """The URL was left for the next run without a request."""

    end: FetchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """The URL returned no page."""

    error: FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodified:
    """The page is the one seen last time."""

    page: Page
    was_refused: bool
    """Last time it was not a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The page is new or different, and was extracted."""

    page: Page
    extraction: Extraction


FetchResult = NotFetched | FetchFailed | Unmodified | Extracted


@dataclass(frozen=True, slots=True, kw_only=True)
class NoChange:
    """Only the frontier notes how the fetch ended."""

    end: FetchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRefusal:
    """The page is not a release; its validators are kept so that it need not be downloaded again."""

    page: Page
    end: FetchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepValidators:
    """The page leads nowhere; its validators are kept so that it need not be downloaded again."""

    page: Page
    end: FetchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRelease:
    """The stored release is still on its site, unchanged."""

    release: str
    """Its id."""
    url: str
    """The address that shows it."""
    end: FetchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChange:
    """A known release differs or is missing, or a new one is in doubt; settled with all of *site*."""

    site: str
    pending: PendingChange
    end: FetchOutcome
    page: Page | None = None
    """The page that was read as a release of this site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAddresses:
    """The page is one more address of a release that another site owns."""

    release: str
    """Its id."""
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRelease:
    """A release that is new, or differs in a way that needs no second look."""

    release: Release
    page: Page
    aliases: tuple[str, ...]
    is_whole: bool
    is_back: bool
    """Whether its address shows it again, which led elsewhere before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """The release belongs to another site, which must fetch it itself, because our page may disappear."""

    owner: str
    link: Link | None
    """None: the owner's settings deny the URL."""
    then: "Change"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAttachment:
    """The text of an attachment."""

    page: Page
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddListLinks:
    """A list page: its releases and further list pages are planned."""

    page: Page
    extraction: Extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFeedLinks:
    """A feed or sitemap: its releases and further sitemaps are planned."""

    page: Page
    extraction: Extraction


Change = (
    NoChange
    | KeepRefusal
    | KeepValidators
    | ConfirmRelease
    | HoldChange
    | AddAddresses
    | SaveRelease
    | HandOver
    | SaveAttachment
    | AddListLinks
    | AddFeedLinks
)
