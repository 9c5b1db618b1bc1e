"""`releases prune`: what it shows, and that it removes only what was asked for."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.store import Store
from crawler.store.pages import Pages
from preses_relizes.admin.backups.backup import back_up
from tests.support.installation import CONFIG, install
from tests.support.reindexing import run as reindex
from tests.support.releases_command import run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = install(tmp_path / "here")
    path.write_text(CONFIG.replace("judged", "# judged"))
    reports = tmp_path / "here" / "data" / "reports"
    reports.mkdir()
    for number in range(3):
        for kind in ("json", "html"):
            (reports / f"crawl-{number:06}.{kind}").write_text("x" * 10)
    (reports / "crawl.prom").write_text("x")
    return path


def prune(config: Path, *options: str) -> dict[str, tuple[int, int]]:
    """Return the count and the bytes of everything that is left, by the option that removes some."""
    done = run("prune", "--json", "--config", str(config), *options)
    assert done.exit_code == 0, done.output
    return {one["option"].split()[0]: (one["count"], one["bytes"]) for one in json.loads(done.output)}


def names(folder: Path) -> list[str]:
    # Reading a store may leave the files of its log.
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("releases.sqlite3-"))


def test_without_options_everything_stays(config: Path) -> None:
    before = names(config.parent / "data")
    shown = run("prune", "--config", str(config)).output
    assert [
        option for option in ("--generations", "--reports", "--copies", "--pages") if option not in shown
    ] == []
    assert names(config.parent / "data") == before


def test_last_reports_are_kept(config: Path) -> None:
    assert prune(config, "--reports", "2")["--reports"] == (4, 40)
    assert names(config.parent / "data" / "reports") == [
        "crawl-000001.html",
        "crawl-000001.json",
        "crawl-000002.html",
        "crawl-000002.json",
        "crawl.prom",
    ]


def test_what_was_removed_is_shown(config: Path) -> None:
    done = run("prune", "--reports", "2", "--config", str(config))
    assert "reports of crawls: 4 (40 bytes), 2 (20 bytes) removed; --reports N\n" in done.output
    again = run("prune", "--reports", "2", "--config", str(config))
    assert "nothing was removed\n" in again.output
    assert "removed" not in run("prune", "--config", str(config)).output


def test_index_in_use_is_kept(config: Path) -> None:
    for _ in range(3):
        reindex(config.parent / "data", "--full")
    assert prune(config)["--generations"][0] == 3
    assert prune(config, "--generations", "0")["--generations"][0] == 1
    assert reindex(config.parent / "data", "--check").returncode == 0


@pytest.mark.parametrize(("days", "left"), [("1", 2), ("0", 0)])
def test_copies_of_restores_and_upgrades_go_by_age(
    days: str, left: int, config: Path, tmp_path: Path
) -> None:
    copy = config.parent / "data" / "releases.sqlite3.schema-4"
    copy.write_text("old")
    os.utime(copy, (0, 0))  # its content is old, but not the copy
    back_up(config, tmp_path / "x.tar")
    config.write_text(config.read_text() + "\n")
    (config.parent / "data" / "releases.sqlite3").unlink()
    assert run("restore", str(tmp_path / "x.tar"), "--settings", "--config", str(config)).exit_code == 0
    assert prune(config)["--copies"][0] == 2
    assert prune(config, "--copies", days)["--copies"][0] == left
    assert (config.parent / "data" / "releases.sqlite3").exists()


def test_pages_of_releases_that_are_gone_go_and_the_space_with_them(config: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    with Store(path) as store:
        [hidden] = [stored for stored in store.changes_since(0) if stored.state == "hidden"]
        urls = [one.release.url for one in store.changes_since(0) if one.state == "present"]
        kept = {url for url in urls if Pages(store).get(url)}
        total, _ = Pages(store).measure()
        assert Pages(store).measure_absent(since=hidden.changed - timedelta(days=1))[0] == 0
    assert prune(config)["--pages"][0] == 1
    size = path.stat().st_size
    left = prune(config, "--pages", "0", "--compact")
    assert (left["needed"][0], left["--pages"][0], left["--compact"][1]) == (total - 1, 0, 0)
    assert path.stat().st_size <= size
    with Store.open_readonly(path) as store:
        assert store.find(hidden.release.url) is not None
        assert {url for url in urls if Pages(store).get(url)} == kept


@pytest.mark.parametrize(
    ("lock", "options"), [("crawl.lock", ["--pages", "0"]), ("index/reindex.lock", ["--generations", "0"])]
)
def test_running_command_is_not_disturbed(lock: str, options: list[str], config: Path) -> None:
    reindex(config.parent / "data")
    with FileLock(config.parent / "data" / lock):
        done = run("prune", "--config", str(config), *options)
    assert (done.exit_code, "held by a crawl or a reindex" in done.output) == (3, True)


def test_everything_on_the_disk_is_shown_with_its_option(config: Path) -> None:
    done = run("prune", "--json", "--config", str(config))
    assert [(one["what"], one["option"]) for one in json.loads(done.output)] == [
        ("indexes, the one in use included", "--generations N"),
        ("reports of crawls", "--reports N"),
        ("copies kept by upgrades and restores", "--copies DAYS"),
        ("stored pages", "needed by `crawl reextract`"),
        ("of these, of releases gone or hidden", "--pages DAYS"),
        ("free pages in the store", "--compact"),
    ]
    shown = run("prune", "--config", str(config)).output.splitlines()
    assert shown[1] == "reports of crawls: 6 (60 bytes); --reports N"
    assert shown[-1].startswith("free disk space: ")


def test_without_a_store_there_are_files_alone(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    done = run("prune", "--json", "--pages", "0", "--compact", "--config", str(config))
    assert (done.exit_code, len(json.loads(done.output))) == (0, 3)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("options", [("--reports", "0"), ("--generations", "-1"), ("--copies", "-1")])
def test_what_would_remove_all_is_refused(config: Path, options: tuple[str, str]) -> None:
    assert run("prune", *options, "--config", str(config)).exit_code == 2
    assert prune(config)["--reports"][0] == 6


def test_the_free_space_of_the_store_is_given_back_only_on_request(config: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    with Store(path) as store:
        store.execute("INSERT INTO attachment VALUES ('x', ?)", "x" * 200_000)
        store.execute("DELETE FROM attachment WHERE url = 'x'")
    assert prune(config, "--pages", "100000")["--compact"][0] > 40
    assert prune(config, "--compact")["--compact"][0] == 0
