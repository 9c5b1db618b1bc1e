"""What the parameters of corrections mean for the file of edits."""

import pytest

from searcher.corrections.correction_params import CorrectionListParams


@pytest.mark.parametrize(
    ("days", "matching"),
    [
        ("0", [-3, 0]),
        ("0-7", [-3, 0, 1, 7]),
        ("0-", [-3, 0, 1, 7, 8]),
        ("1-7", [1, 7]),
        ("8-", [8]),
        ("", [-3, 0, 1, 7, 8]),
    ],
)
def test_an_edit_before_the_stated_day_is_one_of_that_day(days: str, matching: list[int]) -> None:
    wanted = CorrectionListParams(days=days).wanted
    least = -1_000 if wanted.days_from is None else wanted.days_from
    most = 1_000 if wanted.days_to is None else wanted.days_to
    assert [number for number in (-3, 0, 1, 7, 8) if least <= number <= most] == matching
