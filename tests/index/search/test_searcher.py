from datetime import date
from pathlib import Path

from index.codec import ArrayIndex
from index.search import Searcher
from tests.support.corpora import index_of
from tests.support.school_budget import BUDGET, SCHOOL, document, names, query


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


def test_document_is_found_by_id_with_its_day(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    docs = [searcher.find(name) for name in ("c", "old")]
    assert [searcher.published(doc) for doc in docs if doc is not None] == [date(2021, 1, 1), None]
    assert searcher.find("nowhere") is None
