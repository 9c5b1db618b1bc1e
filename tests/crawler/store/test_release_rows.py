"""Flipped bits in a stored release are found when it is read, whatever field they hit."""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from crawler.check import check_store
from crawler.store import Store, StoredRelease, StoreError
from crawler.store.migrations import MIGRATIONS
from crawler.store.release_rows import COLUMNS
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store in which no column of the first release is empty, and a second one."""
    path = tmp_path / "releases.sqlite3"
    with new_store(path) as store:
        store.save(RELEASE, seen=DAY)
        store.save(replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits teksts."), seen=DAY)
        store.mark_gone(ID, seen=DAY)
        store.miss(ID, seen=DAY)
    return path


def write(path: Path, column: str, value: int | bytes) -> None:
    """Write without updating any digest."""
    marks = "?" if isinstance(value, int) else "CAST(? AS TEXT)"
    db = sqlite3.connect(path)
    db.execute(f"UPDATE release SET {column} = {marks} WHERE id = ?", (value, ID))  # a column
    db.commit()
    db.close()


def raw(path: Path, column: str) -> int | bytes | None:
    db = sqlite3.connect(path)
    db.text_factory = bytes
    [(value,)] = db.execute(f"SELECT {column} FROM release WHERE id = ?", (ID,))  # a column
    db.close()
    assert value is None or isinstance(value, (int, bytes))
    return value


def is_reported(path: Path) -> bool:
    """Whether every way to read the releases reports the damage in one line that names the release."""
    with Store(path) as store:
        reported = [finding.remark for finding in check_store(store) if not finding.is_well]
        readings = [
            message_of(lambda: list(store.changes_since(-(2**63)))),
            message_of(lambda: store.get(ID)),
        ]
    named = re.compile(rf"{re.escape(str(path))}: release .+ is damaged; restore the file from a backup")
    # Under a changed id there is nothing to read.
    return bool(reported) and all(message == "None" or named.fullmatch(message) for message in readings)


def message_of(read: Callable[[], object]) -> str:
    """Return why *read* fails, or what it returns."""
    try:
        return repr(read())
    except StoreError as error:
        return str(error)


@pytest.mark.sweep
@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "moved_to"])
def test_any_flipped_bit_of_a_row_is_reported(path: Path, column: str) -> None:
    chance = random.Random(column)
    value = raw(path, column)
    flipped: list[int | bytes]
    if isinstance(value, int):
        flipped = [value ^ 1 << bit for bit in range(3, 60, 7)]
    else:
        assert value
        places = range(len(value)) if len(value) < 40 else sorted(chance.sample(range(len(value)), 40))
        flipped = [
            value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :] for at in places
        ]
    unreported = []
    for other in flipped:
        damaged = path.with_name("damaged.sqlite3")
        shutil.copy(path, damaged)
        write(damaged, column, other)
        if not is_reported(damaged):
            unreported.append(other)
    assert unreported == []


@pytest.mark.parametrize(
    ("column", "value"), [("moved_to", ID.encode()), ("struck", b""), ("gone_at", b"2026"), ("digest", b"")]
)
def test_added_or_replaced_value_is_reported(path: Path, column: str, value: bytes) -> None:
    write(path, column, value)
    assert is_reported(path)


def test_flipped_bits_of_the_file_are_reported_or_harmless(path: Path) -> None:
    with Store(path) as store:
        before = list(store.changes_since(0))
        store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    start = whole.index(RELEASE.body.split()[0].encode()) // 4096 * 4096
    chance = random.Random(1)
    for _ in range(150):
        damaged = bytearray(whole)
        damaged[start + chance.randrange(4096)] ^= 1 << chance.randrange(8)
        other = path.with_name("damaged.sqlite3")
        other.write_bytes(damaged)
        message = message_of(partial(read_all, other))
        assert message == repr(before) or message.startswith(f"{other}: ")
        for left in path.parent.glob("damaged.sqlite3*"):
            left.unlink()


def read_all(path: Path) -> list[StoredRelease]:
    with Store(path) as store:
        return list(store.changes_since(0))


def test_damage_is_not_sealed_by_a_later_change(path: Path) -> None:
    write(path, "site", b"mfa")
    with Store(path) as store:
        for change in (
            lambda: store.sight(ID, seen=DAY + timedelta(1)),
            lambda: store.save(RELEASE, seen=DAY),
            lambda: store.hide(RELEASE.url, seen=DAY),
            lambda: store.set_cluster(ID, "x", seen=DAY),
            lambda: store.overwrite(ID, RELEASE, seen=DAY),
        ):
            with pytest.raises(StoreError, match="is damaged"):
                change()


def test_store_of_an_earlier_version_gets_digests(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    db = sqlite3.connect(path)
    for number, script in enumerate(MIGRATIONS[:4], start=1):
        db.executescript(f"{script}; PRAGMA user_version = {number};")
    with Store(tmp_path / "new.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        [row] = store.rows(f"SELECT {', '.join(COLUMNS)} FROM release")  # constants
    marks = ", ".join("?" * len(COLUMNS))
    db.execute(f"INSERT INTO release ({', '.join(COLUMNS)}) VALUES ({marks})", row)  # as above
    db.commit()
    db.close()
    with Store(path) as store:
        assert all(finding.is_well for finding in check_store(store))
        assert [stored.release for stored in store.changes_since(0)] == [RELEASE]
        assert store.save(RELEASE, seen=datetime.now(UTC)) == "unchanged"
