from pathlib import Path

import numpy as np

from index.segment import ArrayFile, ArrayWriter
from index.segment.positions import PositionCountsWriter, restore_holes
from index.writer.run_merger import remove_holes

# Positions 10 to 19 and 30 to 39 are unused.
HOLES = [[20, 10], [40, 10]]
USED = np.array([*range(10), *range(20, 30), *range(40, 50)])


def test_holes_are_removed_and_restored() -> None:
    assert remove_holes(USED, HOLES).tolist() == list(range(30))
    assert restore_holes(np.arange(30), HOLES).tolist() == USED.tolist()


def test_a_term_has_the_place_of_its_positions(tmp_path: Path) -> None:
    path = tmp_path / "counts"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = PositionCountsWriter(out, "f")
        writer.add(np.array([1, 2, 5]), np.array([2, 1]))
        writer.add(np.array([4]), np.array([1]))
        writer.write()
        out.close()
    arrays = ArrayFile(path)
    assert arrays["f/position_starts"].tolist() == [0, 3, 8]
    assert arrays["f/counts_others"].tolist() == [5, 4]
