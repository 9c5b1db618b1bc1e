"""The folder of reports: whole files, and the oldest removed."""

from datetime import UTC, datetime
from pathlib import Path

from crawler.reports import RunReport
from crawler.reports.folder import REPORTS_KEPT, write, write_sample, write_whole


def report(run: int) -> RunReport:
    return RunReport(run=run, started=datetime(2026, 3, 1, tzinfo=UTC), seconds=1.5, is_complete=True)


def test_a_report_has_its_number_and_three_forms(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "reports"
    assert write(report(12), folder) == folder / "crawl-000012.html"
    assert sorted(path.name for path in folder.iterdir()) == [
        "crawl-000012.html",
        "crawl-000012.json",
        "crawl.prom",
    ]


def test_the_oldest_reports_are_removed(tmp_path: Path) -> None:
    assert REPORTS_KEPT == 730
    for run in range(1, REPORTS_KEPT + 1):
        for kind in ("json", "html"):
            (tmp_path / f"crawl-{run:06}.{kind}").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.html").touch()
    write(report(REPORTS_KEPT + 1), tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    for kind in ("json", "html"):
        assert len([name for name in names if name.startswith("crawl-") and name.endswith(kind)]) == 730
        assert f"crawl-000001.{kind}" not in names
        assert {f"crawl-000002.{kind}", f"crawl-000731.{kind}"} <= names
    assert "notes.html" in names


def test_pages_of_a_sample_are_a_file_of_their_own(tmp_path: Path) -> None:
    path = write_sample([], report(3), tmp_path / "new")
    assert path == tmp_path / "new" / "crawl-000003-pages.html"
    assert "<html" in path.read_text(encoding="utf-8")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for text in ("pirmais ž", "otrs"):
        write_whole(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
