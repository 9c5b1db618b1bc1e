"""A selection of the accidents and the true changes; `make accidents` tries any number."""

from pathlib import Path

import pytest

from tests.accidents.case import ACCIDENTS, selection
from tests.accidents.runs import judge
from tests.accidents.truths import TRUTHS

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

# Sites of one part are crawled together; each kind is once in a part.
PARTS = range(3)


def wrong(kinds: tuple[str, ...], part: int, folder: Path) -> dict[str, list[str]]:
    judged = judge(selection(1, start=part, kinds=kinds), folder)
    return {
        str(one.case): [f"day {found.day}: {found.what}: {found.detail}" for found in one.wrong]
        for one in judged
        if one.wrong
    }


@pytest.mark.parametrize("part", PARTS)
def test_each_release_has_its_own_text_or_none_whatever_its_site_shows_for_days(
    part: int, tmp_path: Path
) -> None:
    kinds = tuple(ACCIDENTS)[part :: len(PARTS)]
    assert wrong(kinds, part, tmp_path) == {}


@pytest.mark.parametrize("part", PARTS)
def test_true_edits_removals_and_moves_are_taken_by_the_third_day(part: int, tmp_path: Path) -> None:
    assert wrong(tuple(TRUTHS), part, tmp_path) == {}
