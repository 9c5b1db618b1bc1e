"""`crawl check` and `crawl stats`; also the tests of `crawler.check`."""

import json
import sys
from pathlib import Path

import pytest

from crawler.check import (
    Finding,
    check_held,
    check_settings,
    check_site,
    check_store,
    contact_fault,
    host_without_contact,
)
from crawler.config import CrawlerConfig, Site
from crawler.downloader import FetchError, Session
from crawler.extraction import DiscoveredUrl, Extraction, ExtractionJob
from crawler.page import Page
from crawler.store import Store
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from tests.support.children import run_bounded
from tests.support.crawl_command import (
    crawl,
    report_of,
)
from tests.support.crawl_in_process import install
from tests.support.stored_release import DAY, RELEASE

pytestmark = pytest.mark.sweep


def test_check_and_stats_of_a_sound_store(config: Path) -> None:
    report_of(config, "--site", "vugd")
    checked = json.loads(crawl(config, "check", "--site", "vugd", "--json").stdout)
    assert all(finding["is_well"] for finding in checked)
    [stats] = json.loads(crawl(config, "stats", "--site", "vugd", "--json").stdout)
    assert (stats["present"], stats["left"]) == (6, 0)


def test_settings_file_may_be_named_before_the_subcommand(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.toml"
    command = [sys.executable, "-c", "from crawler.crawl import main; main()", "--config", missing, "stats"]
    done = run_bounded(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "nowhere.toml" in "".join(done.stderr.split())) == (2, True)


def test_damaged_file_is_reported(config: Path) -> None:
    report_of(config, "--site", "vugd")
    path = config.parent / "data" / "releases.sqlite3"
    whole = bytearray(path.read_bytes())
    whole[8192:20480] = bytes(12288)
    path.write_bytes(whole)
    done = crawl(config, "check", "--offline")
    assert done.returncode in (1, 4)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("damage", "arguments", "code", "message"),
    [
        (
            "UPDATE release SET record = replace(record, ' ', ' q') WHERE number = 3",
            ("check", "--offline"),
            1,
            "1 are damaged",
        ),
        (
            "UPDATE release SET changed = '20r6-01-01' WHERE number = 3",
            ("check", "--offline"),
            1,
            "1 are damaged",
        ),
        ("UPDATE page SET body = x'00'", ("reextract",), 4, "is damaged; restore"),
    ],
)
def test_damaged_row_in_a_sound_file_is_reported(
    config: Path, damage: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    report_of(config, "--site", "vugd")
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        store.execute(damage)
    done = crawl(config, *arguments)
    assert (done.returncode, message in done.stdout + done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


# --- In this process ---


def test_a_check_without_requests_is_of_settings_and_store(tmp_path: Path) -> None:
    here = install(tmp_path)
    done = here.run("check", "--offline")
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        [
            f"ok  settings: {here.config}: 1 site",
            f"ok  store: {here.store_path}",
            "ok  references: complete",
            "ok  releases: 2 can be read",
        ],
    )
    as_json = json.loads(here.run("check", "--offline", "--json").output)
    assert as_json[0] == {
        "what": "settings",
        "is_well": True,
        "remark": f"{here.config}: 1 site",
        "advice": "",
    }
    assert len(as_json) == 4


def test_a_check_names_what_is_held_and_what_to_do(tmp_path: Path) -> None:
    here = install(tmp_path)
    with here.open() as store:
        held = PendingChange(
            release=None, url="https://a.lv/x", record=None, reason="missing", since=DAY, seen=DAY
        )
        PendingChangeRows(store).put("iem", held)
    done = here.run("check", "--offline")
    advice = "look at the pages; `crawl --accept-loss iem` takes what they show"
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        1,
        f"BAD iem: 1 held, e.g. https://a.lv/x: missing; {advice}",
    )


def test_a_check_of_a_new_installation_is_well(tmp_path: Path) -> None:
    here = install(tmp_path, is_empty=True)
    done = here.run("check", "--offline")
    assert done.exit_code == 0
    assert done.output.splitlines()[1] == f"ok  store: {here.store_path}: no releases yet; run `crawl` first"
    assert not here.store_path.exists()


