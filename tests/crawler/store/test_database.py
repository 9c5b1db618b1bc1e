import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store import ChangeError, Store, StoreError
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
