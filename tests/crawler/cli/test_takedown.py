"""`crawl undo`, `hide` and `unhide`."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.store import Store
from crawler.store.run_rows import RunRows
from samples.server import Sites
from tests.support.crawl_command import (
    NOWHERE,
    contents,
    crawl,
    last_number,
    report_of,
)
from tests.support.crawl_in_process import OTHER, Installation, install
from tests.support.stored_release import DAY, RELEASE

pytestmark = pytest.mark.sweep


def test_hidden_release_stays_hidden_until_shown_again(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        url = next(store.changes_since(0)).release.url
    counts, lists = [], []
    for what in ("hide", "unhide"):
        assert crawl(config, what, url).returncode == 0
        lists.append([line.split()[1] for line in crawl(config, "hide").stdout.splitlines()])
        report_of(config, "--site", "vugd")
        with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
            counts.append(store.count())
    assert (counts, lists) == ([5, 6], [[url], []])


def test_hiding_a_hidden_release_says_so(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        url = next(store.changes_since(0)).release.url
    shown = [crawl(config, "hide", url).stdout for _ in range(2)]
    assert shown == [
        f"{url}: hidden; run `reindex` to remove it from the index\n",
        f"{url}: already hidden; run `reindex` to remove it from the index\n",
    ]


@pytest.mark.parametrize("command", ["hide", "unhide"])
def test_address_without_a_release_is_neither_hidden_nor_shown(config: Path, command: str) -> None:
    report_of(config, "--site", "vugd")
    number = last_number(config)
    done = crawl(config, command, NOWHERE)
    assert (done.returncode, done.stdout, NOWHERE.replace("www.", "") in done.stderr) == (1, "", True)
    listed = crawl(config, "hide")
    assert (listed.stdout, listed.stderr) == ("", "no address is hidden\n")
    assert last_number(config) == number


def test_address_may_be_hidden_before_it_is_seen(config: Path) -> None:
    report_of(config, "--site", "mfa")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        url = next(store.changes_since(0)).release.url
    config.write_text(config.read_text().replace(str(config.parent / "data"), str(config.parent / "new")))
    report_of(config, "--site", "vugd")
    assert crawl(config, "hide", "--unseen", url).returncode == 0
    assert crawl(config, "hide", url).returncode == 0
    report_of(config, "--site", "mfa")
    [stats] = json.loads(crawl(config, "stats", "--site", "mfa", "--json").stdout)
    assert stats["hidden"] == 1
    assert [crawl(config, "unhide", url).returncode for _ in range(2)] == [0, 1]


def test_hide_rejects_text_that_is_not_a_url(config: Path) -> None:
    done = crawl(config, "hide", "paziņojums")
    message = "crawl: paziņojums: not a web address; it must begin with http:// or https://\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_undo_restores_releases_marked_as_gone(config: Path, sample_sites: Sites) -> None:
    report_of(config, "--site", "mfa")
    sample_sites.day = 2
    assert report_of(config, "--site", "mfa", "--accept-loss", "mfa")["mfa"]["gone"] == 1
    message = "mfa: rolled back 1 removal and 1 edit\n"
    assert crawl(config, "undo", "mfa").stdout.startswith(message)


def test_undo_restores_overwritten_texts(config: Path, sample_sites: Sites) -> None:
    report_of(config, "--site", "vugd")
    before = contents(config)
    sample_sites.day = 2
    assert report_of(config, "--site", "vugd")["vugd"]["changed"] == 1
    undone = json.loads(crawl(config, "undo", "vugd", "--json").stdout)
    after = {id_: entry for id_, entry in contents(config).items() if id_ in before}
    assert (after, len(undone["text_again"])) == (before, 1)
    assert json.loads(crawl(config, "undo", "vugd", "--json").stdout)["text_again"] == []


def test_undo_of_an_unknown_crawl_is_an_error(config: Path) -> None:
    report_of(config, "--site", "vugd")
    assert crawl(config, "undo", "vugd", "--run", "9").stderr == "crawl: there is no crawl 9 in the store\n"


# --- In this process ---

URL = "https://iem.example/lv/jaunums/ugunsdzeseji"


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return install(tmp_path)


def stored_at(here: Installation, url: str, *, aliases: tuple[str, ...] = ()) -> None:
    with here.open() as store:
        store.save(replace(RELEASE, url=url, body=url), seen=DAY, aliases=aliases)


def test_a_release_is_hidden_shown_and_listed(here: Installation) -> None:
    stored_at(here, URL)
    shown = [here.run(*arguments) for arguments in (("hide", URL), ("hide", URL), ("hide",))]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert [(done.exit_code, done.output) for done in shown] == [
        (0, f"{URL}: hidden; run `reindex` to remove it from the index\n"),
        (0, f"{URL}: already hidden; run `reindex` to remove it from the index\n"),
        (0, f"{today} {URL}\n"),
    ]
    with here.open() as store:
        assert store.is_hidden(URL)
    again = [here.run("unhide", URL) for _ in range(2)]
    assert [(done.exit_code, done.output) for done in again] == [
        (0, f"{URL}: shown again; run `reindex`\n"),
        (1, f"crawl: {URL}: not hidden; `crawl hide` lists the hidden addresses\n"),
    ]
    with here.open() as store:
        assert (store.is_hidden(URL), store.takedowns()) == (False, [])


def test_an_address_without_a_release_is_hidden_only_on_request(here: Installation) -> None:
    refused = here.run("hide", "https://www.iem.example/x/")
    address = "https://iem.example/x"
    reason = f"{address}: no release is stored here; with --unseen, a release found later is hidden"
    assert (refused.exit_code, refused.output) == (1, f"crawl: {reason}\n")
    with here.open() as store:
        assert not store.is_hidden(address)
    taken = here.run("hide", "--unseen", address)
    assert (taken.exit_code, taken.output) == (0, f"{address}: hidden; so will be a release found here\n")
    again = here.run("hide", address)
    assert (again.exit_code, again.output) == (
        0,
        f"{address}: already hidden; so will be a release found here\n",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("hide", "--unseen"), 2, "--unseen has no effect without URL"),
        (("hide", "x"), 2, "x: not a web address; it must begin with http:// or https://"),
        (
            ("unhide", "ftp://a.lv/"),
            2,
            "ftp://a.lv/: not a web address; it must begin with http:// or https://",
        ),
        (("undo", "vm"), 2, "no site 'vm' in the settings; there are iem, mod"),
        (("undo", "iem", "--run", "9"), 2, "there is no crawl 9 in the store"),
        (("undo", "iem"), 2, "there is no crawl in the store"),
    ],
)
def test_what_cannot_be_done_is_said(
    here: Installation, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = here.run(*arguments)
    assert (done.exit_code, done.output) == (code, f"crawl: {message}\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hide",), 4),
        (("hide", "--unseen", URL), 4),
        (("undo", "iem"), 4),
        (("hide", URL), 1),
        (("unhide", URL), 1),
    ],
)
def test_without_a_store_none_is_made(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    here = install(tmp_path, is_empty=True)
    done = here.run(*arguments)
    assert done.exit_code == code
    if code == 4:
        assert done.output == f"crawl: {here.store_path}: no releases yet; run `crawl` first\n"
    assert not here.store_path.exists()


def test_no_hidden_address_is_said_beside_an_empty_list(here: Installation) -> None:
    done = here.run("hide")
    assert (done.stdout, done.stderr) == ("", "no address is hidden\n")


NOTHING_UNDONE = "iem: rolled back 0 removals and 0 edits\n"
BOTH_UNDONE = "iem: rolled back 1 removal and 1 edit\nrun `reindex` to update the index\n"


@pytest.mark.parametrize(
    ("options", "hour", "said"),
    [
        ((), 2, NOTHING_UNDONE),
        (("--run", "2"), 2, NOTHING_UNDONE),
        (("--run", "1"), 2, BOTH_UNDONE),
        ((), 7, BOTH_UNDONE),
    ],
)
def test_a_crawl_is_undone(here: Installation, options: tuple[str, ...], hour: int, said: str) -> None:
    changed = DAY + timedelta(hours=hour)
    with here.open() as store:
        for run in (1, 4):
            RunRows(store).insert(int((DAY + timedelta(hours=run)).timestamp()))
        store.save(replace(RELEASE, body="Labots."), seen=changed)
        other = store.find(OTHER.url)
        assert other is not None
        store.mark_gone(other.id, seen=changed)
    done = here.run("undo", "iem", *options)
    assert (done.exit_code, done.output) == (0, said)
    with here.open() as store:
        found = [store.find(one.url) for one in (RELEASE, OTHER)]
    release, other = (one for one in found if one is not None)
    is_undone = said == BOTH_UNDONE
    assert release.release.body == (RELEASE.body if is_undone else "Labots.")
    assert other.state == ("present" if is_undone else "gone")


def test_what_was_undone_is_told_to_programs(here: Installation) -> None:
    with here.open() as store:
        RunRows(store).insert(int((DAY + timedelta(hours=1)).timestamp()))
        store.save(replace(RELEASE, body="Labots."), seen=DAY + timedelta(hours=2))
    undone = json.loads(here.run("undo", "iem", "--json").output)
    assert undone == {"site": "iem", "present_again": [], "text_again": [RELEASE.url], "text_lost": []}


def test_an_edit_that_cannot_be_undone_is_named(here: Installation) -> None:
    with here.open() as store:
        RunRows(store).insert(int((DAY + timedelta(hours=101)).timestamp()))
        for hour in range(1, 402):
            store.save(replace(RELEASE, body=f"Skatīts {hour}."), seen=DAY + timedelta(hours=hour))
    done = here.run("undo", "iem")
    assert done.output == (
        f"{NOTHING_UNDONE}{RELEASE.url}: not rolled back; it had so many versions that the text is not kept\n"
    )
