"""Exact totals, facets and histograms, in which a cluster of near-identical releases counts once.

The cluster counts documents. The few that share a cluster with others are returned as rows of their values,
and the surplus is subtracted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from msgspec.structs import replace

from index.engines.opensearch.connection import Json
from index.engines.opensearch.mappings import row_field
from index.engines.opensearch.search.snapshot import Snapshot
from index.layout import VALUE_BREAK
from index.query import BY_NAME, FILTERS, AskedInterval, Filter, Filters
from index.query.filters import YEAR
from index.results import Facets, FacetValue, Histogram
from index.search.facets import histogram, limit_values
from index.search.standing import bounds

# Maximum number of values of a field, more than any of ours has; and of days, which are 178 years.
VALUES_MAX, _DAYS_MAX = 10_000, 65_000
_ROWS = 10_000
_ROW_FIELDS = ("cluster", "day", *map(row_field, FILTERS))
_FACETS = {**{one.name: one.column for one in FILTERS}, YEAR: "year"}
"""The facets, and the field of each."""


@dataclass(frozen=True, slots=True)
class SharedRow:
    """Documents of one cluster with the same values."""

    cluster: str
    day: int
    """An ordinal, 0 if unknown."""
    values: Mapping[str, frozenset[str]]
    """By facet."""
    count: int

    def passes(self, filters: Filters) -> bool:
        """Return whether these documents pass *filters*."""
        first, last = filters.published_from, filters.published_to
        return (
            (first is None or self.day >= first.toordinal())
            and (last is None or 0 < self.day <= last.toordinal())
            and all(self._has_chosen(one, chosen) for one in FILTERS if (chosen := filters.chosen(one)))
        )

    def _has_chosen(self, one: Filter, chosen: Sequence[str]) -> bool:
        values = self.values[one.name]
        return values.issuperset(chosen) if one.kind == "flags" else not values.isdisjoint(chosen)


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a query."""

    total: int
    facets: Facets
    histogram: Histogram | None


def filter_queries(filters: Filters) -> list[Json]:
    """Return the queries that a document matches if it passes *filters*; without a date, it is of no time."""
    queries: list[Json] = []
    for one in FILTERS:
        chosen = filters.chosen(one)
        if one.kind == "flags":
            queries += [{"term": {one.column: value}} for value in dict.fromkeys(chosen)]
        elif chosen:
            queries.append({"terms": {one.column: list(chosen)}})
    if filters.published_from is not None:
        queries.append({"range": {"day": {"gte": filters.published_from.toordinal()}}})
    if filters.published_to is not None:
        queries.append({"range": {"day": {"lte": filters.published_to.toordinal()}}})
    return queries


def standing_queries(filters: Filters) -> list[Json]:
    """Return the queries that a document matches if it stood in the period of *filters*."""
    if filters.stood is None:
        return []
    first, last = bounds(*filters.stood)
    return [{"range": {"since": {"lte": last}}}, {"range": {"until": {"gte": first}}}]


