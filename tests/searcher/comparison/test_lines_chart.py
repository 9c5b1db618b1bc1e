import pytest

from searcher.comparison.comparison_params import LINES_MAX
from searcher.comparison.lines_chart import _COLOURS, _DASHES, _SHAPES, _spread, _ticks

PAPERS = ("#ffffff", "#15171b")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("colour", _COLOURS)
def test_lines_have_a_contrast_of_three_to_one_on_both_papers(colour: str, paper: str) -> None:
    darker, lighter = sorted((luminance(colour), luminance(paper)))
    assert (lighter + 0.05) / (darker + 0.05) >= 3


@pytest.mark.parametrize("styles", [_COLOURS, _DASHES, _SHAPES])
def test_lines_differ_by_dashes_and_shapes_too(styles: tuple[str, ...]) -> None:
    assert len({*styles}) == LINES_MAX


@pytest.mark.parametrize(
    ("most", "whole", "ticks"),
    [
        (0, True, [0, 1]),
        (3, True, [0, 1, 2, 3]),
        (7, True, [0, 2, 4, 6, 8]),
        (18, True, [0, 5, 10, 15, 20]),
        (4100, True, [0, 2000, 4000, 6000]),
        (0.034, False, [0, 0.01, 0.02, 0.03, 0.04]),
        (1.0, False, [0, 0.5, 1.0]),
    ],
)
def test_the_grid_has_round_values_up_to_the_highest_point(
    most: float, whole: bool, ticks: list[float]
) -> None:
    assert _ticks(most, whole=whole) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("heights", "placed"),
    [
        ([], []),
        ([10, 50], [10, 50]),
        ([50, 49, 90], [56, 49, 90]),
        ([100, 100, 100], [86, 93, 100]),
    ],
)
def test_labels_are_moved_apart_within_the_chart(heights: list[float], placed: list[float]) -> None:
    assert _spread(heights) == placed
