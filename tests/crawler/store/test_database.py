import gzip
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from crawler.store import Store, StoreError
from crawler.store.database import (
    NEWEST_FORMAT,
    ChangedError,
    ChangeError,
    Database,
    log_files,
    row_digest,
    store_exists,
    write_log_back,
)
from tests.support.installation import OLD_STORE
from tests.support.stored_release import DAY, ID, RELEASE


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    def save_and_fail() -> None:
        with store.transaction():
            store.save(RELEASE, seen=DAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert store.get(ID) is None


def fail_after(write: Callable[[], None]) -> Callable[[], None]:
    def act() -> None:
        write()
        raise ZeroDivisionError

    return act


def run_inside(store: Store, act: Callable[[], None]) -> None:
    with store.transaction():
        act()


def test_transaction_inside_another_ends_with_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        run_inside(store, fail_after(lambda: run_inside(store, lambda: take_down(store, "https://a.lv/1"))))
    assert store.takedowns() == []
    run_inside(store, lambda: run_inside(store, lambda: take_down(store, "https://a.lv/1")))
    with Store.open_readonly(store.path) as reader:
        assert [url for url, _ in reader.takedowns()] == ["https://a.lv/1"]


def test_failure_inside_that_is_handled_leaves_the_transaction_open(store: Store) -> None:
    with store.transaction():
        take_down(store, "https://a.lv/1")
        with pytest.raises(ZeroDivisionError):
            run_inside(store, fail_after(lambda: None))
        take_down(store, "https://a.lv/2")
    assert [url for url, _ in store.takedowns()] == ["https://a.lv/1", "https://a.lv/2"]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_broken_constraint_is_a_change_error_at_any_depth(store: Store, depth: int) -> None:
    def break_constraint(depth: int) -> None:
        if depth == 0:
            store.execute("INSERT INTO takedown VALUES (NULL, 'now')")
        else:
            run_inside(store, lambda: break_constraint(depth - 1))

    with pytest.raises(ChangeError, match=r"takedown\.url"):
        break_constraint(depth)
    take_down(store, "https://a.lv/1")
    assert len(store.takedowns()) == 1


def test_store_goes_on_after_a_commit_that_failed(store: Store) -> None:
    def refer_to_nothing() -> None:
        store.rows("PRAGMA defer_foreign_keys = ON")
        store.execute("INSERT INTO alias VALUES ('https://a.lv/1', 'no release')")

    store.rows("PRAGMA foreign_keys = ON")
    with pytest.raises(ChangeError, match="FOREIGN KEY"):
        run_inside(store, refer_to_nothing)
    take_down(store, "https://a.lv/1")
    assert store.count_dangling_references() == 0


def test_error_of_the_file_inside_a_transaction_names_the_store(store: Store) -> None:
    def leave_disk() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match=f"{store.path}: .*No space left"):
        run_inside(store, leave_disk)


def test_savepoint_undoes_only_its_own_writes(store: Store) -> None:
    def in_savepoint() -> None:
        with store.savepoint():
            take_down(store, "https://a.lv/2")
            raise ZeroDivisionError

    with store.transaction():
        take_down(store, "https://a.lv/1")
        with pytest.raises(ZeroDivisionError):
            in_savepoint()
        with store.savepoint():
            take_down(store, "https://a.lv/3")
    assert [url for url, _ in store.takedowns()] == ["https://a.lv/1", "https://a.lv/3"]


def test_another_thread_waits_for_the_end_of_a_transaction(store: Store) -> None:
    seen: list[int] = []
    reader = threading.Thread(target=lambda: seen.append(len(store.takedowns())))
    with store.transaction():
        reader.start()
        take_down(store, "https://a.lv/1")
        assert seen == []
    reader.join()
    assert seen == [1]


def test_store_that_another_process_writes_to_is_refused_and_can_be_used_later(store: Store) -> None:
    store.rows("PRAGMA busy_timeout = 1")
    with Store(store.path) as other:
        with other.transaction(), pytest.raises(StoreError, match="locked"):
            take_down(store, "https://a.lv/1")
        free = threading.Thread(target=lambda: take_down(store, "https://a.lv/2"))
        free.start()
        free.join()
        assert [url for url, _ in other.takedowns()] == ["https://a.lv/2"]


def test_faulty_query_names_the_store(store: Store) -> None:
    with pytest.raises(StoreError, match=f"{store.path}: no such table"):
        store.rows("SELECT * FROM pages")


def take_down(store: Store, url: str) -> None:
    store.execute("INSERT INTO takedown VALUES (?, ?)", url, DAY.isoformat())


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


@pytest.mark.parametrize(("content", "exists"), [(None, False), (b"", False), (b"x", True)])
def test_a_store_is_a_file_that_is_not_empty(tmp_path: Path, content: bytes | None, *, exists: bool) -> None:
    path = tmp_path / "releases.sqlite3"
    if content is not None:
        path.write_bytes(content)
    assert store_exists(path) is exists
    assert not store_exists(tmp_path)


