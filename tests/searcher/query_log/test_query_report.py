from datetime import timedelta
from pathlib import Path

from index.query import Filters
from searcher.query_log.query_report import read_report
from tests.support.searches import FIRST, counts, log_file, search


def test_queries_are_ranked_by_how_often_they_are_asked_missed_and_slow(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    for day in range(3):
        asked = (
            *[search("budžets", seconds=0.002)] * 5,
            *[search("dronu medības", has_match=False, total=0)] * 2,
            search("a* b*", seconds=0.4),
            search("a* b*", seconds=0.6),
            search(f"vienreiz {day}"),
            search("", filters=Filters(languages=("en",))),
        )
        file.add(counts(FIRST + timedelta(day), *asked))
    report = read_report(file, at_most=2)
    assert (report.first, report.last) == ("2026-03-01", "2026-03-03")
    assert (report.searches, report.unmatched, report.rare) == (33, 6, 3)
    assert [(one.text, one.searches, one.days) for one in report.top] == [("budžets", 15, 3), ("a* b*", 6, 3)]
    assert [(one.text, one.unmatched) for one in report.unmatched_queries] == [("dronu medības", 6)]
    slowest = report.slow[0]
    assert (slowest.text, slowest.mean_ms, slowest.slowest_ms) == ("a* b*", 500, 600)
    assert report.filters == (("language=en", 3),)


def test_an_empty_log_tells_nothing(tmp_path: Path) -> None:
    report = read_report(log_file(tmp_path / "queries"), at_most=5)
    assert (report.first, report.searches, report.top, report.filters) == ("", 0, (), ())


def test_of_equals_the_first_by_name_is_first_and_only_so_many_are_shown(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    for day in range(3):
        asked = [
            *[search("b", seconds=0.00126, has_match=False, total=0)] * 2,
            *[search("a", seconds=0.00126, has_match=False, total=0)] * 2,
            *[search("c", seconds=0.009)] * 4,
        ]
        file.add(counts(FIRST + timedelta(day), *asked))
    for at_most in range(4):
        report = read_report(file, at_most=at_most)
        assert [one.text for one in report.top] == ["c", "a", "b"][:at_most]
        assert [one.text for one in report.unmatched_queries] == ["a", "b"][:at_most]
        assert [one.text for one in report.slow] == ["c", "a", "b"][:at_most]
        assert (report.searches, report.unmatched, report.rare) == (24, 12, 0)
    first = report.top[1]
    assert (first.searches, first.days, first.unmatched, first.mean_ms, first.slowest_ms) == (
        6,
        3,
        6,
        1.3,
        1.3,
    )
