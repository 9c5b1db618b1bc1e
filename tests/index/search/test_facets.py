"""Facets, histograms and coverage, compared with loops over plain lists."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from index.query import TRAITS, AskedInterval, Filters, Interval
from index.query import filters as declared
from index.query.filters import CELL_FACETS
from index.results import Histogram
from index.search import IndexReader
from index.search.collapse import Clusters
from index.search.facets import BARS, VALUES_MAX, FacetColumns, histogram
from tests.support.corpora import index_of
from tests.support.interpreted import interpreted
from tests.support.oracle import Doc, count_facets, passes

MINISTRIES, LANGUAGES = ("fm", "iem", "vm"), ("en", "lv", "ru")
DAYS = (
    None, date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2021, 6, 1),
)  # fmt: skip


CATEGORY_SETS = ((), ("NATO",), ("Jaunumi", "NATO"), ("Mācības",))
TRAIT_SETS: tuple[tuple[str, ...], ...] = ((), ("attachment",), ("edited", "gone"), TRAITS)
TYPE_SETS: tuple[tuple[str, ...], ...] = ((), ("pdf",), (), ("docx", "pdf"), ("image", "pdf", "xlsx"))


def document(number: int) -> Doc:
    ministry = MINISTRIES[number % 3 if number % 5 else 0]
    leader = number - number % 4  # clusters of four in a row, but every eighth release is alone
    return Doc(
        id=f"{number:02}",
        ministry=ministry,
        language=LANGUAGES[number * 7 % 11 % 3],
        published=DAYS[number * 5 % 13 % len(DAYS)],
        cluster=f"{number:02}" if number % 8 == 7 else f"{leader:02}",
        parts={},
        traits=TRAIT_SETS[number * 3 % 7 % len(TRAIT_SETS)],
        categories=CATEGORY_SETS[number * 5 % 11 % len(CATEGORY_SETS)],
        attachment_types=TYPE_SETS[number * 4 % 9 % len(TYPE_SETS)],
    )


DOCS = [document(number) for number in range(40)]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    return IndexReader(index_of(tmp_path_factory.mktemp("index"), DOCS[:13], DOCS[13:]))


SETS = [one.name for one in declared.FILTERS if one.kind == "set"]
NO_FILTERS = Filters()
FILTERS = [
    NO_FILTERS,
    Filters(ministries=("fm",)),
    Filters(ministries=("fm", "vm")),
    Filters(ministries=("xx",)),
    Filters(languages=("lv",)),
    Filters(languages=("lv", "en")),
    Filters(published_from=date(2020, 1, 1)),
    Filters(published_to=date(2020, 12, 31)),
    Filters(published_from=date(2020, 12, 31), published_to=date(2020, 12, 31)),
    Filters(published_from=date(2022, 1, 1)),
    Filters(published_from=date(2021, 1, 1), published_to=date(2020, 1, 1)),
    Filters(ministries=("iem",), languages=("lv", "ru")),
    Filters(ministries=("fm",), published_from=date(2020, 1, 2)),
    Filters(languages=("ru",), published_to=date(2020, 1, 1)),
    Filters(traits=("edited",)),
    Filters(traits=("attachment", "gone")),
    Filters(ministries=("fm", "iem"), traits=("attachment",)),
    Filters(languages=("lv", "ru"), published_from=date(2020, 1, 1), traits=("edited", "gone", "edited")),
    Filters(categories=("NATO",)),
    Filters(categories=("Mācības", "Jaunumi"), ministries=("fm", "iem"), published_to=date(2020, 12, 31)),
    Filters(categories=("NATO",), traits=("attachment",), languages=("lv",)),
    Filters(categories=("xx",)),
    Filters(attachment_types=("pdf",)),
    Filters(attachment_types=("docx", "image"), traits=("edited",), published_from=date(2020, 1, 1)),
    Filters(attachment_types=("pdf", "xlsx"), categories=("NATO", "Jaunumi"), ministries=("fm", "iem")),
    Filters(ministries=("fm", "iem"), languages=("lv",), published_from=DAYS[1], published_to=DAYS[4]),
]  # fmt: skip
SELECTIONS = [range(40), range(0, 40, 3), range(5, 21), range(39, 40), range(0)]


def count_by_loop(docs: list[Doc], filters: Filters, *, collapse: bool) -> dict[str, list[tuple[str, int]]]:
    """Return the count of each value, by descending count, then by name."""
    return {
        name: sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        for name, counts in count_facets(docs, filters, collapse=collapse).items()
    }


@pytest.mark.oracle
@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_facets_agree_with_a_loop(
    reader: IndexReader, filters: Filters, selection: range, *, collapse: bool
) -> None:
    docs, columns = np.array(selection, np.int64), FacetColumns(reader)
    chosen = [DOCS[number] for number in selection]
    clusters = Clusters(reader) if collapse else None
    passing = columns.filter_and_count(docs, filters, clusters)
    facets = {
        name: [(value.value, value.count) for value in values] for name, values in passing.facets.items()
    }
    assert facets == count_by_loop(chosen, filters, collapse=collapse)
    assert list(facets) == [*CELL_FACETS, *SETS, "has"]
    # The same rows pass with and without facets.
    rows = [row for row, doc in enumerate(chosen) if passes(doc, filters)]
    for filtered in (passing, columns.filter(docs, filters, clusters)):
        assert (list(range(len(docs))) if filtered.rows is None else filtered.rows.tolist()) == rows
        assert (filtered.rows is None) is (filters == Filters())
        assert (None if filtered.clustered is None else filtered.clustered.tolist()) == (
            clustered_rows(chosen, filters) if collapse else None
        )
    assert columns.filter(docs, filters, clusters).facets == {}


@pytest.mark.oracle
@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_facets_of_the_interpreted_core_agree_with_a_loop(
    reader: IndexReader, selection: range, *, collapse: bool
) -> None:
    counter = interpreted("index.search.compiled.facets").FacetCounter(FacetColumns(reader), reader.count)
    clusters = Clusters(reader).of.tolist()
    shared = [doc for doc in selection if clusters[doc] >= 0] if collapse else []
    members = np.array(sorted(clusters[doc] << 32 | doc for doc in shared), np.int64)
    docs = np.array(selection, np.int32)
    facets = counter.count(docs.data, len(docs), members.data, len(members))
    expected = count_by_loop([DOCS[number] for number in selection], Filters(), collapse=collapse)
    for name in SETS:  # counted by the caller
        del expected[name]
    assert {name: [(one.value, one.count) for one in values] for name, values in facets.items()} == expected


def clustered_rows(docs: list[Doc], filters: Filters) -> list[int]:
    """Return the rows that share a cluster with another one that has the same traits and categories."""
    narrowing = NO_FILTERS.choose(
        {one.name: filters.chosen(one) for one in declared.FILTERS if one.kind != "cell"}
    )
    rows = {row: doc.cluster for row, doc in enumerate(docs) if passes(doc, narrowing)}
    clusters = list(rows.values())
    return [row for row, cluster in rows.items() if clusters.count(cluster) > 1]


def test_corpus_covers_every_kind_of_document() -> None:
    assert {doc.published for doc in DOCS} == set(DAYS)
    assert {(doc.ministry, doc.language) for doc in DOCS} == {
        (m, lang) for m in MINISTRIES for lang in LANGUAGES
    }


def test_days_are_read_from_the_column(reader: IndexReader) -> None:
    days = [doc.published.toordinal() if doc.published else 0 for doc in DOCS]
    assert FacetColumns(reader).published.tolist() == days


def test_many_values_have_distinct_cells(tmp_path: Path) -> None:
    """More cells than fit in two bytes."""
    docs = [
        Doc(f"{n:04}", f"m{n:03}", f"l{n % 50:02}", date(1900 + n % 20, 1, 1), f"{n:04}", {})
        for n in range(100)
    ]
    filtered = FacetColumns(IndexReader(index_of(tmp_path, docs))).filter_and_count(
        np.arange(100), Filters(), None
    )
    assert {value.value: value.count for value in filtered.facets["ministry"]} == {
        f"m{n:03}": 1 for n in range(100)
    }
    assert [value.count for value in filtered.facets["year"]] == [5] * 20


@pytest.mark.parametrize(
    ("chosen", "more"),
    [((), ()), (("tēma 000",), ()), (("tēma 101", "tēma 102"), ("tēma 101", "tēma 102"))],
    ids=str,
)
def test_chosen_categories_are_listed_beyond_the_most_frequent(
    tmp_path: Path, chosen: tuple[str, ...], more: tuple[str, ...]
) -> None:
    names = [f"tēma {number:03}" for number in range(VALUES_MAX + 5)]
    docs = [Doc(name, "iem", "lv", None, name, {}, categories=(name,)) for name in names]
    columns = FacetColumns(IndexReader(index_of(tmp_path, docs)))
    filtered = columns.filter_and_count(np.arange(len(docs)), Filters(categories=chosen), None)
    listed = [value.value for value in filtered.facets["category"]]
    assert listed == [*names[:VALUES_MAX], *more]


# --- Days: histograms, and the coverage of institutions ---


NO_ROWS = np.array([], np.int64)


def first_day(day: date, interval: Interval) -> date:
    month = {"day": day.month, "month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[
        interval
    ]
    return day if interval == "day" else date(day.year, month, 1)


def last_day(day: date, interval: Interval) -> date:
    while first_day(day + timedelta(days=1), interval) == first_day(day, interval):
        day += timedelta(days=1)
    return day


def count_days(
    days: list[date | None], interval: AskedInterval, *, clusters: list[int] | None = None
) -> Histogram:
    """Return the histogram of *days*; documents with the same number in *clusters* share a cluster."""
    ordinals = np.array([day.toordinal() if day else 0 for day in days], np.int32)
    sizes = Counter(clusters)
    rows = [row for row, cluster in enumerate(clusters or ()) if sizes[cluster] > 1]
    of = np.array([clusters[row] for row in rows], np.int64) if clusters else NO_ROWS
    return histogram(ordinals, np.array(rows, np.int64), of, interval)


@pytest.mark.parametrize("interval", ["day", "month", "quarter", "year"])
@pytest.mark.parametrize("seed", range(5))
def test_cluster_counts_once_per_period(interval: Interval, seed: int) -> None:
    rng = random.Random(seed)
    days = [date(2019, 11, 20) + timedelta(days=rng.randrange(500)) for _ in range(60)]
    typed = [None if rng.random() < 0.2 else day for day in days]
    clusters = [rng.randrange(25) for _ in days]
    expected: dict[date, set[int]] = {}
    for day, cluster in zip(typed, clusters, strict=True):
        if day:
            expected.setdefault(first_day(day, interval), set()).add(cluster)
    counted = count_days(typed, interval, clusters=clusters)
    assert counted.interval == interval
    assert [(bar.first, bar.last, bar.count) for bar in counted.periods] == [
        (first, last_day(first, interval), len(found)) for first, found in sorted(expected.items())
    ]


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [
        (date(2020, 1, 15), date(2020, 1, 15), "day"),
        (date(2020, 1, 15), date(2020, 1, 15) + timedelta(days=BARS - 1), "day"),
        (date(2020, 1, 15), date(2020, 1, 15) + timedelta(days=BARS), "month"),
        (date(2020, 1, 31), date(2025, 2, 1), "month"),
        (date(2020, 1, 31), date(2025, 3, 1), "year"),
        (date(1900, 1, 1), date(2026, 1, 1), "year"),
    ],
)
def test_automatic_interval_is_the_shortest_with_few_bars(first: date, last: date, interval: str) -> None:
    counted = count_days([last, None, first], "auto")
    assert counted.interval == interval
    assert sum(bar.count for bar in counted.periods) == 2


@pytest.mark.parametrize(("asked", "interval"), [("auto", "month"), ("day", "day"), ("year", "year")])
def test_unknown_days_have_no_bars(asked: AskedInterval, interval: Interval) -> None:
    assert count_days([None, None], asked) == count_days([], asked) == Histogram(interval, ())


def test_coverage_names_the_oldest_and_newest_release_of_each_institution(tmp_path: Path) -> None:
    rng = random.Random(7)
    days = [None, date(2019, 5, 1), date(2020, 5, 1), date(2021, 5, 1)]
    docs = [
        Doc(
            f"{number:02}",
            rng.choice(("fm", "iem", "vm", "zm")),
            "lv",
            None if number % 3 else rng.choice(days),
            f"{number:02}",
            {},
        )
        for number in range(24)
    ]
    undated = [Doc(f"x{number}", name, "lv", None, f"x{number}", {}) for number, name in enumerate("aayyzz")]
    every = [*docs, *undated]
    columns = FacetColumns(IndexReader(index_of(tmp_path, every[:11], every[11:])))
    live = [number for number in range(len(every)) if number % 5]
    expected = []
    for name in sorted({every[number].ministry for number in live}):
        of = [number for number in live if every[number].ministry == name]
        dated = [number for number in of if every[number].published] or of[-1:]
        by_day = sorted(dated, key=lambda number: every[number].published or date.min)
        expected.append((name, len(of), by_day[0], by_day[-1]))
    assert list(columns.coverage(np.array(live, np.int64))) == expected


@pytest.mark.parametrize("name", SETS)
def test_an_index_without_the_column_of_a_set_has_none_of_its_values(name: str, tmp_path: Path) -> None:
    """As one that is served until `reindex` has built the next, with a filter that is new."""
    one = declared.BY_NAME[name]
    reader = IndexReader(index_of(tmp_path, DOCS[:13], without=one.column))
    docs, columns = np.arange(13, dtype=np.int32), FacetColumns(reader)
    assert columns.filter_and_count(docs, NO_FILTERS, None).facets[name] == ()
    chosen = NO_FILTERS.choose({name: (one.example,)})
    assert columns.filter(docs, chosen, None).rows.tolist() == []  # type: ignore[union-attr]  # there is a filter
    counted = columns.filter_and_count(docs, chosen, None)
    assert (counted.facets[name], counted.facets["year"]) == ((), ())


def test_sets_are_counted_only_if_a_document_has_a_value(reader: IndexReader, tmp_path: Path) -> None:
    assert FacetColumns(reader).has_sets
    bare = [replace(doc, categories=(), attachment_types=()) for doc in DOCS[:5]]
    columns = FacetColumns(IndexReader(index_of(tmp_path, bare)))
    assert not columns.has_sets
    assert (
        columns.count_sets(np.arange(5, dtype=np.int32), None) == columns.no_sets == dict.fromkeys(SETS, ())
    )