def test_a_store_that_cannot_be_read_is_bad(tmp_path: Path) -> None:
    here = install(tmp_path)
    here.store_path.write_bytes(b"x" * 9_999)
    done = here.run("check", "--offline")
    assert done.exit_code == 1
    assert done.output.splitlines()[1] == (
        f"BAD store: {here.store_path}: file is not a database; restore the file from a backup"
    )


def test_sites_cannot_be_named_without_requests(tmp_path: Path) -> None:
    done = install(tmp_path).run("check", "--offline", "--site", "iem")
    reason = "--site has no effect with --offline, which fetches from no site"
    assert (done.exit_code, done.output) == (2, f"crawl: {reason}\n")


def test_stats_are_of_enabled_sites_or_of_those_named(tmp_path: Path) -> None:
    here = install(tmp_path)
    names = [
        [row["site"] for row in json.loads(here.run("stats", "--json", *options).output)]
        for options in ((), ("--site", "mod"), ("--site", "mod", "--site", "iem"))
    ]
    assert names == [["iem"], ["mod"], ["mod", "iem"]]
    (figures,) = json.loads(here.run("stats", "--json").output)
    assert (figures["present"], figures["newest"], figures["alarms"]) == (2, "2026-02-27", [])


def test_the_table_of_stats_ends_with_alarms_and_hosts(tmp_path: Path) -> None:
    here = install(tmp_path)
    reports = here.config.parent / "data" / "reports"
    reports.mkdir()
    report = {
        "run": 1,
        "started": "2026-03-01T05:00:00+00:00",
        "sites": [{"site": "iem", "outcomes": {"new": 2}, "alarms": ["[b]new markup?"]}],
        "hosts": [{"host": "a.lv", "answers": 3, "mean_s": 1.25, "slowest_s": 4.0}],
    }
    (reports / "crawl-000001.json").write_text(json.dumps(report), encoding="utf-8")
    shown = here.run("stats").output
    assert "\niem: [b]new markup?\n" in shown
    assert shown.index("iem: [b]new") < shown.index("Slowest hosts in the last crawl") < shown.index("a.lv")
    assert "Slowest hosts" not in here.run("stats", "--site", "iem").output
    (tmp_path / "new").mkdir()
    assert install(tmp_path / "new", is_empty=True).run("stats").exit_code == 4


# --- Settings, contact, sites ---


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x/1 (+https://a.lv/bot)", None),
        ("x/1 (bot@a.lv)", None),
        ("x/1 <mailto@a.lv>", None),
        ("x/1 (+http://a.lv)", None),
        ("x/1 (+https://example.org/bot)", "names example.org"),
        ("x/1 (our team)", "has no web or e-mail address"),
        ("x/1 (http://localhost/)", "has no web or e-mail address"),
        ("x/1 (bot@localhost)", "has no web or e-mail address"),
        ("x/1 (@a.lv)", "has no web or e-mail address"),
    ],
)
def test_a_user_agent_must_reach_the_operator(text: str, fault: str | None) -> None:
    assert contact_fault(text) == fault


@pytest.mark.parametrize(
    ("starts", "origins", "host"),
    [
        (["https://b.lv/", "https://a.lv/"], [], "a.lv"),
        (["http://127.0.0.1:8101/"], [], None),
        (["http://[::1]:8101/"], [], None),
        (["http://a.lv:8101/"], ["a.lv:8101"], None),
        ([], [], None),
    ],
)
def test_only_a_public_host_needs_a_contact(starts: list[str], origins: list[str], host: str | None) -> None:
    sites = [
        Site.model_validate({"id": f"s{number}", "ministry": "M", "template": "t", "start": [start]})
        for number, start in enumerate(starts)
    ]
    without = CrawlerConfig.model_validate({"allow_origins": origins})
    assert host_without_contact(sites, without) == host
    known = CrawlerConfig.model_validate({"politeness": {"user_agent": "x/1 (+https://c.lv)"}})
    assert host_without_contact(sites, known) is None


