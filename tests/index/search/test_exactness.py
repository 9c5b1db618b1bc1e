"""Any query matches, counts, scores and orders like brute force."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from index.query import Filters, Query, Word
from index.search import Searcher
from index.search.ranking import recency
from index.segment.doc_sets import DocSets
from tests.support.comparison import WORLDS, by_number, check, check_world
from tests.support.corpora import (
    a_little_at_a_time,
    corpora,
    index_of,
    queries,
    query_words,
    words_together,
    write,
)
from tests.support.oracle import Doc

pytestmark = pytest.mark.oracle

thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(docs=corpora(), query=queries, cut=st.integers(0, 8), collapse=st.booleans())
def test_any_query_is_answered_like_brute_force(
    docs: list[Doc], query: Query, cut: int, collapse: bool
) -> None:
    with TemporaryDirectory() as folder:
        ix = index_of(Path(folder), docs[:cut], docs[cut:])
        check(Searcher(ix, recency=recency), docs, query, collapse=collapse)


@thorough
@given(
    docs=corpora(most=32),
    query=words_together,
    collapse=st.booleans(),
    most=st.sampled_from((0.0, 0.2, 2.0)),
)
def test_proximity_boost_is_exact_with_candidate_selection(
    docs: list[Doc], query: Query, collapse: bool, most: float
) -> None:
    with TemporaryDirectory() as folder:
        searcher = Searcher(index_of(Path(folder), docs), recency=recency, proximity=most, compiled=False)
        searcher.core.score_all = 0
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
def test_tables_and_rough_scores_give_exact_results(docs: list[Doc], query: Query) -> None:
    with TemporaryDirectory() as folder:
        searcher = Searcher(index_of(Path(folder), docs), recency=recency, compiled=False)
        searcher.reader.sets._search_cost = searcher.core.score_all = 0
        check(searcher, docs, query, collapse=True)


@thorough
@given(
    docs=corpora(most=32),
    query=queries,
    words=st.lists(query_words, min_size=2, max_size=2),
    head=st.sampled_from((1, 3, 100)),
    collapse=st.booleans(),
)
def test_what_is_kept_of_common_words_is_exact(
    docs: list[Doc], query: Query, words: list[Word], head: int, *, collapse: bool
) -> None:
    with TemporaryDirectory() as folder:
        searcher = Searcher(index_of(Path(folder), docs), recency=recency, compiled=False)
        searcher.core.score_all, searcher.core.head = 0, head
        for word in words:
            check(searcher, docs, replace(query, clause=word, filters=Filters()), collapse=collapse)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_settled_clauses_of_updated_indexes_are_answered_like_brute_force(tmp_path: Path, seed: int) -> None:
    check_world(tmp_path, seed, compiled=False)


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
    assert sets.without(ours, theirs).tolist() == sorted(one - other)
