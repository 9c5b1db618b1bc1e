from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store import Store, StoreError
from tests.support.stored_release import DAY, ID, RELEASE


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    def save_and_fail() -> None:
        with store.transaction():
            store.save(RELEASE, seen=DAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert store.get(ID) is None


def test_readers_see_committed_releases_while_a_writer_is_busy(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    with Store.open_readonly(store.path) as reader, store.transaction():
        store.save(replace(RELEASE, title="Cits"), seen=DAY)
        stored = reader.get(ID)
        assert stored is not None
        assert stored.release.title == RELEASE.title


def test_missing_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no releases yet; run `crawl` first"):
        Store.open_readonly(tmp_path / "none.sqlite3")


def test_foreign_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "releases.sqlite3"
    path.write_bytes(b"not a database at all" * 400)
    with pytest.raises(StoreError, match="file is not a database"):
        Store(path)


def test_store_of_a_newer_version_is_refused(store: Store) -> None:
    store.execute("PRAGMA user_version = 99")
    before = store.path.read_bytes()
    for open_store in (Store, Store.open_readonly):
        with pytest.raises(StoreError, match="newer version of this program; install that version"):
            open_store(store.path)
    assert store.path.read_bytes() == before