def test_settings_are_found_well_or_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.touch()
    site = Site.model_validate({"id": "a", "ministry": "M", "template": "t", "start": ["https://a.lv/"]})
    bare, known = (
        CrawlerConfig(),
        CrawlerConfig.model_validate({"politeness": {"user_agent": "x/1 (b@c.lv)"}}),
    )
    found = [check_settings(path, sites, settings) for sites, settings in (([], known), ([site], bare))]
    assert [(one.is_well, one.remark, one.advice) for one in found] == [
        (False, f"{path}: no sites", "name some in built_in_sites, or add [[crawler.sites]]"),
        (
            False,
            f"{path}: user_agent names example.org",
            "put your address there, so that a.lv can reach you",
        ),
    ]
    assert check_settings(path, [site, site], known).remark == f"{path}: 2 sites"
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    remark = f"{link} (a link; paths are relative to {tmp_path}): 1 site"
    assert check_settings(link, [site], known) == Finding(what="settings", is_well=True, remark=remark)


@pytest.mark.parametrize(
    ("kind", "discovered", "further", "is_well", "count"),
    [
        ("list", 0, 0, False, "0 releases"),
        ("list", 1, 0, True, "1 release"),
        ("list", 2, 5, True, "2 releases"),
        ("feed", 0, 0, True, "0 releases"),
        ("sitemap", 1, 2, True, "3 releases"),
        ("sitemap", 0, 1, True, "1 release"),
    ],
)
def test_a_start_page_must_lead_to_releases(
    kind: str, discovered: int, further: int, *, is_well: bool, count: str
) -> None:
    url = "https://a.lv/x"
    named = {"start": [], "feeds": [], "sitemaps": [], {"list": "start"}.get(kind, f"{kind}s"): [url]}
    site = Site.model_validate({"id": "a", "ministry": "M", "template": "t", **named})
    found = DiscoveredUrl(url=url, title=None, published=None, source="list")
    reading = Extraction(discovered=(found,) * discovered, next_sources=(url,) * further)
    config = CrawlerConfig.model_validate({"politeness": {"user_agent": "robots/1 (b@c.lv)"}})
    jobs: list[ExtractionJob] = []

    def read(job: ExtractionJob) -> Extraction:
        jobs.append(job)
        return reading

    def fetch(url: str, **options: object) -> Page:
        assert isinstance(options["session"], Session)
        return Page(requested_url=url, url=url, status=200, headers={}, body=b"", fetched=DAY, chain=(url,))

    (finding,) = check_site(site, config, fetch, read)
    assert (finding.what, finding.is_well, finding.remark) == ("a", is_well, f"{url}: leads to {count}")
    assert [(job.kind, job.robot, job.site) for job in jobs] == [(kind, "robots", site)]


def test_a_start_page_that_fails_is_named_and_the_others_are_tried() -> None:
    site = Site.model_validate(
        {"id": "a", "ministry": "M", "template": "t", "start": ["https://a.lv/1", "https://a.lv/2"]}
    )

    def fetch(url: str, **_: object) -> Page:
        raise FetchError(url, "timeout")

    found = [*check_site(site, CrawlerConfig(), fetch, lambda _: Extraction())]
    assert [(one.is_well, one.remark) for one in found] == [
        (False, "https://a.lv/1: no answer in time"),
        (False, "https://a.lv/2: no answer in time"),
    ]


def test_rows_that_refer_to_nothing_and_held_changes_are_counted(store: Store) -> None:
    store.execute("INSERT INTO alias VALUES ('https://a.lv/x', 'iem-none')")
    remarks = {one.what: (one.is_well, one.remark) for one in check_store(store)}
    assert remarks["references"] == (False, "1 rows of the store refer to a row that is missing")
    rows = PendingChangeRows(store)
    for url, doubt, reason in (("https://b.lv/", "", None), ("https://a.lv/", "shows 'X'", None)):
        rows.put(
            "iem",
            PendingChange(
                release=None, url=url, record=RELEASE, reason=reason, doubt=doubt, since=DAY, seen=DAY
            ),
        )
    site = Site.model_validate({"id": "iem", "ministry": "M", "template": "t", "start": ["https://a.lv/"]})
    (held,) = check_held(store, [site])
    assert held.remark == "2 held, e.g. https://a.lv/: shows 'X'"
    rows.delete("https://a.lv/")
    (held,) = check_held(store, [site])
    assert held.remark == "1 held, e.g. https://b.lv/: changed"
