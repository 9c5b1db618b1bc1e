from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.segment.doc_sets import NONE, SEARCH_COST, DocSets, find_any

COUNT = 40
docs = st.sets(st.integers(0, COUNT - 1)).map(sorted)


def array(numbers: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(numbers, np.int64)


@pytest.mark.parametrize("cost", [0, 12], ids=["binary search", "table"])
@given(ours=docs, theirs=docs)
def test_operations_agree_with_python_sets(cost: int, ours: list[int], theirs: list[int]) -> None:
    sets = DocSets(COUNT)
    sets._search_cost = cost
    both = sorted({*ours} & {*theirs})
    rows, others = sets.intersect(array(ours), array(theirs))
    assert [ours[row] for row in rows] == [theirs[row] for row in others] == both
    assert sets.union([array(ours), array(theirs)]).tolist() == sorted({*ours, *theirs})
    assert sets.distinct(array([*theirs, *ours])).tolist() == sorted({*ours, *theirs})


def test_union_of_nothing_is_empty() -> None:
    assert DocSets(COUNT).union([]).tolist() == []


@pytest.mark.parametrize("cost", [1, 12])
@settings(max_examples=40)
@given(asked=st.lists(st.lists(docs, max_size=4), max_size=6))
def test_operations_leave_nothing_behind(cost: int, asked: list[list[list[int]]]) -> None:
    sets = DocSets(COUNT)
    sets._search_cost = cost
    for lists in asked:
        arrays = [array(numbers) for numbers in lists]
        assert sets.union(arrays).tolist() == sorted({*chain.from_iterable(lists)})
        backwards = array([number for numbers in lists for number in numbers[::-1]])
        assert sets.distinct(backwards).tolist() == sorted({*backwards.tolist()})
        for ours, theirs in pairwise(lists):
            shuffled = array(ours[1::2] + ours[::2])
            found, rows = sets.rows_of(shuffled, array(theirs))
            assert [shuffled[at] for at in found] == [theirs[row] for row in rows]
            assert {*shuffled[found].tolist()} == {*ours} & {*theirs}


def test_a_list_that_has_all_is_the_union_itself() -> None:
    sets, whole = DocSets(COUNT), array([1, 2, 3, 30])
    for cost in (0, 12):
        sets._search_cost = cost
        assert sets.union([whole]) is sets.union([whole, whole]) is whole
        assert sets.union([array([]), whole]) is whole
    sets._search_cost = 0
    assert sets.union([array([2]), whole, array([1, 30])]) is whole
    rows, others = sets.intersect(whole, whole)
    assert rows is others
    assert rows.tolist() == [0, 1, 2, 3]
    assert sets.intersect(array([]), whole)[0] is NONE
    assert sets.rows_of(whole, array([]))[0] is NONE
    assert sets.distinct(array([])) is NONE


@pytest.mark.parametrize(
    ("count", "among", "is_large"), [(1, 12, True), (1, 13, False), (2, 24, True), (0, 0, True)]
)
def test_a_table_is_worth_its_cost_for_many(count: int, among: int, *, is_large: bool) -> None:
    assert DocSets(COUNT).is_large(np.arange(count), np.arange(among)) is is_large
    assert SEARCH_COST == 12


def test_each_thread_has_tables_of_its_own() -> None:
    sets = DocSets(COUNT)
    sets._search_cost = 12
    sets.union([array([1, 2]), array([3])])
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(sets.union, [array([5]), array([7])]).result().tolist() == [5, 7]
        assert pool.submit(sets.rows_of, array([5]), array([4, 5])).result()[1].tolist() == [1]


@given(
    wanted=st.sets(st.sampled_from([0, 1, 2, 4095, 4096, 4097, 8192, 1 << 20])).map(sorted),
    numbers=st.lists(st.sampled_from([0, 1, 3, 4095, 4096, 8191, 8192, 12_288, 1 << 20, (1 << 20) + 1])),
)
def test_numbers_of_a_few_are_found_though_low_bits_agree(wanted: list[int], numbers: list[int]) -> None:
    found = find_any(wanted, array(numbers)).tolist()
    assert found == [at for at, number in enumerate(numbers) if number in wanted]
