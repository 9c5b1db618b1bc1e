"""The report of the query log: the most frequent, unmatched and slow queries, and the filters used."""

from dataclasses import dataclass

from searcher.query_log.log_file import QueryLogFile, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySummary:
    """A query that was asked often enough to be shown."""

    text: str
    searches: int
    days: int
    unmatched: int
    """Times that no release matched the whole query."""
    mean_ms: float
    slowest_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryReport:
    """The searches of the days in the file."""

    first: str
    """The first of these days, in ISO format; empty if nothing was counted."""
    last: str
    searches: int
    unmatched: int
    rare: int
    """Different queries that are not shown, because they were asked too seldom or on too few days."""
    top: tuple[QuerySummary, ...]
    unmatched_queries: tuple[QuerySummary, ...]
    slow: tuple[QuerySummary, ...]
    filters: tuple[tuple[str, int], ...]


def read_report(file: QueryLogFile, *, at_most: int) -> QueryReport:
    """Return the report of *file*, with *at_most* queries of each kind.

    Raises:
        QueryFileError: it cannot be read.
    """
    first, last, searches, unmatched = file.sums()
    queries = [_summary(row) for row in file.common_queries()]
    missed = sorted((one for one in queries if one.unmatched), key=lambda one: (-one.unmatched, one.text))
    return QueryReport(
        first=str(first or ""),
        last=str(last or ""),
        searches=int(searches),
        unmatched=int(unmatched),
        rare=file.count_queries() - len(queries),
        top=tuple(queries[:at_most]),
        unmatched_queries=tuple(missed[:at_most]),
        slow=tuple(sorted(queries, key=lambda one: -one.mean_ms)[:at_most]),
        filters=tuple((str(name), int(count)) for name, count in file.filters()),
    )


def _summary(row: Row) -> QuerySummary:
    text, searches, days, unmatched, mean_ms, slowest_ms = row
    return QuerySummary(
        text=str(text),
        searches=int(searches),
        days=int(days),
        unmatched=int(unmatched),
        mean_ms=round(float(mean_ms), 1),
        slowest_ms=round(float(slowest_ms), 1),
    )
