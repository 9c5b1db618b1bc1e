import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crawler.reports import HostTime, RunReport, SiteReport, site_report, to_table, write
from crawler.reports.markup_change import LackCount, MarkupComparison
from crawler.reports.run_report import to_json
from crawler.store.frontier_rows import OutcomeCount

SITE = site_report(
    "iem",
    [
        OutcomeCount(kind="release", outcome="new", reason="", count=12),
        OutcomeCount(kind="release", outcome="failed", reason="timeout", count=2),
        OutcomeCount(kind="feed", outcome="failed", reason="status-404", count=1),
    ],
    stored=40,
    requests=20,
    not_modified=5,
    objections=(),
)


def report(*sites: SiteReport) -> RunReport:
    return RunReport(
        run=7, started=datetime(2026, 3, 1, tzinfo=UTC), seconds=1.5, is_complete=True, sites=sites
    )


def render(made: RunReport) -> str:
    console = Console(width=140)
    with console.capture() as capture:
        console.print(to_table(made))
    return capture.get()


def test_table_has_a_row_per_site_with_reasons() -> None:
    text = render(report(SITE))
    assert "2 × no answer in time" in text
    assert "1 × feed: status 404" in text
    assert "20 requests, 25% not modified" in text


def test_site_without_releases_is_not_sound() -> None:
    nothing = site_report("vdd", [], stored=0, requests=1, not_modified=0, objections=())
    assert (report(SITE).is_sound, report(SITE, nothing).is_sound) == (True, False)
    assert "nothing stored for this site" in render(report(nothing))


def test_objection_makes_a_site_unsound() -> None:
    objected = site_report(
        "iem", [], stored=9, requests=1, not_modified=0, objections=("9 of 9 releases are missing at once",)
    )
    assert not report(objected).is_sound


def test_a_text_that_changes_at_each_visit_is_one_remark() -> None:
    made = replace(SITE, reasons={}, cut=2)
    assert made.remarks == ("2 × more versions than are kept whole: is there a counter in the text?",)
    assert made.is_sound


def test_reason_that_an_objection_gives_is_not_repeated() -> None:
    down = "robots.txt cannot be read (the host name has no address): the rest is left for the next run"
    counts = [OutcomeCount(kind="list", outcome="skipped", reason="robots-unreachable", count=2)]
    made = site_report("iem", counts, stored=9, requests=0, not_modified=0, objections=(down,))
    assert made.remarks == (down,)
    assert replace(made, objections=()).remarks == ("2 × list: robots.txt cannot be read",)


def test_reports_are_written_for_programs_people_and_prometheus(tmp_path: Path) -> None:
    write(report(SITE), tmp_path)
    [written] = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    assert written["sites"][0]["outcomes"]["new"] == 12
    assert "2 × no answer in time" in (tmp_path / "crawl-000007.html").read_text(encoding="utf-8")
    assert 'crawl_releases{outcome="new",site="iem"} 12.0' in (tmp_path / "crawl.prom").read_text()


def test_half_written_reports_of_killed_crawls_go(tmp_path: Path) -> None:
    for left in ("crawl-000006.json.new", "crawl-000006.html.new", "crawl.prom.15520.140037627340416"):
        (tmp_path / left).touch()
    write(report(SITE), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "crawl-000007.html",
        "crawl-000007.json",
        "crawl.prom",
    ]


def test_page_has_what_an_operator_looks_at_first_and_no_script(tmp_path: Path) -> None:
    objected = replace(SITE, site="vdd", objections=("<b>9 of 9</b> releases are missing at once",))
    slow = HostTime(host="lenta.example", answers=3, mean_s=1.25, slowest_s=4.0)
    page = write(replace(report(SITE, objected), hosts=(slow,)), tmp_path).read_text(encoding="utf-8")
    assert "1 of 2 sites needs attention" in page
    assert page.index("Needs attention") < page.index("&lt;b&gt;9 of 9") < page.index("<table")
    assert "Crawl 7, 2026-03-01 00:00: 12 new, 2 failed" in page
    assert ("lenta.example" in page, "1.25 s" in page, "<script" in page, "<b>9" in page) == (
        True,
        True,
        False,
        False,
    )


def test_first_pages_of_a_site_are_compared_with_none(tmp_path: Path) -> None:
    lack = LackCount(
        lack="lead", fresh=2, fresh_pages=20, earlier=0, earlier_pages=0, is_sudden=False, urls=()
    )
    first = replace(SITE, markup=MarkupComparison(lacks=(lack,)))
    page = write(report(first), tmp_path).read_text(encoding="utf-8")
    assert ("2 of 20</td>" in page, "—</td>" in page, "0 of 0" in page) == (True, True, False)


