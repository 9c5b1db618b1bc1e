import json
from pathlib import Path

from crawler.reports.history import RUNS_SHOWN, last_report, read_trends


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
