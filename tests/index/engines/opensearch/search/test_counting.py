"""Totals, facets and histograms of a cluster's answers; a cluster of near-identical releases counts once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from index.engines.opensearch.connection import Json
from index.engines.opensearch.mappings import row_field
from index.engines.opensearch.search import counting
from index.engines.opensearch.search.counting import Counting, SharedRow, filter_queries, read_rows
from index.query import BY_NAME, FILTERS, Filters
from index.results import FacetValue, Histogram, PeriodCount
from tests.support.cluster_answers import answer, asked_of, snapshot_of

DAY = date(2020, 2, 1)
ORDINAL = DAY.toordinal()
NOTHING = Filters()
EVERY = Filters(
    ministries=("fm", "vm"),
    languages=("lv",),
    categories=("NATO",),
    traits=("edited", "gone", "edited"),
    published_from=DAY,
    published_to=date(2020, 2, 29),
)


def row(cluster: str = "a", count: int = 1, day: int = ORDINAL, **changed: frozenset[str]) -> SharedRow:
    values = {name: frozenset[str]() for name in BY_NAME} | {
        "ministry": frozenset(("fm",)),
        "language": frozenset(("lv",)),
        "year": frozenset(("2020",)),
    }
    return SharedRow(cluster=cluster, day=day, values=values | changed, count=count)


def buckets(counts: Mapping[object, int]) -> Json:
    return {"values": {"buckets": [{"key": key, "doc_count": count} for key, count in counts.items()]}}


@pytest.mark.parametrize(
    ("filters", "queries"),
    [
        (NOTHING, []),
        (Filters(ministries=("fm", "vm")), [{"terms": {"ministry": ["fm", "vm"]}}]),
        (Filters(languages=("lv",)), [{"terms": {"language": ["lv"]}}]),
        (Filters(categories=("NATO",)), [{"terms": {"categories": ["NATO"]}}]),
        (
            Filters(traits=("edited", "gone", "edited")),
            [{"term": {"traits": "edited"}}, {"term": {"traits": "gone"}}],
        ),
        (Filters(published_from=DAY), [{"range": {"day": {"gte": ORDINAL}}}]),
        (Filters(published_to=DAY), [{"range": {"day": {"lte": ORDINAL}}}]),
    ],
)
def test_each_filter_is_a_query(filters: Filters, queries: list[Json]) -> None:
    assert filter_queries(filters) == queries


@pytest.mark.parametrize(
    ("filters", "changed", "passes"),
    [
        (NOTHING, {}, True),
        (NOTHING, {"day": 0}, True),
        (Filters(ministries=("fm",)), {}, True),
        (Filters(ministries=("vm",)), {}, False),
        (Filters(languages=("lv",)), {}, True),
        (Filters(languages=("en",)), {}, False),
        (Filters(published_from=DAY), {}, True),
        (Filters(published_from=DAY), {"day": ORDINAL - 1}, False),
        (Filters(published_from=DAY), {"day": 0}, False),
        (Filters(published_to=DAY), {}, True),
        (Filters(published_to=DAY), {"day": ORDINAL + 1}, False),
        (Filters(published_to=DAY), {"day": 0}, False),
        (Filters(traits=("edited", "gone")), {"has": frozenset(("gone", "edited"))}, True),
        (Filters(traits=("edited", "gone")), {"has": frozenset(("gone",))}, False),
        (Filters(categories=("A", "B")), {"category": frozenset(("B", "C"))}, True),
        (Filters(categories=("A", "B")), {"category": frozenset(("C",))}, False),
        (Filters(categories=("A",)), {}, False),
    ],
)
def test_rows_pass_the_filters_that_documents_pass(
    filters: Filters, changed: dict[str, Any], *, passes: bool
) -> None:
    assert row(**changed).passes(filters) == passes


def filters_of(aggregation: Json) -> list[Json]:
    queries: list[Json] = aggregation["filter"]["bool"]["filter"]
    return queries


def test_each_facet_is_counted_without_its_own_filter() -> None:
    asked = Counting(EVERY, faceted=True, interval="month").aggregations()
    every = filter_queries(EVERY)
    own: dict[str, list[Json]] = {
        "ministry": every[:1],
        "category": every[1:2],
        "language": every[2:3],
        "has": [],
        "year": every[5:],
        "days": [],
    }
    assert list(asked) == ["shared", *BY_NAME, "year", "days"]
    for name, queries in own.items():
        assert filters_of(asked[name]) == [query for query in every if query not in queries]
    fields = {name: asked[name]["aggs"]["values"]["terms"] for name in own}
    assert fields == {
        "ministry": {"field": "ministry", "size": 10_000},
        "language": {"field": "language", "size": 10_000},
        "category": {"field": "categories", "size": 10_000},
        "has": {"field": "traits", "size": 10_000},
        "year": {"field": "year", "size": 10_000},
        "days": {"field": "day", "size": 65_000},
    }


def test_only_what_is_asked_for_is_counted() -> None:
    asked = Counting(EVERY, faceted=False, interval=None).aggregations()
    assert list(asked) == ["shared"]
    assert filters_of(asked["shared"]) == [{"term": {"shared": True}}]
    names = ["cluster", "day", *map(row_field, FILTERS)]
    assert names[:4] == ["cluster", "day", "ministry", "categories_set"]
    assert asked["shared"]["aggs"]["rows"]["composite"] == {
        "size": 10_000,
        "sources": [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in names],
    }


def found(total: int, **aggregations: Json) -> Json:
    return {"hits": {"total": {"value": total}}, "aggregations": aggregations}


def counted(total: int, **aggregations: Json) -> Json:
    """Return an answer with each facet, empty unless it is given."""
    return found(total, **({name: buckets({}) for name in (*BY_NAME, "year")} | aggregations))


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([], 9),
        ([row()], 9),
        ([row(count=3)], 7),
        ([row(), row(ministry=frozenset(("vm",)))], 8),
        ([row(count=2), row("b", 2)], 7),
        ([row(count=2), row(count=2, language=frozenset(("en",)))], 8),  # the second does not pass
    ],
)
def test_a_cluster_counts_once(rows: list[SharedRow], total: int) -> None:
    counts = Counting(Filters(languages=("lv",)), faceted=False, interval=None).read(found(9), rows)
    assert (counts.total, counts.facets, counts.histogram) == (total, {}, None)


def test_facets_count_each_cluster_once_by_value() -> None:
    rows = [
        row(count=2, category=frozenset(("A", "B")), has=frozenset(("edited",))),
        row(ministry=frozenset(("vm",)), category=frozenset(("A",)), year=frozenset(), day=0),
        row("b", language=frozenset(("en",))),
    ]
    answered = counted(
        20,
        ministry=buckets({"vm": 5, "fm": 6, "": 3, "zm": 0}),
        language=buckets({"en": 2, "lv": 10}),
        year=buckets({"2020": 4, "2019": 3}),
        category=buckets({"B": 3, "A": 4}),
        has=buckets({"gone": 2, "edited": 3}),
    )
    facets = Counting(Filters(languages=("lv",)), faceted=True, interval=None).read(answered, rows).facets
    assert facets == dict.fromkeys(BY_NAME, ()) | {
        "ministry": (FacetValue("fm", 5), FacetValue("vm", 5)),
        "language": (FacetValue("lv", 8), FacetValue("en", 2)),
        "year": (FacetValue("2019", 3), FacetValue("2020", 3)),
        "category": (FacetValue("A", 2), FacetValue("B", 2)),
        "has": (FacetValue("edited", 2), FacetValue("gone", 2)),
    }


def test_traits_of_equal_counts_are_in_their_own_order() -> None:
    answered = counted(3, has=buckets({"gone": 1, "attachment": 1, "edited": 2}))
    facets = Counting(NOTHING, faceted=True, interval=None).read(answered, []).facets
    assert [value.value for value in facets["has"]] == ["edited", "attachment", "gone"]


def test_chosen_categories_are_listed_beyond_the_most_frequent() -> None:
    names = [f"tēma {number:03}" for number in range(103)]
    answered = counted(3, category=buckets(dict.fromkeys(names, 1)))
    facets = (
        Counting(Filters(categories=(names[102],)), faceted=True, interval=None).read(answered, []).facets
    )
    assert [value.value for value in facets["category"]] == [*names[:100], names[102]]


def test_a_cluster_counts_once_in_each_period() -> None:
    march = date(2020, 3, 5)
    rows = [
        row(count=2),
        row(day=ORDINAL + 1),
        row(day=march.toordinal()),
        row("b", day=ORDINAL),
        row("c", day=0, language=frozenset(("en",))),
    ]
    days = buckets({ORDINAL: 5, ORDINAL + 1: 1, march.toordinal(): 3})
    counts = Counting(Filters(languages=("lv",)), faceted=False, interval="month").read(
        found(9, days=days), rows
    )
    assert counts.histogram == Histogram(
        "month",
        (PeriodCount(DAY, date(2020, 2, 29), 4), PeriodCount(date(2020, 3, 1), date(2020, 3, 31), 3)),
    )


KEY = dict.fromkeys(map(row_field, FILTERS)) | {
    "cluster": "a",
    "ministry": "fm",
    "language": "lv",
    "day": ORDINAL,
    "traits_set": "edited\ngone",
    "categories_set": "A\nB",
}
UNDATED = {**KEY, "cluster": "b", "day": None, "traits_set": "", "categories_set": None}


def rows_answer(*keys: Json, **after: object) -> Json:
    rows = {"buckets": [{"key": key, "doc_count": 3} for key in keys], **after}
    return {"aggregations": {"shared": {"rows": rows}}}


ROWS = [
    row(count=3, has=frozenset(("edited", "gone")), category=frozenset("AB")),
    row("b", 3, day=0, year=frozenset()),
]


def test_rows_are_read_from_an_answer() -> None:
    with snapshot_of(answer()) as (snapshot, serving):
        assert read_rows(snapshot, {}, rows_answer(KEY, UNDATED)) == ROWS
        assert read_rows(snapshot, {}, rows_answer()) == []
        assert asked_of(serving) == []


def test_further_rows_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_ROWS", 1)
    second, third = rows_answer(UNDATED, after_key=UNDATED), rows_answer()
    with snapshot_of(answer(**second), answer(**third)) as (snapshot, serving):
        assert read_rows(snapshot, {"match_all": {}}, rows_answer(KEY, after_key=KEY)) == ROWS
        searches = [search for (search,) in asked_of(serving)]
    assert [search["query"] for search in searches] == [{"match_all": {}}] * 2
    composites = [search["aggs"]["shared"]["aggs"]["rows"]["composite"] for search in searches]
    assert [composite["after"] for composite in composites] == [KEY, UNDATED]
    assert [search["size"] for search in searches] == [0, 0]