@pytest.mark.parametrize("mode", ["rw", "ro", "ro&immutable=1"])
def test_a_reader_cannot_write(store: Store, mode: Literal["rw", "ro", "ro&immutable=1"]) -> None:
    with Database(store.path, mode=mode) as reader:
        with pytest.raises(StoreError, match="attempt to write a readonly database"):
            reader.execute("DELETE FROM run")
        assert reader.rows("PRAGMA query_only") == [(1,)]


def test_a_new_store_is_made_with_its_folder_and_survives_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "releases.sqlite3"
    with Database(path) as made:
        assert made.rows("PRAGMA journal_mode") == [("wal",)]
        assert made.rows("PRAGMA synchronous") == [(2,)]
        assert (made.format(), made.old_copy) == (NEWEST_FORMAT, None)
    with pytest.raises(StoreError, match="unable to open database file"):
        Database(tmp_path / "none.sqlite3", mode="rw")
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.parametrize(
    ("format_", "remark"),
    [
        (NEWEST_FORMAT - 1, "made by an older version of this program; `releases upgrade` upgrades it"),
        (0, "made by an older version of this program; `releases upgrade` upgrades it"),
        (
            NEWEST_FORMAT + 1,
            "made by a newer version of this program; install that version, or restore a backup made before",
        ),
        (
            3,
            "made during the development of 0.1.0, before its formats settled; crawl into a new data_dir",
        ),
        (
            1,
            "made during the development of 0.1.0, before its formats settled; crawl into a new data_dir",
        ),
    ],
)
def test_a_store_of_another_format_is_not_read(store: Store, format_: int, remark: str) -> None:
    store.execute(f"PRAGMA user_version = {format_}")
    with pytest.raises(StoreError) as caught:
        Store.open_readonly(store.path)
    assert str(caught.value) == f"{store.path}: {remark}"


def test_an_immutable_store_that_changes_is_not_trusted(store: Store) -> None:
    store.close()
    with Database(store.path, mode="ro&immutable=1") as reader:
        assert reader.rows("SELECT count(*) FROM release") == [(0,)]
        with Store(store.path) as writer:
            writer.save(RELEASE, seen=DAY)
            with pytest.raises(ChangedError) as caught:
                reader.rows("SELECT count(*) FROM release")
    assert str(caught.value) == f"{store.path}: changed while being read; try again"


