"""The store and the index as `releases check` sees them."""

import gzip
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from crawler.config import load
from crawler.store import Store
from preses_relizes.admin.data_checks import check_data, last_crawl
from tests.support.installation import CONFIG, OLD_STORE, install
from tests.support.reindexing import run as reindex
from tests.support.stored_release import DAY, RELEASE


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = install(tmp_path)
    path.write_text(CONFIG.replace("judged", "# judged"))
    return path


def found(config: Path) -> dict[str, tuple[str, str]]:
    storage, settings = load(config)
    return {one.what: (one.state, one.advice or one.remark) for one in check_data(storage, settings, config)}


def test_store_of_an_older_version_names_the_command(config: Path) -> None:
    path = load(config)[0].store_path
    path.write_bytes(gzip.decompress(OLD_STORE.read_bytes()))
    [(state, _)] = found(config).values()
    assert state == "bad"


def test_damaged_release_is_bad(config: Path) -> None:
    with closing(sqlite3.connect(load(config)[0].store_path)) as db:
        db.execute("UPDATE release SET record = replace(record, ' ', ' q')")
        db.commit()
    state, advice = found(config)["releases"]
    assert (state, "`releases restore` a backup" in advice) == ("bad", True)


def test_changes_that_are_not_indexed_are_noted(config: Path) -> None:
    reindex(config.parent / "data")
    assert found(config)["index"][0] == "ok"
    with Store(load(config)[0].store_path) as store:
        store.save(RELEASE, seen=DAY)
    assert found(config)["index"] == ("note", "run `reindex`")


def test_damaged_index_is_bad(config: Path) -> None:
    reindex(config.parent / "data")
    [postings] = load(config)[0].index_dir.rglob("MAIN_*.posts")
    postings.write_bytes(postings.read_bytes()[:-9] + b"x" * 9)
    assert found(config)["index"][0] == "bad"


def test_damaged_current_file_is_bad(config: Path) -> None:
    reindex(config.parent / "data")
    (load(config)[0].index_dir / "CURRENT").write_text("x")
    assert found(config)["index"] == ("bad", "`reindex --full` builds it from the store")


def test_last_crawl_is_that_of_the_store(config: Path, tmp_path: Path) -> None:
    began = last_crawl(load(config)[0])
    assert isinstance(began, datetime)
    assert began.year == 2026
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "config.toml").write_text("")
    assert last_crawl(load(tmp_path / "empty" / "config.toml")[0]) is None


def test_a_store_without_releases_names_the_next_command(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    storage, settings = load(config)
    (one,) = check_data(storage, settings, config)
    assert (one.what, one.state, one.advice) == ("store", "note", "run `crawl`; then `reindex`")
    assert one.remark == f"{storage.store_path}: no releases yet"


def test_sound_data_are_told_with_the_quality_of_the_search(config: Path) -> None:
    storage, settings = load(config)
    before = {one.what: one for one in check_data(storage, settings, config)}
    assert before["index"].remark == f"{storage.index_dir}: no index yet"
    reindex(config.parent / "data")
    after = {one.what: one for one in check_data(storage, settings, config)}
    assert (after["index"].state, after["index"].advice) == ("ok", "")
    assert {one.state for one in after.values()} <= {"ok", "note"}
    assert after["store"].state == after["releases"].state == "ok"


def test_changes_that_are_not_indexed_are_counted(config: Path) -> None:
    reindex(config.parent / "data")
    storage, settings = load(config)
    with Store(storage.store_path) as store:
        store.save(RELEASE, seen=DAY)
        store.hide(RELEASE.url, seen=DAY)
    notes = [one.remark for one in check_data(storage, settings, config) if one.what == "index"]
    assert notes[1:] == ["2 changes of the store are not in it yet"]


def test_a_store_that_cannot_be_read_stops_the_checks(config: Path) -> None:
    storage, settings = load(config)
    storage.store_path.write_bytes(b"x" * 9_999)
    (one,) = check_data(storage, settings, config)
    assert (one.what, one.state) == ("store", "bad")
    assert one.advice == "follow the message; the index is checked once the store can be read"
    assert last_crawl(storage) is None
