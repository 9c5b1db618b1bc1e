"""Counts of queries and filters of one day, before they are in the file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from index.query import FILTERS, Filters
from searcher.query_log.logged_text import logged_text
from searcher.telemetry import Exchange


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The conditions under which the text of a query may be stored."""

    days: int
    """Minimum number of different days on which it was asked."""
    searches: int
    """Minimum number of times that it was asked in all."""


@dataclass(slots=True)
class QueryCount:
    """The number of searches for a query, and how they were answered."""

    searches: int = 0
    unmatched: int = 0
    """The number of searches in which no release matched the whole query."""
    seconds: float = 0.0
    """The time of all these searches together."""
    slowest_s: float = 0.0


@dataclass(slots=True)
class QueryCounts:
    """The counts of a *day* in the memory of one process, of a bounded number of queries."""

    day: date
    queries: dict[str, QueryCount] = field(default_factory=dict)
    filters: Counter[str] = field(default_factory=Counter)
    searches: int = 0
    unmatched: int = 0

    def add(self, exchange: Exchange) -> None:
        """Count the search of *exchange*, if it has one, once for all of its pages."""
        search = exchange.search
        if search is None or not search.is_first_page:
            return
        self.searches += 1
        self.unmatched += not search.has_match
        self.filters.update(_names(search.filters))
        text = logged_text(search.text)
        if text is None or (text not in self.queries and len(self.queries) >= QUERIES_MAX):
            return
        count = self.queries.setdefault(text, QueryCount())
        count.searches += 1
        count.unmatched += not search.has_match
        count.seconds += exchange.seconds
        count.slowest_s = max(count.slowest_s, exchange.seconds)


QUERIES_MAX = 1_000
"""Different queries in memory between two writes."""


def _names(filters: Filters) -> Iterator[str]:
    """Yield the filters in use; with their values only where we chose the values."""
    for one in FILTERS:
        chosen = filters.chosen(one)
        if one.fixed:
            yield from (f"{one.name}={value}" for value in chosen)
        elif chosen:
            yield one.name
    if filters.published_from:
        yield "from"
    if filters.published_to:
        yield "to"
