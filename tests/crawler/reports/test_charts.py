import pytest

from crawler.reports.charts import HEIGHT, WIDTH, columns_of, sparkline
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
