from itertools import pairwise

from index.layout import LAYOUT, PART_RANGE

WIDEST_SLOP = 99


def test_no_phrase_runs_from_one_part_into_the_next() -> None:
    for before, after in pairwise(LAYOUT.values()):
        assert before.base + before.room + WIDEST_SLOP <= after.base


def test_the_ranges_of_parts_are_adjacent() -> None:
    assert [start for start, _ in PART_RANGE.values()] == [layout.base for layout in LAYOUT.values()]
    assert all(before[1] == after[0] for before, after in pairwise(PART_RANGE.values()))
