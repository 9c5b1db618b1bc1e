import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment.doc_sets import DocSets

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
