from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from index.codec import ArrayIndex
from index.query import AllOf, AnyOf, Everything, Filters, MostOf, Not
from index.search import Searcher
from index.search.ranking import recency
from tests.support.corpora import index_of
from tests.support.dense_search import DenseSearcher
from tests.support.school_budget import BUDGET, SCHOOL, document, names, query
from tests.support.updated_index import KEPT, updated


def test_cluster_is_collapsed_to_its_best_document(ix: ArrayIndex) -> None:
    searcher = Searcher(ix, proximity=0.5)
    top = searcher.search(query(BUDGET, SCHOOL))
    assert (names(searcher, top.docs), names(searcher, top.folded[0]), top.total) == (["b"], ["a"], 1)
    assert searcher.search(query(BUDGET, SCHOOL), collapse=False).total == 2


def test_newer_of_equal_documents_comes_first(tmp_path: Path) -> None:
    days = {"older": date(2019, 1, 1), "newer": date(2020, 1, 1), "undated": None}
    searcher = Searcher(index_of(tmp_path, [document(name, 0, day=day) for name, day in days.items()]))
    assert names(searcher, searcher.search(query(BUDGET)).docs) == ["newer", "older", "undated"]


def test_excluded_document_is_not_found(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    excluded = searcher.find("c")
    assert excluded is not None
    top = searcher.search(query(SCHOOL), excluded=(excluded,))
    assert excluded not in top.docs
    assert top.total == searcher.search(query(SCHOOL)).total - 1


@pytest.mark.parametrize("of", [Searcher, DenseSearcher])
def test_deleted_documents_change_no_rank_and_no_score(tmp_path: Path, of: type[Searcher]) -> None:
    """Those deleted are the longest and the newest, and have a word that is rare without them."""
    ours, theirs = (
        of(ix, recency=recency, proximity=0.2)
        for ix in (updated(tmp_path / "updated"), index_of(tmp_path / "whole", KEPT))
    )
    for clause in (BUDGET, AllOf((BUDGET, SCHOOL)), AnyOf((BUDGET, SCHOOL)), MostOf((BUDGET, SCHOOL))):
        asked = replace(query(), clause=clause)
        found, right = ours.search(asked), theirs.search(asked)
        assert (names(ours, found.docs), found.total) == (names(theirs, right.docs), right.total)
        assert found.scores == pytest.approx(right.scores, rel=1e-12)
        assert found.facets == right.facets


@pytest.mark.parametrize("of", [Searcher, DenseSearcher])
def test_repeated_search_for_a_common_word_is_answered_as_asked(tmp_path: Path, of: type[Searcher]) -> None:
    """The answers of common words are kept: collapsed or not, of some length, without filters."""
    days = [date(2020, 1, 1), date(2020, 1, 2), None]
    docs = [
        document(f"{number:03}", 0, day=days[number % 3], cluster=f"{number // 2 * 2:03}")
        for number in range(600)
    ]
    searcher = of(index_of(tmp_path, docs))
    filters = Filters(published_to=date(2020, 1, 1))
    for _ in range(2):
        for collapse, total in ((True, 300), (False, 600)):
            for per_page in (1, 5):
                asked = query(BUDGET, per_page=per_page)
                for clause in (BUDGET, asked.clause):
                    top = searcher.search(replace(asked, clause=clause), collapse=collapse)
                    assert (len(top.docs), top.total) == (per_page, total)
                    assert sum(map(len, top.folded)) == (per_page if collapse else 0)
                    of_days = searcher.search(
                        replace(asked, clause=clause, filters=filters), collapse=collapse
                    )
                    assert of_days.total == 200


def test_releases_without_a_day_pass_no_filter_of_days(tmp_path: Path) -> None:
    days = {"old": date(1, 1, 1), "dated": date(2020, 1, 1), "undated": None}
    searcher = Searcher(index_of(tmp_path, [document(name, 0, day=day) for name, day in days.items()]))
    for first, last in ((None, date.max), (date.min, None), (date.min, date.max)):
        filters = Filters(published_from=first, published_to=last)
        for clause in (BUDGET, Not(SCHOOL), Everything()):
            top = searcher.search(replace(query(), clause=clause, filters=filters))
            assert {*names(searcher, top.docs)} == {"old", "dated"}
            assert searcher.count(clause, filters) == 2


def test_document_is_found_by_id_with_its_day(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    docs = [searcher.find(name) for name in ("c", "old")]
    assert [searcher.published(doc) for doc in docs if doc is not None] == [date(2021, 1, 1), None]
    assert searcher.find("nowhere") is None
