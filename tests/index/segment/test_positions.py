import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.segment.positions import SUM_BITS, count_positions_before, restore_holes
from index.writer.run_merger import remove_holes

# Positions 10 to 19 and 30 to 39 are unused.
HOLES = [[20, 10], [40, 10]]
USED = np.array([*range(10), *range(20, 30), *range(40, 50)])


def test_holes_are_removed_and_restored() -> None:
    assert remove_holes(USED, HOLES).tolist() == list(range(30))
    assert restore_holes(np.arange(30), HOLES).tolist() == USED.tolist()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=300))
def test_positions_before_a_posting_are_counted_by_sums(counts: list[int]) -> None:
    sums = np.cumsum([0, *counts])[:: 1 << SUM_BITS]
    rows = np.arange(len(counts))
    assert (
        count_positions_before(np.array(counts), sums, rows).tolist() == np.cumsum([0, *counts[:-1]]).tolist()
    )
