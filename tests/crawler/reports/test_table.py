"""The report of a crawl as a table."""

from dataclasses import replace
from datetime import UTC, datetime

from crawler.reports import RunReport, SiteReport
from crawler.reports.run_report import OUTCOMES
from crawler.reports.table import summary_of, to_table

SITE = SiteReport(
    site="iem",
    outcomes=dict.fromkeys(OUTCOMES, 0) | {"new": 3, "held": 2},
    reasons={"timeout": 1},
    stored=40,
    requests=8,
    not_modified=2,
    objections=("[b]9 of 9[/b] are missing",),
)
OTHER = replace(SITE, site="vdd", outcomes=dict.fromkeys(OUTCOMES, 0) | {"new": 4}, stored=0, requests=2)
REPORT = RunReport(
    run=7,
    started=datetime(2026, 3, 1, tzinfo=UTC),
    seconds=1.25,
    is_complete=True,
    sites=(SITE, OTHER),
)


def cells(report: RunReport) -> list[list[str]]:
    """Return the columns of the table, their headings first."""
    return [[str(column.header), *map(str, column.cells)] for column in to_table(report).columns]


def test_a_row_is_a_site_and_the_last_their_sum() -> None:
    assert cells(REPORT) == [
        ["site", "iem", "vdd", "all"],
        ["new", "3", "4", "7"],
        ["changed", "0", "0", "0"],
        ["unchanged", "0", "0", "0"],
        ["gone", "0", "0", "0"],
        ["held", "2", "0", "2"],
        ["failed", "0", "0", "0"],
        ["stored", "40", "0", "40"],
        [
            "remarks",
            "\\[b]9 of 9\\[/b] are missing\n1 × no answer in time",
            "\\[b]9 of 9\\[/b] are missing\nnothing stored for this site\n1 × no answer in time",
            "",
        ],
    ]
    assert [column.justify for column in to_table(REPORT).columns] == ["left", *["right"] * 7, "left"]


def test_title_and_caption_say_how_the_crawl_went() -> None:
    whole, cut = to_table(REPORT), to_table(replace(REPORT, is_complete=False))
    assert (whole.title, cut.title) == ("Crawl 7", "Crawl 7 (not complete)")
    assert whole.caption == summary_of(REPORT) == "10 requests, 40% not modified, 1.2 s"
    assert summary_of(replace(REPORT, sites=())) == "0 requests, 0% not modified, 1.2 s"
