"""The figures of `crawl stats`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.config import Recheck, Site
from crawler.reports.figures import figures_table, hosts_table, site_figures
from crawler.store import Store
from tests.support.crawled import record_crawl
from tests.support.stored_release import DAY, RELEASE

SITES = [
    Site.model_validate({"id": id_, "ministry": "M", "template": "t", "start": [f"https://{id_}.lv/"]})
    for id_ in ("iem", "mod")
]


def write(folder: Path, run: int, **outcomes: int) -> None:
    report = {
        "run": run,
        "started": "2026-03-01T05:00:00+00:00",
        "sites": [{"site": "iem", "outcomes": outcomes, "alarms": [f"new markup in {run}"]}],
    }
    (folder / f"crawl-{run:06}.json").write_text(json.dumps(report), encoding="utf-8")


def test_figures_are_of_the_store_the_frontier_and_the_reports(store: Store, tmp_path: Path) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=DAY, outcome="new")
    for number, due in (("a", timedelta(hours=23)), ("b", timedelta(hours=25))):
        record_crawl(store, f"{RELEASE.url}-{number}", at=DAY, outcome="failed")
        at = int((datetime.now(UTC) + due).timestamp())
        store.execute("UPDATE frontier SET due = ? WHERE url = ?", at, f"{RELEASE.url}-{number}")
    for run, new in ((1, 5), (2, 0)):
        write(tmp_path, run, new=new, gone=1)
    first, second = site_figures(store, SITES, tmp_path, Recheck())
    assert (first.site, first.present, first.urls, first.due) == ("iem", 1, 3, 2)
    assert first.trend == {"new": [5, 0], "changed": [0, 0], "gone": [1, 1], "failed": [0, 0]}
    assert first.alarms == ("new markup in 2",)
    assert (second.site, second.present, second.due, second.alarms) == ("mod", 0, 0, ())
    assert second.trend == {"new": [], "changed": [], "gone": [], "failed": []}


def test_the_table_has_the_figures_and_the_trends_that_are_not_zero(store: Store, tmp_path: Path) -> None:
    store.save(RELEASE, seen=DAY)
    for run in range(1, 17):
        write(tmp_path, run, new=8 if run == 16 else 0, gone=0)
    table = figures_table(site_figures(store, SITES, tmp_path, Recheck()))
    columns = {str(column.header): [*map(str, column.cells)] for column in table.columns}
    assert [*columns] == [
        "site",
        "present",
        "missing",
        "gone",
        "hidden",
        "denied",
        "revisions",
        "held",
        "urls",
        "left",
        "newest",
        "due",
        "new, last crawls",
    ]
    assert (columns["site"], columns["present"]) == (["iem", "mod"], ["1", "0"])
    assert columns["new, last crawls"] == ["·" * 13 + "█", ""]
    assert [column.justify for column in table.columns][:2] == ["left", "right"]


def test_the_slowest_hosts_are_five() -> None:
    hosts = [{"host": f"[h{n}]", "answers": n, "mean_s": 1.234, "slowest_s": 2.0} for n in range(7)]
    table = hosts_table({"hosts": hosts})
    columns = [[str(column.header), *map(str, column.cells)] for column in table.columns]
    assert columns[0] == ["host", *(f"\\[h{n}]" for n in range(5))]
    assert [column[:2] for column in columns[1:]] == [
        ["answers", "0"],
        ["mean s", "1.23"],
        ["slowest s", "2.00"],
    ]
    assert table.title == "Slowest hosts in the last crawl"
    assert hosts_table({}).row_count == 0
