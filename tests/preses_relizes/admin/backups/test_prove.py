"""`releases prove`: a backup that would not bring everything back is told, and nothing is changed."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store import Store
from crawler.store.log.log_folder import LogFolder
from preses_relizes.admin.backups.backup import back_up
from samples.judged import judged_queries
from samples.server import Sites, crawl_config
from tests.conftest import UNHURRIED, Walk
from tests.support.installation import contents, install
from tests.support.kept_log import NAME, KeptLog
from tests.support.reindexing import report
from tests.support.releases_command import run
from tests.support.stored_release import DAY, RELEASE

JUDGED = '[[query]]\ntext = "ministrija"\njudgements = { "https://a.lv/" = 1 }\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small installation with an index."""
    path = install(tmp_path / "here")
    (path.parent / "judged.toml").write_text(JUDGED, encoding="utf-8")
    report(path.parent / "data")
    return path


@pytest.fixture
def file(config: Path, tmp_path: Path) -> Path:
    back_up(config, tmp_path / "x.tar")
    return tmp_path / "x.tar"


def prove(file: Path, config: Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """Return the exit code, and the state and remark of everything that was compared."""
    done = run("prove", str(file), "--config", str(config), "--json")
    found = json.loads(done.stdout)
    return done.exit_code, {one["what"]: (one["state"], one["remark"]) for one in found}


def test_a_backup_that_brings_everything_back(
    config: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    before = contents(config.parent)
    code, found = prove(file, config)
    assert (code, {what: state for what, (state, _) in found.items()}) == (
        0,
        dict.fromkeys(["backup", "releases", "index", "answers"], "ok"),
    )
    assert found["answers"][1] == "1 of 1 judged queries are answered alike"
    assert contents(config.parent) == before
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.long_sweep
def test_the_samples_are_answered_alike(walked: Walk, sites: Sites, tmp_path: Path) -> None:
    here = tmp_path / "here"
    shutil.copytree(walked.config.parent, here / "data", ignore=shutil.ignore_patterns("config.toml"))
    (here / "judged.toml").write_text(judged_queries(sites), encoding="utf-8")
    settings = crawl_config(sites, "data", judged=Path("judged.toml")) + UNHURRIED
    (here / "config.toml").write_text(settings, encoding="utf-8")
    report(here / "data")
    back_up(here / "config.toml", tmp_path / "x.tar")
    code, found = prove(tmp_path / "x.tar", here / "config.toml")
    assert (code, found["answers"][0]) == (0, "ok"), found


def test_releases_of_later_days_are_no_fault(config: Path, file: Path) -> None:
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        store.save(replace(RELEASE, title="Ministrija atver skolu"), seen=DAY)
    report(config.parent / "data")
    code, found = prove(file, config)
    assert (code, found["releases"]) == (0, ("ok", "all are in the store in use, which has 1 newer changes"))
    assert found["answers"][0] in {"ok", "note"}


# --- What is told ---


def test_an_installation_that_lost_a_release(config: Path, file: Path) -> None:
    with closing(sqlite3.connect(config.parent / "data" / "releases.sqlite3")) as store, store:
        store.execute("DELETE FROM release WHERE number = (SELECT min(number) FROM release)")
    code, found = prove(file, config)
    assert (code, found["releases"][0]) == (1, "bad")
    assert found["releases"][1].startswith("1 are not in the store in use: ")


def test_a_store_older_than_the_backup(config: Path, tmp_path: Path) -> None:
    store = config.parent / "data" / "releases.sqlite3"
    shutil.copy(store, tmp_path / "older")
    with Store(store) as newer:
        newer.save(RELEASE, seen=DAY)
    back_up(config, tmp_path / "x.tar")
    shutil.copy(tmp_path / "older", store)
    code, found = prove(tmp_path / "x.tar", config)
    assert (code, found["store"]) == (1, ("bad", "the store in use is 1 changes older than the backup"))


def test_an_index_that_answers_otherwise(config: Path, file: Path) -> None:
    aside = install(config.parent.parent / "other")
    with Store(aside.parent / "data" / "releases.sqlite3") as store:
        for stored in list(store.changes_since(0))[:20]:
            store.hide(stored.release.url, seen=DAY)
    report(aside.parent / "data")
    shutil.rmtree(config.parent / "data" / "index")
    shutil.copytree(aside.parent / "data" / "index", config.parent / "data" / "index")
    code, found = prove(file, config)
    assert found["answers"][0] in {"bad", "note"}, (code, found)
    assert "1 of 1" not in found["answers"][1]


def test_a_log_that_was_forked(config: Path, tmp_path: Path) -> None:
    assert run("init-log", "--name", NAME, "--config", str(config)).exit_code == 0
    log = KeptLog(config.parent / "data" / "releases.sqlite3", LogFolder(config.parent / "data" / "log"))
    log.extend()
    back_up(config, tmp_path / "x.tar")
    assert prove(tmp_path / "x.tar", config)[1]["log"][0] == "ok"
    with closing(sqlite3.connect(log.path)) as store, store:
        store.execute("UPDATE log_tile SET hashes = zeroblob(length(hashes)) WHERE level = 0")
    code, found = prove(tmp_path / "x.tar", config)
    assert (code, found["log"][0]) == (1, "bad")


def test_a_damaged_backup_is_refused_in_one_line(config: Path, file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = run("prove", str(file), "--config", str(config))
    assert (done.exit_code, done.output.count("\n"), "damaged" in done.output) == (1, 1, True)
    code, found = prove(file, config)
    assert (code, found["prove"][0]) == (1, "bad")


def test_people_read_what_was_compared(config: Path, file: Path) -> None:
    done = run("prove", str(file), "--config", str(config))
    assert done.exit_code == 0
    assert f"ok   backup: {file}: sound; 29 releases, made at " in done.output
