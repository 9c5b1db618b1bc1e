"""Any query matches, counts, scores and orders like brute force."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.query import Query
from index.search import Searcher
from index.search.ranking import recency
from index.segment.doc_sets import DocSets
from tests.support.comparison import WORLDS, by_number, check, check_world
from tests.support.corpora import (
    a_little_at_a_time,
    corpora,
    index_of,
    queries,
    words_together,
    write,
)
from tests.support.dense_search import DenseSearcher
from tests.support.oracle import Doc

pytestmark = pytest.mark.oracle

each_searcher = pytest.mark.parametrize("of", [Searcher, DenseSearcher])
thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(docs=corpora(), query=queries, cut=st.integers(0, 8), collapse=st.booleans())
def test_any_query_is_answered_like_brute_force(
    docs: list[Doc], query: Query, cut: int, collapse: bool
) -> None:
    with TemporaryDirectory() as folder:
        ix = index_of(Path(folder), docs[:cut], docs[cut:])
        check(Searcher(ix, recency=recency), docs, query, collapse=collapse)


@each_searcher
@thorough
@given(
    docs=corpora(most=32),
    query=words_together,
    collapse=st.booleans(),
    most=st.sampled_from((0.0, 0.2, 2.0)),
)
def test_proximity_boost_is_exact(
    of: type[Searcher], docs: list[Doc], query: Query, collapse: bool, most: float
) -> None:
    with TemporaryDirectory() as folder:
        searcher = of(index_of(Path(folder), docs), recency=recency, proximity=most)
        check(searcher, docs, query, collapse=collapse, most=most)


@thorough
@given(
    docs=corpora(),
    later=corpora(),
    query=queries,
    deleted=st.sets(st.integers(0, 7)),
    commit=st.sampled_from(({"merge": False}, {"optimize": True}, {})),
    written=st.sampled_from((nullcontext, a_little_at_a_time)),
)
def test_deletions_updates_and_merges_change_no_result(
    docs: list[Doc],
    later: list[Doc],
    query: Query,
    *,
    deleted: set[int],
    commit: dict[str, bool],
    written: Callable[[], AbstractContextManager[None]],
) -> None:
    with TemporaryDirectory() as folder, written():
        ix = index_of(Path(folder), docs)
        writer = ix.writer()
        write(writer, later)
        gone = {doc.id for number, doc in enumerate(docs) if number in deleted}
        for name in gone:
            writer.delete_unique("id", name.encode())
        writer.commit(**commit)
        kept = {doc.id: doc for doc in (*docs, *later) if doc.id not in gone}
        if kept:
            check(Searcher(ix, recency=recency), list(kept.values()), query, collapse=True)


@thorough
@given(docs=corpora(), later=corpora(), query=queries)
def test_a_list_of_all_hits_has_the_order_of_the_pages(
    docs: list[Doc], later: list[Doc], query: Query
) -> None:
    with TemporaryDirectory() as folder:
        # Releases of the same ids as earlier ones replace these, so documents are not in the order of ids.
        searcher = Searcher(index_of(Path(folder), docs, later[::-1]), recency=recency, proximity=0.2)
        pages = [doc for top in by_number(searcher, query, collapse=True) for doc in top.docs]
        assert searcher.list_all(query).read() == pages


@thorough
@given(docs=corpora(), query=queries)
def test_tables_of_frequencies_give_exact_results(docs: list[Doc], query: Query) -> None:
    with TemporaryDirectory() as folder:
        searcher = DenseSearcher(index_of(Path(folder), docs), recency=recency)
        searcher.reader.sets._search_cost = 0
        check(searcher, docs, query, collapse=True)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_settled_clauses_of_updated_indexes_are_answered_like_brute_force(tmp_path: Path, seed: int) -> None:
    check_world(tmp_path, seed, DenseSearcher)


@given(
    one=st.sets(st.integers(0, 300)),
    other=st.sets(st.integers(0, 300)),
    search_cost=st.sampled_from((0, 1, 1000)),
)
def test_doc_sets_agree_with_python_sets(one: set[int], other: set[int], search_cost: int) -> None:
    sets = DocSets(301)
    sets._search_cost = search_cost
    ours, theirs = (np.array(sorted(numbers), np.int64) for numbers in (one, other))
    here, there = sets.intersect(ours, theirs)
    assert ours[here].tolist() == theirs[there].tolist() == sorted(one & other)
    assert sets.union([ours, theirs]).tolist() == sorted(one | other)
    assert sets.distinct(np.concatenate((ours, theirs))).tolist() == sorted(one | other)
