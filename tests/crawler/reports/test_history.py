import json
from pathlib import Path

from crawler.reports.history import RUNS_SHOWN, TREND, TrendPoint, last_report, read_trends


def write(folder: Path, run: int, **outcomes: int) -> None:
    report = {
        "run": run,
        "started": "2026-03-01T05:00:00+00:00",
        "sites": [{"site": "iem", "outcomes": outcomes}],
    }
    (folder / f"crawl-{run:06}.json").write_text(json.dumps(report), encoding="utf-8")


def test_trend_has_the_last_crawls_oldest_first(tmp_path: Path) -> None:
    for run in range(1, RUNS_SHOWN + 5):
        write(tmp_path, run, new=run, failed=1)
    points = read_trends(tmp_path)["iem"]
    assert [point.run for point in points] == list(range(5, RUNS_SHOWN + 5))
    assert points[-1].counts == (RUNS_SHOWN + 4, 0, 0, 1)


def test_page_of_a_crawl_shows_nothing_later(tmp_path: Path) -> None:
    for run in (1, 2, 3):
        write(tmp_path, run, new=run)
    assert [point.run for point in read_trends(tmp_path, last_run=2)["iem"]] == [1, 2]


def test_reports_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, 1, new=1)
    for run, text in enumerate(("{", "[]", '{"run": 3}', '{"started": 1, "sites": 1}'), start=2):
        (tmp_path / f"crawl-{run:06}.json").write_text(text, encoding="utf-8")
    assert [point.run for point in read_trends(tmp_path)["iem"]] == [1]


def test_without_reports_there_is_no_trend(tmp_path: Path) -> None:
    assert (read_trends(tmp_path / "none"), last_report(tmp_path)) == ({}, {})


def test_a_point_has_the_time_and_the_outcomes_of_its_crawl(tmp_path: Path) -> None:
    write(tmp_path, 7, failed=4, gone=3, changed=2, new=1, unchanged=9)
    assert read_trends(tmp_path) == {"iem": (TrendPoint(run=7, day="2026-03-01 05:00", counts=(1, 2, 3, 4)),)}
    assert (TREND, RUNS_SHOWN) == (("new", "changed", "gone", "failed"), 30)


def test_the_last_report_is_the_newest_that_can_be_read(tmp_path: Path) -> None:
    for run in (1, 2):
        write(tmp_path, run, new=run)
    (tmp_path / "crawl-000003.json").write_text("{", encoding="utf-8")
    (tmp_path / "crawl-000004.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "other-000009.json").write_text('{"run": 9}', encoding="utf-8")
    assert last_report(tmp_path)["run"] == 2


def test_sites_of_a_report_that_is_damaged_in_part_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, 1, new=1)
    report = {"run": 2, "started": "2026-03-02T05:00", "sites": [{"site": "iem"}]}
    (tmp_path / "crawl-000002.json").write_text(json.dumps(report), encoding="utf-8")
    assert [point.run for point in read_trends(tmp_path)["iem"]] == [1]
