"""Facets as the core counts them, compiled and interpreted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from index.query import TRAITS, Everything, Query
from index.search import IndexReader, Searcher
from tests.support.corpora import index_of
from tests.support.interpreted import each_form, interpreted
from tests.support.oracle import Doc


class Columns:
    """Columns of two ministries, two languages and three years, one of which is unknown."""

    ministries, languages, years = ["fm", "vm"], ["en", "lv"], ["", "2019", "2020"]
    size = 12

    def __init__(self, cells: list[int], traits: list[int] | None = None) -> None:
        self.cells = np.array(cells, np.uint16)
        self.traits = np.array(traits or [0] * len(cells), np.uint8)
        self.categories = SimpleNamespace(names=[])


def cell(ministry: int, language: int, year: int) -> int:
    return (ministry * 2 + language) * 3 + year


def core_facets(
    columns: Columns, docs: list[int], clusters: dict[int, list[int]] | None = None
) -> dict[str, dict[str, int]]:
    """Return the facets in their order, as the interpreted core counts them."""
    counter = interpreted("index.search.compiled.facets").FacetCounter(columns, len(columns.cells))
    members = [number << 32 | doc for number, of in (clusters or {}).items() for doc in of]
    facets = counter.count(
        np.array(docs, np.int32).data, len(docs), np.array(members, np.int64).data, len(members)
    )
    return {name: {one.value: one.count for one in values} for name, values in facets.items()}


@pytest.mark.parametrize(
    ("docs", "ministry", "language", "year"),
    [
        ([0, 1, 2, 3], {"fm": 3, "vm": 1}, {"en": 2, "lv": 2}, {"2020": 2, "2019": 1}),
        ([3, 0], {"fm": 1, "vm": 1}, {"en": 2}, {"2020": 1}),
        ([1, 1], {"fm": 2}, {"lv": 2}, {"2020": 2}),
        ([], {}, {}, {}),
    ],
)
def test_documents_count_for_each_of_their_values(
    docs: list[int], ministry: dict[str, int], language: dict[str, int], year: dict[str, int]
) -> None:
    columns = Columns([cell(0, 0, 0), cell(0, 1, 2), cell(0, 1, 1), cell(1, 0, 2)])
    facets = core_facets(columns, docs)
    assert [name for name in facets if name != "category"] == ["ministry", "language", "year", "has"]
    assert [list(facets[name].items()) for name in ("ministry", "language", "year")] == [
        list(expected.items()) for expected in (ministry, language, year)
    ]
    assert facets["has"] == {}


@pytest.mark.parametrize(
    ("clusters", "ministry", "language", "year", "traits"),
    [
        ({}, [3, 2], [3, 2], [3, 2], [2, 3]),
        ({5: [0, 1]}, [2, 2], [2, 2], [3, 2], [1, 3]),
        ({5: [0, 1, 2]}, [1, 2], [1, 2], [2, 2], [1, 2]),
        ({5: [0, 1], 6: [2, 3]}, [2, 2], [2, 2], [2, 2], [1, 3]),
        ({5: [0, 4], 9: [1, 2, 3]}, [2, 2], [2, 2], [2, 2], [2, 2]),
        ({5: [0, 3]}, [3, 2], [3, 2], [2, 2], [2, 3]),
    ],
)
def test_a_cluster_counts_once_for_each_of_its_values(
    clusters: dict[int, list[int]],
    ministry: list[int],
    language: list[int],
    year: list[int],
    traits: list[int],
) -> None:
    columns = Columns(
        [cell(0, 0, 2), cell(0, 0, 1), cell(0, 0, 2), cell(1, 1, 2), cell(1, 1, 1)], [1, 3, 2, 0, 2]
    )
    facets = core_facets(columns, [0, 1, 2, 3, 4], clusters)
    assert [facets["ministry"].get(name, 0) for name in ("fm", "vm")] == ministry
    assert [facets["language"].get(name, 0) for name in ("en", "lv")] == language
    assert [facets["year"].get(name, 0) for name in ("2020", "2019")] == year
    assert [facets["has"].get(name, 0) for name in TRAITS[:2]] == traits


def test_each_trait_is_counted_by_its_bit() -> None:
    sets = [1 << bit for bit in range(len(TRAITS))] + [(1 << len(TRAITS)) - 1] * 2
    facets = core_facets(Columns([0] * len(sets), sets), [*range(len(sets))])
    assert facets["has"] == dict.fromkeys(TRAITS, 3)
    assert core_facets(Columns([0] * len(sets), sets), [0, 0, 1])["has"] == {TRAITS[0]: 2, TRAITS[1]: 1}


@each_form
@pytest.mark.parametrize(
    ("cells", "traits", "count", "message"),
    [
        ([0, 11], [0, (1 << len(TRAITS)) - 1], 2, ""),
        ([], [], 0, ""),
        ([0], [0, 0], 2, "wrong number of documents"),
        ([0, 0], [0], 2, "wrong number of documents"),
        ([0], [0], 2, "wrong number of documents"),
        ([12], [0], 1, "beyond their table"),
        ([0], [1 << len(TRAITS)], 1, "beyond their table"),
    ],
)
def test_damaged_columns_are_refused(
    load: Callable[[str], ModuleType], cells: list[int], traits: list[int], count: int, message: str
) -> None:
    columns = Columns(cells)
    columns.traits = np.array(traits, np.uint8)
    counter = load("index.search.compiled.facets").FacetCounter
    if not message:
        assert counter(columns, count).is_small
        return
    with pytest.raises(ValueError, match=message):
        counter(columns, count)


@each_form
@pytest.mark.parametrize(("size", "is_small"), [(1 << 16, True), ((1 << 16) + 1, False)])
def test_very_many_cells_are_left_to_numpy(
    load: Callable[[str], ModuleType], size: int, *, is_small: bool
) -> None:
    columns = Columns([0])
    columns.size = size
    assert load("index.search.compiled.facets").FacetCounter(columns, 1).is_small == is_small


@pytest.mark.parametrize(
    ("names", "counts", "expected"),
    [
        (["a", "b", "c"], [1, 3, 2], [("b", 3), ("c", 2), ("a", 1)]),
        (["a", "b", "c"], [2, 2, 2], [("a", 2), ("b", 2), ("c", 2)]),
        (["", "b", "c", "d"], [9, 0, 1, 1], [("c", 1), ("d", 1)]),
        ([], [], []),
    ],
)
def test_values_are_ranked_by_count_then_in_their_order(
    names: list[str], counts: list[int], expected: list[tuple[str, int]]
) -> None:
    ranked = interpreted("index.search.compiled.facets").ranked
    found = ranked(names, np.array([7, *counts], np.int32).data, 1)
    assert [(value.value, value.count) for value in found] == expected


@pytest.mark.parametrize(
    ("collapse", "ministry", "language", "year", "traits"),
    [
        (False, [("fm", 4), ("vm", 2)], [("lv", 4), ("en", 2)], [("2020", 3), ("2019", 2)], [2, 3]),
        (True, [("fm", 3), ("vm", 2)], [("en", 2), ("lv", 2)], [("2019", 2), ("2020", 2)], [2, 2]),
    ],
)
def test_the_compiled_core_counts_the_documents_of_a_search(
    tmp_path: Path, ministry: object, language: object, year: object, traits: list[int], *, collapse: bool
) -> None:
    rows = (
        ("fm", "lv", date(2020, 1, 1), "a", TRAITS[:1]),
        ("fm", "lv", date(2020, 5, 1), "a", TRAITS[1:2]),
        ("vm", "lv", date(2019, 1, 1), "a", TRAITS[1:2]),
        ("fm", "en", None, "d", ()),
        ("fm", "lv", date(2019, 1, 1), "e", TRAITS[:2]),
        ("vm", "en", date(2020, 1, 1), "f", ()),
    )
    docs = [
        Doc(f"{number}", of, lang, day, cluster, {}, traits=has)
        for number, (of, lang, day, cluster, has) in enumerate(rows)
    ]
    searcher = Searcher(IndexReader(index_of(tmp_path, docs[:2], docs[2:])))
    found = searcher.search(Query(text="", clause=Everything(), reading=""), collapse=collapse).facets
    facets = {name: [(one.value, one.count) for one in values] for name, values in found.items()}
    assert [facets[name] for name in ("ministry", "language", "year")] == [ministry, language, year]
    assert [dict(facets["has"])[name] for name in TRAITS[:2]] == traits
