import numpy as np

from index.segment.positions import restore_holes
from index.writer.run_merger import remove_holes

# Positions 10 to 19 and 30 to 39 are unused.
HOLES = [[20, 10], [40, 10]]
USED = np.array([*range(10), *range(20, 30), *range(40, 50)])


def test_holes_are_removed_and_restored() -> None:
    assert remove_holes(USED, HOLES).tolist() == list(range(30))
    assert restore_holes(np.arange(30), HOLES).tolist() == USED.tolist()
