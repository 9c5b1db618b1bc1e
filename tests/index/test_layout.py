from itertools import pairwise

import numpy as np
import pytest

from index.layout import LAYOUT, PART_RANGE, part_at
from index.writer.run_merger import HOLE_BITS, holes_between, remove_holes

WIDEST_SLOP = 99


def test_no_phrase_runs_from_one_part_into_the_next() -> None:
    for before, after in pairwise(LAYOUT.values()):
        assert before.base + before.room + WIDEST_SLOP <= after.base


def test_the_ranges_of_parts_are_adjacent() -> None:
    assert [start for start, _ in PART_RANGE.values()] == [layout.base for layout in LAYOUT.values()]
    assert all(before[1] == after[0] for before, after in pairwise(PART_RANGE.values()))


def test_parts_stay_apart_without_the_holes_between_them() -> None:
    unit = 1 << HOLE_BITS
    for before, after in pairwise(LAYOUT.values()):
        end = before.base + before.room
        for last in {end - 1, *range(unit - 1, end, unit)}:
            holes = holes_between(sorted({position >> HOLE_BITS for position in (0, last, after.base)}))
            left, right = remove_holes(np.array([last, after.base]), holes).tolist()
            assert right - left > 1


@pytest.mark.parametrize(
    ("position", "part"),
    [
        (0, "title"),
        (999, "title"),
        (1_000, "lead"),
        (2_849, "lead"),
        (2_850, "date"),
        (3_000, "body"),
        (999_999, "body"),
        (1_000_000, "attachment"),
        ((1 << 40) - 1, "attachment"),
    ],
)
def test_a_position_is_in_one_part(position: int, part: str) -> None:
    assert part_at(position) == part
