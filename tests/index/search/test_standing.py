from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.store import Store, stays_of
from index.results import Stood
from index.search.standing import OPEN, bounds, columns, pack, release_of, unpack
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        store.mark_gone(ID, seen=DAY + timedelta(days=2))
        yield store


def test_a_stay_is_unpacked_as_it_was_packed(store: Store) -> None:
    [stay] = stays_of(store, store.get(ID))
    until = DAY + timedelta(days=2)
    stood = Stood(
        release=ID, first=1, last=1, presumed=RELEASE.published, after=None, since=DAY, seen=DAY, until=until
    )
    assert unpack(pack(stay, ID), ID) == stood
    assert unpack(pack(stay, "iem-another"), "iem-another") == stood


def test_a_stay_overlaps_the_days_on_which_it_began_and_ended(store: Store) -> None:
    [stay] = stays_of(store, store.get(ID))
    since, until = columns(stay)

    def stood(first: date, last: date) -> bool:
        begin, end = bounds(first, last)
        return since <= end and until >= begin

    days = [date(2026, 2, 26) + timedelta(days=number) for number in range(8)]
    assert [day.isoformat() for day in days if stood(day, day)] == [
        "2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03",
    ]  # fmt: skip
    assert stood(date.min, date.max - timedelta(days=1))
    assert not stood(date.max, date.max)


@pytest.mark.parametrize("day", [date.min, date(1, 1, 2)])
def test_a_release_may_be_dated_on_any_day(tmp_path: Path, day: date) -> None:
    with new_store(tmp_path / "dated.sqlite3") as store:
        store.save(replace(RELEASE, published=day), seen=DAY)
        [stay] = stays_of(store, store.get(ID))
        assert stay.presumed == day
        assert columns(stay)[0] <= bounds(day, day)[1]


@pytest.mark.parametrize("day", [date.min, date(1, 1, 3), date(6053, 2, 1), date(9999, 12, 30), date.max])
def test_bounds_fit_into_the_columns(day: date) -> None:
    assert all(-OPEN <= bound <= OPEN for bound in bounds(day, day))


def test_days_are_those_of_riga() -> None:
    first, last = bounds(date(2026, 7, 1), date(2026, 7, 1))
    assert datetime.fromtimestamp(first * 60).astimezone().utctimetuple()[2:5] == (30, 21, 0)
    assert last - first == 24 * 60 - 1


def test_a_document_is_of_the_release_before_the_sign() -> None:
    assert [release_of(id_) for id_ in ("iem-1", "iem-1@iem-2.3.1")] == ["iem-1", "iem-1"]