class Counting:
    """What a query with *filters* counts: facets if *faceted*, a histogram by *interval* if given.

    *shared* is the field by which the snapshot tells the shared rows.
    """

    def __init__(
        self, filters: Filters, *, faceted: bool, interval: AskedInterval | None, shared: str = "shared"
    ) -> None:
        self._filters, self._faceted, self._interval, self._shared = filters, faceted, interval, shared

    def aggregations(self) -> Json:
        """Return the aggregations over all documents that match the query, whatever its filters."""
        asked: dict[str, Json] = {"shared": _filtered([{"term": {self._shared: True}}], {"rows": _rows()})}
        if self._faceted:
            for name, field in _FACETS.items():
                values = {"terms": {"field": field, "size": VALUES_MAX}}
                asked[name] = _filtered(filter_queries(_without_own(self._filters, name)), {"values": values})
        if self._interval:
            days = {"terms": {"field": "day", "size": _DAYS_MAX}}
            asked["days"] = _filtered(filter_queries(self._filters), {"values": days})
        return asked

    def read(self, answer: Json, rows: Sequence[SharedRow]) -> Counts:
        """Return the counts, given the *answer* to a search with these aggregations and its shared *rows*."""
        passing = [row for row in rows if row.passes(self._filters)]
        found = answer["aggregations"]
        return Counts(
            total=int(answer["hits"]["total"]["value"]) - _count_repeats(passing, lambda _: [""])[""],
            facets=self._facets(found, rows) if self._faceted else {},
            histogram=self._histogram(found["days"], passing) if self._interval else None,
        )

    def _facets(self, found: Json, rows: Sequence[SharedRow]) -> Facets:
        facets = {}
        for name in _FACETS:
            filters = _without_own(self._filters, name)
            passing = (row for row in rows if row.passes(filters))
            repeats = _count_repeats(passing, lambda row, name=name: row.values[name])  # type: ignore[misc]  # its default
            buckets = found[name]["values"]["buckets"]
            counts = {bucket["key"]: bucket["doc_count"] - repeats[bucket["key"]] for bucket in buckets}
            one = BY_NAME.get(name)
            facets[name] = _rank(counts, one.keys.index if one and one.kind == "flags" else str)
            if one and one.kind == "set":
                facets[name] = limit_values(facets[name], self._filters.chosen(one))
        return facets

    def _histogram(self, found: Json, passing: Sequence[SharedRow]) -> Histogram:
        """Return the histogram of the days of all documents, the shared ones last."""
        counts = Counter({int(bucket["key"]): bucket["doc_count"] for bucket in found["values"]["buckets"]})
        for row in passing:
            counts[row.day] -= row.count
        alone = np.repeat(
            np.array(list(counts), np.int32), np.array([max(0, count) for count in counts.values()], np.int64)
        )
        shared = np.array([row.day for row in passing], np.int32)
        numbers = {cluster: number for number, cluster in enumerate({row.cluster for row in passing})}
        of = np.array([numbers[row.cluster] for row in passing], np.int64)
        rows = len(alone) + np.arange(len(shared))
        assert self._interval  # noqa: S101 - the caller checked
        return histogram(np.concatenate((alone, shared)), rows, of, self._interval)


def read_rows(snapshot: Snapshot, query: Json, answer: Json) -> list[SharedRow]:
    """Return the shared rows for *query*: those in its *answer*, and the rest by further requests."""
    found = answer["aggregations"]["shared"]["rows"]
    rows = [_row(bucket) for bucket in found["buckets"]]
    while len(found["buckets"]) == _ROWS:
        asked = {
            "shared": _filtered([{"term": {snapshot.shared: True}}], {"rows": _rows(found["after_key"])})
        }
        more = snapshot.search({"size": 0, "query": query, "aggs": asked})
        found = more["aggregations"]["shared"]["rows"]
        rows += [_row(bucket) for bucket in found["buckets"]]
    return rows


def _rows(after: Json | None = None) -> Json:
    sources = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in _ROW_FIELDS]
    return {"composite": {"size": _ROWS, "sources": sources, **({"after": after} if after else {})}}


def _row(bucket: Json) -> SharedRow:
    key: Mapping[str, Any] = bucket["key"]
    day = int(key["day"] or 0)
    values = {one.name: (key[row_field(one)] or "").split(VALUE_BREAK) for one in FILTERS}
    values[YEAR] = [str(date.fromordinal(day).year) if day else ""]
    return SharedRow(
        cluster=key["cluster"],
        day=day,
        values={name: frozenset(filter(None, named)) for name, named in values.items()},
        count=bucket["doc_count"],
    )


def _filtered(queries: Sequence[Json], aggregations: Json) -> Json:
    return {"filter": {"bool": {"filter": list(queries)}}, "aggs": aggregations}


def _without_own(filters: Filters, facet: str) -> Filters:
    if facet == YEAR:
        return replace(filters, published_from=None, published_to=None)
    return filters if BY_NAME[facet].kind == "flags" else filters.choose({facet: ()})


def _count_repeats(rows: Iterable[SharedRow], values: Callable[[SharedRow], Iterable[str]]) -> Counter[str]:
    """Return, for each value, how many documents are preceded by another one of their cluster."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for value in values(row):
            counts[value, row.cluster] += row.count
    repeats: Counter[str] = Counter()
    for (value, _), count in counts.items():
        repeats[value] += count - 1
    return repeats


def _rank(counts: Mapping[str, int], order: Callable[[str], Any]) -> tuple[FacetValue, ...]:
    """Return the values that occur, by descending count, then in their *order*."""
    values = sorted((value for value, count in counts.items() if value and count > 0), key=order)
    return tuple(
        FacetValue(value, counts[value]) for value in sorted(values, key=lambda value: -counts[value])
    )
