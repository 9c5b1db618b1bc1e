"""Flipped bits in a stored release are found when it is read, whatever field they hit."""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from crawler.check import check_store
from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.plan import Link
from crawler.store import Store, StoredRelease, StoreError, release_id
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


OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", title="Cits", body="Pavisam cits teksts.", language="en")
THIRD = replace(RELEASE, url="https://mod.example/x", site="mod", body="Trešais.")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Store]:
    """A store with releases of two sites: present, gone, hidden and merged."""
    with new_store(tmp_path / "rows.sqlite3") as store:
        for number, one in enumerate((RELEASE, OTHER, THIRD)):
            store.save(one, seen=DAY + timedelta(number))
        for name in ("gone", "hidden", "merged"):
            store.save(replace(RELEASE, url=f"{RELEASE.url}-{name}", title=name, body=name), seen=DAY)
        store.mark_gone(release_id("iem", f"{RELEASE.url}-gone"), seen=DAY)
        store.hide(f"{RELEASE.url}-hidden", seen=DAY)
        store.add_addresses(ID, (f"{RELEASE.url}-merged",), seen=DAY)
        yield store


def test_releases_are_counted_and_listed_by_what_is_asked(rows: Store) -> None:
    ids = {name: release_id("iem", f"{RELEASE.url}-{name}") for name in ("gone", "hidden", "merged", "2")}
    third = release_id("mod", THIRD.url)
    assert (rows.count(), rows.count_of("iem"), rows.count_of("mod"), rows.count_of("x")) == (4, 2, 1, 0)
    assert rows.ids() == {ID, third, *ids.values()}
    urls = {ID: RELEASE.url, **{ids[name]: f"{RELEASE.url}-{name}" for name in ("gone", "hidden", "2")}}
    assert rows.urls_of("iem") == sorted(urls.items())
    assert sorted(rows.titles("iem")) == ["Cits", RELEASE.title]
    assert [rows.count_before("iem", DAY + timedelta(day)) for day in (0, 1, 2)] == [0, 4, 5]
    assert rows.last_number() == max(stored.number for stored in rows.changes_since(0))


def test_the_main_language_is_that_of_most_present_releases(rows: Store) -> None:
    assert (rows.main_language("mod"), rows.main_language("x")) == ("lv", None)
    for number in range(2):
        rows.save(replace(OTHER, url=f"https://a.lv/{number}", body=f"{number}"), seen=DAY)
    assert rows.main_language("iem") == "en"


def test_releases_are_found_by_their_bodies(rows: Store) -> None:
    found = rows.with_bodies("iem", [RELEASE.body, OTHER.body, "gone", "hidden", "merged", THIRD.body])
    assert sorted(found, key=lambda release: release.url) == [RELEASE, OTHER]
    assert rows.with_bodies("iem", [RELEASE.body[:-1]]) == []
    assert rows.with_bodies("mod", [THIRD.body]) == [THIRD]


def test_days_of_lists_come_with_those_of_the_pages(rows: Store) -> None:
    frontier = Frontier(rows, Recheck())
    run = frontier.start(DAY)
    for release, day in ((RELEASE, date(2026, 2, 27)), (OTHER, date(2026, 2, 28)), (THIRD, date(2026, 2, 1))):
        listed = DiscoveredUrl(url=release.url, title=None, published=day, source="list")
        frontier.add(
            release.site, [Link(url=release.url, kind="release", depth=1, discovered=listed)], run, at_most=9
        )
    changed_last = (RELEASE.url, "2026-02-27", "2026-02-27")
    assert rows.days_by_url("iem", at_most=9) == [changed_last, (OTHER.url, "2026-02-28", "2026-02-27")]
    assert rows.days_by_url("iem", at_most=1) == [changed_last]
    rows.save(replace(OTHER, published_source="list", title="Cits virsraksts"), seen=DAY)
    assert rows.days_by_url("iem", at_most=9) == [changed_last]


def test_earlier_texts_come_newest_first_and_as_many_as_asked_for(rows: Store) -> None:
    days = (date(2026, 2, 27), None, date(2026, 1, 1))
    for number, day in enumerate(days, start=1):
        rows.save(replace(RELEASE, lead="I", body=f"{number}", published=day), seen=DAY + timedelta(number))
    found = rows.revisions(ID)
    assert [revision.body for revision in found] == ["2", "1", RELEASE.body, "merged"]
    assert (found[0].published, found[1].published) == (None, date(2026, 2, 27))
    assert (found[0].until, found[0].title, found[0].lead) == (DAY + timedelta(3), RELEASE.title, "I")
    assert [revision.body for revision in rows.revisions(ID, at_most=2)] == ["2", "1"]
    assert rows.revisions(ID, at_most=0) == ()
    assert [rows.count_revisions(id_) for id_ in (ID, release_id("iem", OTHER.url))] == [4, 0]


def test_every_release_of_a_large_store_is_checked(tmp_path: Path) -> None:
    with new_store(tmp_path / "large.sqlite3") as store:
        with store.transaction():
            for number in range(101):
                store.save(replace(RELEASE, url=f"https://a.lv/{number}", body=f"{number}"), seen=DAY)
        assert store.damaged_ids() == []
        ids = [release_id("iem", f"https://a.lv/{number}") for number in (0, 49, 50, 100)]
        for id_ in ids:
            store.execute("UPDATE release SET site = 'x' WHERE id = ?", id_)
        assert store.damaged_ids() == ids


def test_a_row_whose_digest_is_right_but_whose_text_is_not_is_damaged(rows: Store) -> None:
    rows._update(ID, text_digest="x")
    assert rows.damaged_ids() == [ID]
    rows._update(ID, record="{")
    assert rows.damaged_ids() == [ID]
    with pytest.raises(StoreError) as caught:
        rows.get(ID)
    assert str(caught.value) == f"{rows.path}: release {ID} is damaged; restore the file from a backup"


def test_an_id_with_control_characters_is_named_in_print(rows: Store) -> None:
    rows.execute("UPDATE release SET id = char(27) || 'x' WHERE url = ?", THIRD.url)
    assert rows.damaged_ids() == [r"\x1bx"]


def test_a_change_that_changes_nothing_still_has_a_number_of_its_own(rows: Store) -> None:
    number = rows.last_number()
    rows._update(ID, site="iem")
    assert rows.last_number() == number
    rows.set_cluster(ID, ID, seen=DAY + timedelta(7))
    stored = rows.get(ID)
    assert stored is not None
    assert (stored.number, stored.changed) == (number + 1, DAY + timedelta(7))
