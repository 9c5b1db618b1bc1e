"""`releases upgrade` on a store of an older version, of this one, and none."""

import gzip
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.store import Store
from crawler.store.database import NEWEST_FORMAT
from tests.support.releases_command import run

OLD = Path(__file__).parents[2] / "crawler" / "store" / "written_by" / "f99fda6.sqlite3.gz"


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('data_dir = "data"', encoding="utf-8")
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "releases.sqlite3"


def test_old_store_is_upgraded_once(store_path: Path) -> None:
    store_path.write_bytes(gzip.decompress(OLD.read_bytes()))
    config = store_path.parents[1] / "config.toml"
    first, second = run("upgrade", "--config", str(config)), run("upgrade", "--config", str(config))
    assert (first.exit_code, "the old store is releases.sqlite3.schema-4; run `reindex`" in first.output) == (
        0,
        True,
    )
    assert (second.exit_code, "already" in second.output) == (0, True)
    with Store.open_readonly(store_path) as store:
        assert store.count() == 29


def test_upgrade_after_one_that_was_killed_is_reported_too(store_path: Path) -> None:
    store_path.write_bytes(gzip.decompress(OLD.read_bytes()))
    # What a kill leaves that comes after the copy and before the commit.
    shutil.copy(store_path, store_path.with_name(f"{store_path.name}.schema-4"))
    done = run("upgrade", "--config", str(store_path.parents[1] / "config.toml"))
    assert (done.exit_code, "upgraded to format" in done.output) == (0, True)


def test_without_a_store_there_is_nothing_to_upgrade(store_path: Path) -> None:
    done = run("upgrade", "--config", str(store_path.parents[1] / "config.toml"))
    assert (done.exit_code, "no releases yet; run `crawl` first" in done.output) == (4, True)
    assert list(store_path.parent.iterdir()) == []


def test_what_was_done_is_said_in_one_line(store_path: Path) -> None:
    store_path.write_bytes(gzip.decompress(OLD.read_bytes()))
    config = store_path.parents[1] / "config.toml"
    copy = "the old store is releases.sqlite3.schema-4; run `reindex`"
    shown = [run("upgrade", "--config", str(config)).output for _ in range(2)]
    assert shown == [
        f"{store_path}: upgraded to format {NEWEST_FORMAT}; {copy}\n",
        f"{store_path}: has format {NEWEST_FORMAT} already\n",
    ]


def test_a_running_crawl_is_not_disturbed(store_path: Path) -> None:
    Store(store_path).close()
    with FileLock(store_path.with_name("crawl.lock")):
        done = run("upgrade", "--config", str(store_path.parents[1] / "config.toml"))
    assert (done.exit_code, "held by a crawl or a reindex" in done.output) == (3, True)