def test_a_transaction_joins_that_of_its_caller(store: Store) -> None:
    def fail_outside() -> None:
        with store.transaction():
            with store.transaction():
                store.execute("INSERT INTO run (started) VALUES (1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_outside()
    assert store.rows("SELECT * FROM run") == []


def test_a_failed_savepoint_takes_back_only_its_own_writes(store: Store) -> None:
    def fail_inside() -> None:
        with store.savepoint():
            store.execute("INSERT INTO run (started) VALUES (2)")
            raise ZeroDivisionError

    with store.transaction():
        store.execute("INSERT INTO run (started) VALUES (1)")
        with pytest.raises(ZeroDivisionError):
            fail_inside()
        with store.savepoint():
            store.execute("INSERT INTO run (started) VALUES (3)")
    assert store.rows("SELECT started FROM run") == [(1,), (3,)]


def test_a_savepoint_outside_of_a_transaction_is_one(store: Store) -> None:
    with store.savepoint():
        store.execute("INSERT INTO run (started) VALUES (1)")
    with Store.open_readonly(store.path) as reader:
        assert reader.rows("SELECT started FROM run") == [(1,)]


def test_a_savepoint_whose_transaction_was_ended_by_the_error_says_so(store: Store) -> None:
    def end() -> None:
        with store.savepoint():
            store._db.rollback()
            raise ZeroDivisionError("inside")

    with pytest.raises(StoreError) as caught:
        end()
    assert str(caught.value) == f"{store.path}: inside"


@pytest.mark.parametrize(
    ("sql", "values", "kind"),
    [
        ("INSERT INTO run (id, started) VALUES (1, 2)", (), ChangeError),
        ("INSERT INTO run (started) VALUES (?)", ("text",), ChangeError),
        ("INSERT INTO takedown VALUES (?, NULL)", ("x",), ChangeError),
        ("INSERT INTO run (started) VALUES (?)", (), ChangeError),
        ("INSERT INTO run (started) VALUES (?)", (object(),), ChangeError),
        ("INSERT INTO nowhere VALUES (1)", (), StoreError),
    ],
)
def test_a_change_that_breaks_a_constraint_leaves_the_store_sound(
    store: Store, sql: str, values: tuple[Any, ...], kind: type[StoreError]
) -> None:
    store.execute("INSERT INTO run (id, started) VALUES (1, 1)")
    with pytest.raises(StoreError) as caught:
        store.execute(sql, *values)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(f"{store.path}: ")
    assert "backup" not in str(caught.value)
    assert store.rows("SELECT id, started FROM run") == [(1, 1)]


def test_a_file_that_is_damaged_is_to_be_restored(store: Store, tmp_path: Path) -> None:
    store.save(RELEASE, seen=DAY)
    assert store.corruptions() == []
    store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged = bytearray(store.path.read_bytes())
    damaged[4096 : 4096 * 12] = b"\xff" * 4096 * 11
    path = tmp_path / "damaged.sqlite3"
    path.write_bytes(damaged)
    with Database(path, mode="ro") as reader:
        assert 0 < len(reader.corruptions()) <= 5
        with pytest.raises(StoreError) as caught:
            reader.rows("SELECT count(*) FROM release NOT INDEXED")
    assert str(caught.value) == f"{path}: database disk image is malformed; restore the file from a backup"


def test_a_copy_is_a_store_and_the_reader_that_made_it_stays_one(store: Store, tmp_path: Path) -> None:
    store.save(RELEASE, seen=DAY)
    copy = tmp_path / "copy.sqlite3"
    with Store.open_readonly(store.path) as reader:
        reader.copy_to(copy)
        assert reader.rows("PRAGMA query_only") == [(1,)]
    store.copy_to(tmp_path / "other.sqlite3")
    assert store.rows("PRAGMA query_only") == [(0,)]
    with Store(copy) as copied:
        assert [stored.release for stored in copied.changes_since(0)] == [RELEASE]


def test_a_backup_is_one_file_in_place_of_an_earlier_one(store: Store, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    backup.write_bytes(b"an earlier one")
    store.save(RELEASE, seen=DAY)
    store.back_up_to(backup)
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert db.execute("SELECT id FROM release").fetchall() == [(ID,)]
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.sqlite3"]


def test_free_space_is_measured_and_given_back(store: Store) -> None:
    store.compact()
    assert store.measure_free() == (0, 0)
    store.execute("INSERT INTO attachment VALUES ('x', ?)", "x" * 100_000)
    before = store.path.stat().st_size
    store.execute("DELETE FROM attachment")
    pages, size = store.measure_free()
    assert (pages > 20, size) == (True, pages * 4096)
    store.compact()
    assert store.measure_free() == (0, 0)
    assert store.path.stat().st_size <= max(before, 4096 * 80)
    assert log_files(store.path)[0].stat().st_size == 0


def test_rows_that_refer_to_nothing_are_counted(store: Store) -> None:
    assert store.count_dangling_references() == 0
    for number in range(3):
        store.execute("INSERT INTO alias VALUES (?, 'iem-none')", f"https://a.lv/{number}")
    assert store.count_dangling_references() == 3


def test_a_store_of_an_earlier_format_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "releases.sqlite3"
    path.write_bytes(gzip.decompress(OLD_STORE.read_bytes()))
    with closing(sqlite3.connect(path)) as db:
        [(old,)] = db.execute("PRAGMA user_version")
    copy = path.with_name(f"releases.sqlite3.schema-{old}")
    with Store(path) as migrated:
        assert migrated.format() == NEWEST_FORMAT > old
        assert migrated.old_copy == copy
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (old,)
    with Store(path) as again:
        assert again.old_copy is None


def test_a_store_is_not_upgraded_without_a_copy_and_no_draft_stays(store: Store) -> None:
    store.execute(f"PRAGMA user_version = {NEWEST_FORMAT - 1}")
    store.close()
    copy = store.path.with_name(f"releases.sqlite3.schema-{NEWEST_FORMAT - 1}")
    copy.mkdir()  # cannot be replaced by a file
    with pytest.raises(StoreError, match=f"^{store.path}: not upgraded, since no copy can be made: "):
        Store(store.path)
    assert [*store.path.parent.glob("*.draft")] == []
    with closing(sqlite3.connect(store.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (NEWEST_FORMAT - 1,)


def test_the_files_of_the_log_are_beside_the_store(store: Store) -> None:
    names = [path.name for path in log_files(store.path)]
    assert names == ["releases.sqlite3-wal", "releases.sqlite3-shm"]
    assert {path.parent for path in log_files(store.path)} == {store.path.parent}


def test_a_log_is_written_back_into_the_store(store: Store, tmp_path: Path) -> None:
    store.save(RELEASE, seen=DAY)
    path = tmp_path / "left.sqlite3"
    for old, new in zip((store.path, *log_files(store.path)[:1]), (path, *log_files(path)[:1]), strict=True):
        new.write_bytes(old.read_bytes())
    write_log_back(path)
    with Database(path, mode="ro&immutable=1") as reader:
        assert reader.rows("SELECT id FROM release") == [(ID,)]
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"not a database" * 1000)
    write_log_back(damaged)
    assert damaged.read_bytes() == b"not a database" * 1000


def test_the_digest_of_a_row_never_changes() -> None:
    assert row_digest("iem-1", 7, None, "Jūra") == "5dcf8764bf2eb59393c2ab2228fe92a5"
    assert row_digest(b"x", 1.5) != row_digest("x", 1.5)


def test_text_that_is_not_unicode_is_read_with_marks(store: Store) -> None:
    assert store.rows("SELECT CAST(x'61ff62' AS TEXT)") == [("a\ufffdb",)]
