"""How much there is to search and how fresh it is: one line on every page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.errors import EngineError
from searcher.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The extent of the index, and the last crawl."""

    releases: int
    institutions: int
    """Number of institutions that have releases."""
    first: date | None
    last: date | None
    crawled: datetime | None
    """Start of the last crawl (UTC); None if none is known."""


def freshness(service: Service) -> Freshness | None:
    """Return how much there is to search; None while there is no index or store."""
    try:
        listed = service.institutions.all(datetime.now(UTC))
        releases = service.engine.info().documents
    except EngineError:
        return None
    with_releases = [one for one in listed if one.releases]
    return Freshness(
        releases=releases,
        institutions=len(with_releases),
        first=min((one.first for one in with_releases if one.first), default=None),
        last=max((one.last for one in with_releases if one.last), default=None),
        crawled=max((one.crawled for one in listed if one.crawled), default=None),
    )
