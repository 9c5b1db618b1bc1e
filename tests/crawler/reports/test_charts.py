import pytest

from crawler.reports.charts import HEIGHT, STEP, WIDTH, ChartPart, columns_of, sparkline
from crawler.reports.history import TrendPoint


def point(*counts: int, run: int = 1) -> TrendPoint:
    return TrendPoint(run=run, day="2026-03-01 05:00", counts=counts)


def test_last_crawl_is_at_the_right_edge_and_says_what_it_is() -> None:
    first, last = columns_of([point(2, 0, 0, 0, run=7), point(4, 0, 0, 1, run=8)])
    assert first.x < last.x < WIDTH
    assert last.label == "Crawl 8, 2026-03-01 05:00: 4 new, 1 failed"


def test_parts_are_stacked_within_the_height() -> None:
    [column] = columns_of([point(3, 1, 0, 4)])
    assert [part.outcome for part in column.parts] == ["new", "changed", "failed"]
    assert sum(part.height for part in column.parts) == pytest.approx(HEIGHT)
    assert min(part.y for part in column.parts) == pytest.approx(0)


def test_first_crawl_of_an_archive_hides_no_later_one() -> None:
    archive, *later = columns_of([point(9000, 0, 0, 0), point(2, 0, 0, 0), point(4, 0, 0, 0)])
    assert archive.parts[0].height == HEIGHT
    assert [column.parts[0].height for column in later] == [HEIGHT / 4, HEIGHT / 2]


def test_crawl_without_changes_has_an_empty_column() -> None:
    [column] = columns_of([point(0, 0, 0, 0)])
    assert (column.parts, column.label.endswith("nothing new")) == ((), True)


@pytest.mark.parametrize(
    ("counts", "line"), [([], ""), ([0, 0], "··"), ([5], "█"), ([0, 1, 4, 8], "·▁▄█"), ([9000, 1, 2], "█▂▄")]
)
def test_sparkline(counts: list[int], line: str) -> None:
    assert sparkline(counts) == line


def test_a_column_has_its_place_and_parts() -> None:
    assert (HEIGHT, STEP, WIDTH) == (28, 5, 150)
    first, second = columns_of([point(1, 0, 2, 1, run=7), point(2, 2, 0, 0, run=8)])
    assert (first.x, second.x) == (140, 145)
    assert second.parts == (
        ChartPart(outcome="new", y=14.0, height=14.0),
        ChartPart(outcome="changed", y=0.0, height=14.0),
    )
    assert [(part.outcome, part.y, part.height) for part in first.parts] == [
        ("new", 21.0, 7.0),
        ("gone", 7.0, 14.0),
        ("failed", 0.0, 7.0),
    ]
    assert first.label == "Crawl 7, 2026-03-01 05:00: 1 new, 2 gone, 1 failed"
    assert columns_of([]) == ()


def test_a_small_part_is_still_seen_and_none_leaves_the_chart() -> None:
    [_, column] = columns_of([point(1000, 0, 0, 0), point(1, 998, 0, 1)])
    assert [part.height for part in column.parts] == [1.5, 25.0, 1.5]
    assert column.parts[-1].y == 0.0


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ([8, 8], "██"),
        ([16, 8], "█▄"),
        ([17, 8], "█▄"),
        ([3, 3, 0], "██·"),
        ([1, 8], "▄█"),
        ([1, 9, 8], "▁██"),
        ([2, 9, 7], "▂█▇"),
    ],
)
def test_a_line_is_scaled_by_its_highest_bars(counts: list[int], line: str) -> None:
    assert sparkline(counts) == line
