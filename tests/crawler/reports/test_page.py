"""The pages of a report, for people."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.reports import HostTime, RunReport, SiteReport
from crawler.reports.page import DOUBTFUL, HOSTS_SHOWN, render_page, sample_to_html, to_html
from crawler.reports.run_report import OUTCOMES
from crawler.reports.sample import SampledPage, TextBlock
from tests.support.stored_release import RELEASE

SITE = SiteReport(
    site="iem",
    outcomes=dict.fromkeys(OUTCOMES, 0) | {"new": 3, "changed": 2, "gone": 1, "failed": 5},
    reasons={},
    stored=40,
    requests=8,
    left=6,
    due=7,
)
OTHER = replace(
    SITE, site="vdd", outcomes=dict.fromkeys(OUTCOMES, 10), stored=100, left=60, due=70, requests=80
)
REPORT = RunReport(
    run=7,
    started=datetime(2026, 3, 1, 22, 30, tzinfo=UTC),
    seconds=130,
    is_complete=True,
    sites=(SITE, OTHER),
    hosts=tuple(HostTime(host=f"h{n}.lv", answers=1, mean_s=1.0, slowest_s=2.0) for n in range(12)),
)


def test_the_page_of_a_run_sums_up_its_sites() -> None:
    page = to_html(REPORT, {})
    (total,) = [row for row in page.split("<tr") if ">all<" in row or "<th>all" in row or "Total" in row][
        :1
    ] or [page]
    for number in ("13", "12", "11", "15", "140", "66", "77"):
        assert number in total
    assert "2026-03-02 00:30" in page  # in Riga
    assert "2 min 10 s" in page


def test_the_slowest_hosts_are_shown() -> None:
    page = to_html(REPORT, {})
    assert HOSTS_SHOWN == 10
    assert [host for host in range(12) if f"h{host}.lv" in page] == [*range(10)]


def sampled(weight: int) -> SampledPage:
    return SampledPage(
        site="iem",
        url="https://a.lv/<x>",
        outcome="new",
        reason="",
        release=RELEASE,
        blocks=(TextBlock(text="<b>", field="body"),),
        doubts=((weight, "no date"),) if weight else (),
    )


def test_pages_are_doubtful_by_the_weight_of_their_doubts() -> None:
    assert DOUBTFUL == 25
    page = sample_to_html([sampled(24), sampled(25), sampled(0)], run=7, started=REPORT.started)
    assert "1 of 3 pages is doubtful" in page or "1 of 3 pages are doubtful" in page
    assert ("&lt;x&gt;" in page, "<x>" in page, "<b>" in page) == (True, False, False)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"),
        (59.94, "59.9 s"),
        (60, "1 min 0 s"),
        (130.4, "2 min 10 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (7300, "2 h 1 min"),
    ],
)
def test_a_duration_is_in_units_that_matter(seconds: float, shown: str) -> None:
    page = to_html(replace(REPORT, seconds=seconds), {})
    assert shown in page


def test_a_template_that_lacks_a_value_fails() -> None:
    with pytest.raises(Exception, match="undefined"):
        render_page("run.html")
