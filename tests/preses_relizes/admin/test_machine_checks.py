"""Disk, permissions and clock as `releases check` sees them."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.config import Storage
from index.compiled import is_compiled
from preses_relizes.admin.diagnosis import Diagnosis
from preses_relizes.admin.machine_checks import (
    check_clock,
    check_crawl_age,
    check_disk,
    check_permissions,
    check_search_core,
    compare_clock,
    size_of,
)

NOW = datetime.now(UTC)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o750)
    (folder / "releases.sqlite3").write_bytes(bytes(1000))
    (folder / "releases.sqlite3").chmod(0o640)
    return Storage(data_dir=folder)


def states(found: Iterator[Diagnosis]) -> list[tuple[str, str]]:
    return [(one.state, one.advice) for one in found]


def test_size_is_that_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for path in (tmp_path / "x", tmp_path / "a" / "y"):
        path.write_bytes(bytes(10))
    assert [size_of(path) for path in (tmp_path, tmp_path / "x", tmp_path / "none")] == [20, 10, 0]


@pytest.mark.parametrize(
    ("free", "state"), [(100_000_000, "bad"), (200_000_999, "bad"), (200_001_000, "ok"), (900_000_000, "ok")]
)
def test_full_disk_is_bad(free: int, state: str, storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 0, free))
    assert [one.state for one in check_disk(storage)] == [state]


def test_data_closed_to_others_are_right(storage: Storage) -> None:
    assert states(check_permissions(storage)) == [("ok", "")]


def test_data_open_to_others_are_noted(storage: Storage) -> None:
    storage.store_path.chmod(0o644)
    assert states(check_permissions(storage)) == [("note", f"chmod -R o-rwx {storage.data_dir}")]


def test_folder_to_be_made_needs_a_parent(tmp_path: Path) -> None:
    found = list(check_permissions(Storage(data_dir=tmp_path / "a" / "data")))
    assert [(one.state, "can be created" in one.remark) for one in found] == [("ok", True)]


@pytest.mark.parametrize(
    ("began", "state"), [(None, "ok"), (NOW - timedelta(days=1), "ok"), (NOW + timedelta(days=1), "bad")]
)
def test_crawl_in_the_future_shows_that_the_clock_is_wrong(began: datetime | None, state: str) -> None:
    assert [one.state for one in check_clock(began)] == [state]


@pytest.mark.parametrize(
    ("there", "count"), [(NOW, 0), (NOW - timedelta(hours=1), 1), (NOW + timedelta(hours=1), 1)]
)
def test_clock_of_a_server_may_differ_by_a_little(there: datetime, count: int) -> None:
    assert [one.state for one in compare_clock(there, NOW)] == ["bad"] * count


@pytest.mark.parametrize(
    ("hours", "max_h", "state"), [(71, 72.0, ["ok"]), (73, 72.0, ["note"]), (5000, 0.0, ["ok"])]
)
def test_crawl_that_is_overdue_is_noted(hours: int, max_h: float, state: list[str]) -> None:
    found = check_crawl_age(NOW - timedelta(hours=hours), max_h)
    assert [one.state for one in found] == state


def test_store_without_a_crawl_has_no_crawl_age() -> None:
    assert list(check_crawl_age(None, 72.0)) == []


def test_core_in_use_is_named() -> None:
    [found] = check_search_core()
    expected = ("ok", "compiled") if is_compiled() else ("note", "pure Python")
    assert (found.state, found.remark[: len(expected[1])]) == expected


@pytest.mark.parametrize(
    ("free", "state", "advice"),
    [
        # 1.8 times the index in use, the store, and some room.
        (
            200_001_000 + 900 - 1,
            "bad",
            "make room, or `releases prune`: a rebuild or an upgrade may need 200.0 MB",
        ),
        (200_001_000 + 900, "ok", ""),
    ],
)
def test_room_is_needed_for_one_index_however_many_are_kept(
    free: int, state: str, advice: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for generation in ("1", "2"):
        (storage.index_dir / generation).mkdir(parents=True)
        (storage.index_dir / generation / "x").write_bytes(bytes(500))
    (storage.index_dir / "CURRENT").touch()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 0, free))
    (found,) = check_disk(storage)
    assert (found.what, found.state, found.advice) == ("disk", state, advice)
    assert found.remark == f"200.0 MB free at {storage.data_dir}; index 1.0 kB, store 1.0 kB"


def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_of_its_parent(tmp_path: Path) -> None:
    (found,) = check_disk(Storage(data_dir=tmp_path / "a" / "b"))
    assert f"free at {tmp_path}; index 0 bytes, store 0 bytes" in found.remark


def test_all_files_that_others_may_read_are_counted(storage: Storage) -> None:
    for name in ("a", "b"):
        (storage.data_dir / name).touch()
        (storage.data_dir / name).chmod(0o604)
    (found,) = check_permissions(storage)
    assert (found.state, found.remark) == (
        "note",
        f"{storage.data_dir / 'a'}: other users may read it (2 in all)",
    ) or found.remark == f"{storage.data_dir / 'b'}: other users may read it (2 in all)"


def test_what_is_right_is_said_so(storage: Storage, tmp_path: Path) -> None:
    (sound,) = check_permissions(storage)
    assert sound.remark == f"{storage.data_dir}: this user can write it, others cannot read it"
    missing = tmp_path / "new" / "data"
    (new,) = check_permissions(Storage(data_dir=missing))
    assert new.remark == f"{missing}: can be created"


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("ahead", "state"), [(1.9, "ok"), (2.1, "bad"), (-9, "ok")])
def test_two_minutes_are_no_wrong_clock(ahead: float, state: str) -> None:
    (found,) = check_clock(datetime.now(UTC) + ahead * MINUTE)
    assert (found.what, found.state) == ("clock", state)


def test_a_wrong_clock_is_told_with_both_times() -> None:
    began = datetime(2199, 1, 2, 3, 4, tzinfo=UTC)
    (found,) = check_clock(began)
    assert "UTC here, and the last crawl began at 2199-01-02 03:04" in found.remark
    assert found.advice == "set the clock (timedatectl set-ntp true): nothing is due before that time"
    (right,) = check_clock(None)
    assert right.remark.endswith(" UTC")


@pytest.mark.parametrize(("minutes", "is_off"), [(2, False), (-2, False), (2.01, True), (-2.01, True)])
def test_the_clock_of_a_server_is_compared(minutes: float, *, is_off: bool) -> None:
    here = datetime(2026, 3, 1, 9, tzinfo=UTC)
    found = [*compare_clock(here + minutes * MINUTE, here)]
    assert bool(found) is is_off
    if minutes == 2.01:
        assert (
            found[0].remark == "it is 2026-03-01 09:00 UTC here and 2026-03-01 09:02 UTC on the site's server"
        )
        assert found[0].advice == "set the clock (timedatectl set-ntp true)"


def test_the_age_of_a_crawl_is_told() -> None:
    began = datetime(2020, 1, 2, 3, 4, tzinfo=UTC)
    (late,) = check_crawl_age(began, 1.5)
    remark = "the last one began at 2020-01-02 03:04 UTC"
    assert late.remark == f"{remark}, more than 1.5 hours ago"
    assert late.advice == "run `crawl`, and look at its timer: `systemctl list-timers`, if you use systemd"
    (any_age,) = check_crawl_age(began, 0)
    assert (any_age.what, any_age.state, any_age.remark) == ("crawl", "ok", remark)
