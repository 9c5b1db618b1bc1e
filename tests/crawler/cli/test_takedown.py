"""`crawl undo`, `hide` and `unhide`."""

import json
from pathlib import Path

import pytest

from crawler.store import Store
from samples.server import Sites
from tests.support.crawl_command import (
    NOWHERE,
    contents,
    crawl,
    last_number,
    report_of,
)

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


def test_undo_restores_releases_marked_as_gone(config: Path, sites: Sites) -> None:
    report_of(config, "--site", "mfa")
    sites.day = 2
    assert report_of(config, "--site", "mfa", "--accept-loss", "mfa")["mfa"]["gone"] == 1
    message = "mfa: rolled back 1 removal and 1 edit\n"
    assert crawl(config, "undo", "mfa").stdout.startswith(message)


def test_undo_restores_overwritten_texts(config: Path, sites: Sites) -> None:
    report_of(config, "--site", "vugd")
    before = contents(config)
    sites.day = 2
    assert report_of(config, "--site", "vugd")["vugd"]["changed"] == 1
    undone = json.loads(crawl(config, "undo", "vugd", "--json").stdout)
    after = {id_: entry for id_, entry in contents(config).items() if id_ in before}
    assert (after, len(undone["text_again"])) == (before, 1)
    assert json.loads(crawl(config, "undo", "vugd", "--json").stdout)["text_again"] == []


def test_undo_of_an_unknown_crawl_is_an_error(config: Path) -> None:
    report_of(config, "--site", "vugd")
    assert crawl(config, "undo", "vugd", "--run", "9").stderr == "crawl: there is no crawl 9 in the store\n"
