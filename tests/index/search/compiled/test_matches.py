"""The documents that match, while a query is answered, compiled and interpreted."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]
# Lists of a block and of several; documents near one another, and farther apart than a table is long.
docs_of_lists = st.one_of(
    st.sets(st.integers(0, 40)),
    st.builds(range, st.integers(0, 30), st.integers(0, 900), st.integers(1, 3)),
    st.sets(st.integers(0, 90_000)),
    st.builds(
        lambda some, step: {step * one for one in some}, st.sets(st.integers(0, 700)), st.integers(1, 99)
    ),
).map(sorted)


def decoded(load: Load, docs: Sequence[int]) -> Any:
    return load("index.search.compiled.posting_lists").list_of_docs(np.array(docs, np.int64))


def matches_of(load: Load, docs: Sequence[int]) -> Any:
    return load("index.search.compiled.matches").Matches(decoded(load, docs))


@each_form
def test_they_begin_as_the_documents_of_a_list(load: Load) -> None:
    matches = matches_of(load, [2, 3, 70_000])
    assert (matches.array().dtype, matches.array().tolist()) == (np.int64, [2, 3, 70_000])
    assert (matches.score_array().dtype, len(matches.score_array())) == (np.float64, 3)
    assert matches_of(load, []).array().tolist() == matches_of(load, []).score_array().tolist() == []


@each_form
def test_a_list_of_them_does_not_change_with_them(load: Load) -> None:
    matches = matches_of(load, [2, 3, 5])
    kept = load("index.search.compiled.matches").Matches(matches.list())
    matches.drop({2})
    assert (kept.array().tolist(), matches.array().tolist()) == ([2, 3, 5], [3, 5])
    assert matches.list().count == 2


@each_form
@settings(deadline=None)
@given(docs=docs_of_lists, others=docs_of_lists)
@example(docs=range(256), others=[0, 255, 256])
@example(docs=range(257), others=[0, 255, 256])
@example(docs=[0, (1 << 14) - 1], others=range(1 << 14))
@example(docs=[0, 1 << 14], others=range(0, 1 << 15, 2))
@example(docs=range(0, 257 * 16, 16), others=range(1, 257 * 16))
@example(docs=[5], others=[])
@example(docs=[], others=[5])
@example(docs=range(600), others=range(300, 900))
def test_those_of_another_list_are_kept(load: Load, docs: Sequence[int], others: Sequence[int]) -> None:
    matches = matches_of(load, docs)
    matches.intersect(decoded(load, others))
    assert matches.array().tolist() == sorted({*docs} & {*others})
    matches.intersect(decoded(load, docs))
    assert matches.count == len({*docs} & {*others})


@each_form
def test_rows_are_kept(load: Load) -> None:
    matches = matches_of(load, [3, 5, 8, 13])
    matches.keep(np.array([0, 2, 3]).data)
    assert matches.array().tolist() == [3, 8, 13]
    matches.keep(np.zeros(0, np.int64).data)
    assert matches.array().tolist() == []


@each_form
@pytest.mark.parametrize(
    ("first", "last", "kept"),
    [(10, 12, [0, 2, 4]), (11, 11, [2]), (1, 9, []), (0, 12, [0, 2, 3, 4]), (13, 99, []), (12, 10, [])],
)
def test_documents_of_some_days_are_kept(load: Load, first: int, last: int, kept: list[int]) -> None:
    matches = matches_of(load, [0, 2, 3, 4])
    matches.keep_between(np.array([10, 11, 11, 0, 12], np.int32).data, first, last)
    assert matches.array().tolist() == kept


@each_form
def test_excluded_documents_are_dropped(load: Load) -> None:
    matches = matches_of(load, [1, 2, 70_000, 70_001])
    matches.drop({2, 3, 70_001})
    assert matches.array().tolist() == [1, 70_000]
    matches.drop(set())
    assert matches.array().tolist() == [1, 70_000]
    matches.drop({1, 70_000})
    assert matches.count == 0


@each_form
@settings(deadline=None)
@given(data=st.data(), clusters=st.lists(st.sampled_from([-1, 0, 0, 1, 2, 2**31 - 1]), max_size=30))
@example(data=None, clusters=[2, 0, 2, -1, 0, 2, 1])
def test_members_are_those_of_clusters_with_several(load: Load, data: Any, clusters: list[int]) -> None:
    every = range(len(clusters))
    docs = sorted(data.draw(st.sets(st.sampled_from(every)))) if data and clusters else [*every]
    matches, column = matches_of(load, docs), np.array(clusters, np.int64).data
    matches.group(column)
    members = {doc: [o for o in docs if clusters[o] == clusters[doc]] for doc in docs if clusters[doc] >= 0}
    shared = {doc: of for doc, of in members.items() if len(of) > 1}
    assert matches.member_count == len(shared)
    assert matches.repeats == len(shared) - len({tuple(of) for of in shared.values()})
    for doc, of in members.items():
        assert matches.folded(clusters[doc], doc) == tuple(other for other in of if other != doc)
    assert matches.folded(3, 0) == ()


@each_form
def test_members_are_those_of_the_documents_left(load: Load) -> None:
    matches, clusters = matches_of(load, range(5)), np.array([1, 1, 0, 1, 0], np.int64)
    matches.group(clusters.data)
    assert (matches.member_count, matches.repeats) == (5, 3)
    matches.drop({1, 2})
    matches.group(clusters.data)
    assert (matches.member_count, matches.repeats) == (2, 1)
    assert matches.folded(1, 0) == (3,)
    matches.drop({0})
    matches.group(clusters.data)
    assert (matches.member_count, matches.repeats, matches.folded(1, 3)) == (0, 0, ())
