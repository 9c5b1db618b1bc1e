from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.query import TRAITS, Filters, Trait
from index.search import IndexReader
from index.search.collapse import Clusters
from index.search.facets import FacetColumns
from tests.support.corpora import index_of
from tests.support.oracle import Doc, count_values, passes, year

MINISTRIES, LANGUAGES = ("fm", "iem", "vm"), ("en", "lv", "ru")
DAYS = (
    None, date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2021, 6, 1),
)  # fmt: skip


CATEGORY_SETS = ((), ("NATO",), ("Jaunumi", "NATO"), ("Mācības",))
TRAIT_SETS: tuple[tuple[Trait, ...], ...] = ((), ("attachment",), ("edited", "gone"), TRAITS)


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
    )


DOCS = [document(number) for number in range(40)]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    return IndexReader(index_of(tmp_path_factory.mktemp("index"), DOCS[:13], DOCS[13:]))


FILTERS = [
    Filters(),
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
    Filters(ministries=("fm", "iem"), languages=("lv",), published_from=DAYS[1], published_to=DAYS[4]),
]  # fmt: skip
SELECTIONS = [range(40), range(0, 40, 3), range(5, 21), range(39, 40), range(0)]


def count_by_loop(docs: list[Doc], filters: Filters, *, collapse: bool) -> dict[str, list[tuple[str, int]]]:
    """Return the count of each value, by descending count, then by name."""
    values = {"ministry": lambda d: d.ministry, "language": lambda d: d.language, "year": year}
    facets: dict[str, list[tuple[str, int]]] = {}
    for field, value in values.items():
        seen = defaultdict(set)
        for doc in docs:
            if passes(doc, filters, without=field) and value(doc):
                seen[value(doc)].add(doc.cluster if collapse else doc.id)
        facets[field] = sorted(
            ((name, len(ids)) for name, ids in seen.items()), key=lambda pair: (-pair[1], pair[0])
        )
    in_any_category = [doc for doc in docs if passes(doc, filters, without="category")]
    categories = count_values(in_any_category, "categories", collapse=collapse)
    facets["category"] = sorted(categories.items(), key=lambda pair: (-pair[1], pair[0]))
    passing = [doc for doc in docs if passes(doc, filters)]
    traits = count_values(passing, "traits", collapse=collapse)
    facets["has"] = sorted(traits.items(), key=lambda pair: (-pair[1], pair[0]))
    return facets


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
    assert list(facets) == ["ministry", "language", "year", "category", "has"]
    # The same rows pass with and without facets.
    rows = [row for row, doc in enumerate(chosen) if passes(doc, filters)]
    for filtered in (passing, columns.filter(docs, filters, clusters)):
        assert (list(range(len(docs))) if filtered.rows is None else filtered.rows.tolist()) == rows
        assert (filtered.rows is None) is (filters == Filters())
        assert (None if filtered.clustered is None else filtered.clustered.tolist()) == (
            clustered_rows(chosen, filters) if collapse else None
        )
    assert columns.filter(docs, filters, clusters).facets == {}


def clustered_rows(docs: list[Doc], filters: Filters) -> list[int]:
    """Return the rows that share a cluster with another one that has the same traits and categories."""
    narrowing = Filters(traits=filters.traits, categories=filters.categories)
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