def test_damaged_report_of_an_earlier_crawl_hinders_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "crawl-000006.json").write_bytes(b"\xff{")
    write(report(SITE), tmp_path)
    assert (tmp_path / "crawl-000007.html").exists()


def test_page_of_one_site_says_site(tmp_path: Path) -> None:
    assert "· 1 site ·" in write(report(SITE), tmp_path).read_text(encoding="utf-8")


def test_a_report_is_json_for_programs() -> None:
    lack = LackCount(
        lack="no date", fresh=3, fresh_pages=3, earlier=0, earlier_pages=9, is_sudden=True, urls=("u",)
    )
    site = replace(SITE, markup=MarkupComparison(lacks=(lack,)), left=1, due=2)
    slow = HostTime(host="a.lv", answers=3, mean_s=1.25, slowest_s=4.0)
    written = json.loads(to_json(replace(report(site), hosts=(slow,), advice="ž")))
    alarm = "3 of the newest 3 pages: no date (before: 0 of 9); new markup? Try `crawl preview u`"
    assert written == {
        "run": 7,
        "started": "2026-03-01T00:00:00+00:00",
        "seconds": 1.5,
        "is_complete": True,
        "sites": [
            {
                "site": "iem",
                "outcomes": {
                    "new": 12,
                    "changed": 0,
                    "unchanged": 0,
                    "missing": 0,
                    "gone": 0,
                    "hidden": 0,
                    "held": 0,
                    "failed": 2,
                    "skipped": 0,
                },
                "reasons": {"timeout": 2, "feed: status-404": 1},
                "stored": 40,
                "requests": 20,
                "not_modified": 5,
                "objections": [],
                "left": 1,
                "due": 2,
                "markup": {"lacks": [{**asdict(lack), "urls": ["u"]}]},
                "cut": 0,
                "alarms": [alarm],
                "is_sound": False,
            }
        ],
        "hosts": [{"host": "a.lv", "answers": 3, "mean_s": 1.25, "slowest_s": 4.0}],
        "advice": "ž",
        "not_modified_share": 0.25,
        "is_sound": False,
    }
    assert "ž" in to_json(replace(report(), advice="ž"))


@pytest.mark.parametrize(
    ("row", "outcomes", "reasons"),
    [
        (("release", "new", ""), {"new": 3}, {}),
        (("release", "failed", "timeout"), {"failed": 3}, {"timeout": 3}),
        (("release", "skipped", "trap"), {"skipped": 3}, {"trap": 3}),
        (("release", "missing", "missing"), {"missing": 3}, {}),
        (("release", "held", "noindex"), {"held": 3}, {"noindex": 3}),
        (("release", "new", "too large, read in part"), {"new": 3}, {"too large, read in part": 3}),
        (("list", "read", "empty"), {}, {}),
        (
            ("list", "read", "leads further than list_pages_max"),
            {},
            {"list: leads further than list_pages_max": 3},
        ),
        (("list", "failed", "dns"), {}, {"list: dns": 3}),
        (("attachment", "skipped", "trap"), {}, {"attachment: trap": 3}),
    ],
)
def test_outcomes_are_of_releases_and_reasons_of_all_pages(
    row: tuple[Any, str, str], outcomes: dict[str, int], reasons: dict[str, int]
) -> None:
    kind, outcome, reason = row
    counts = [OutcomeCount(kind=kind, outcome=outcome, reason=reason, count=n) for n in (1, 2)]
    made = site_report("iem", counts, stored=1, requests=0, not_modified=0, objections=())
    assert {name: count for name, count in made.outcomes.items() if count} == outcomes
    assert made.reasons == reasons


def test_a_summary_is_one_line_with_the_remarks() -> None:
    assert SITE.summary == "12 new, 2 failed; 2 × no answer in time; 1 × feed: status 404"
    nothing = replace(SITE, outcomes={}, reasons={}, stored=0)
    assert nothing.summary == "nothing; nothing stored for this site"
    assert replace(nothing, stored=1).summary == "nothing"


def test_a_site_is_sound_with_releases_and_without_objections_and_alarms() -> None:
    lack = LackCount(
        lack="no date", fresh=3, fresh_pages=3, earlier=0, earlier_pages=9, is_sudden=True, urls=("u",)
    )
    alarmed = replace(SITE, markup=MarkupComparison(lacks=(lack,)))
    quiet = replace(SITE, markup=MarkupComparison(lacks=(replace(lack, is_sudden=False),)))
    soundness = [one.is_sound for one in (SITE, replace(SITE, stored=0), alarmed, quiet)]
    assert soundness == [True, False, False, True]
    assert report().is_sound
    assert report().not_modified_share == 0.0
    assert report(SITE, replace(SITE, requests=0, not_modified=5)).not_modified_share == 0.5
