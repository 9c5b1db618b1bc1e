"""Searches as the service observes them, on any day."""

from datetime import UTC, date, datetime
from pathlib import Path

from index.query import Filters
from searcher.query_log import QueryCounts, QueryLogFile, Thresholds
from searcher.telemetry import Exchange
from searcher.telemetry.exchange import ObservedSearch

FIRST = date(2026, 3, 1)


def search(text: str, *, has_match: bool = True, seconds: float = 0.01, **other: object) -> Exchange:
    """Return a search for *text*; *other* are fields of the search."""
    fields: dict[str, object] = {"filters": Filters(), "is_first_page": True, "total": 3} | other
    return Exchange(
        ended=datetime(2026, 3, 1, tzinfo=UTC),
        request_id="r",
        method="GET",
        path="/",
        endpoint="views.search",
        status=200,
        bytes=1,
        seconds=seconds,
        search=ObservedSearch(text=text, has_match=has_match, **fields),  # type: ignore[arg-type]  # the values have the types of the fields
    )


def counts(day: date, *searches: Exchange) -> QueryCounts:
    """Return the counts of *searches* on *day*."""
    counted = QueryCounts(day)
    for one in searches:
        counted.add(one)
    return counted


def log_file(path: Path, *, days: int = 3, searches: int = 5, kept_d: int = 90) -> QueryLogFile:
    """Create a query log at *path*."""
    file = QueryLogFile(path, Thresholds(days, searches), kept_d=kept_d)
    file.create()
    return file
