from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.store import Store
from crawler.store.database import begin_epoch
from index.errors import EngineError
from index.history import START, ChangeList, EpochError, ListedEvent, PlaceError
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE

ALL = 10**9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "releases.sqlite3"
    with new_store(path) as store:
        store.save(replace(RELEASE, title="Zvaniet 67001122"), seen=DAY)
        store.save(replace(RELEASE, title="Zvani", body="Labots."), seen=DAY + timedelta(1))
        store.mark_gone(ID, seen=DAY + timedelta(2))
    return path


def kinds(changes: list[ListedEvent]) -> list[str]:
    return [change.kind for change in changes]


def test_changes_are_masked_and_in_order(path: Path) -> None:
    found, place = ChangeList(path).changes(START, up_to=ALL, at_most=9)
    assert [(change.kind, change.version, change.title) for change in found] == [
        ("new", 1, "Zvaniet ••••••••"),
        ("edit", 2, "Zvani"),
        ("removal", 2, "Zvani"),
    ]
    assert {change.ministry for change in found} == {RELEASE.ministry}
    assert place == found[-1].place


@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_each_change_comes_once_in_parts_of_any_size(path: Path, part: int) -> None:
    every = [change.place for change in ChangeList(path).all(START, up_to=ALL, part=part)]
    assert (len(every), len(set(every))) == (3, 3)
    for number, place in enumerate(every):
        rest = ChangeList(path).all(place, up_to=ALL, part=part)
        assert [change.place for change in rest] == every[number + 1 :]


def test_what_the_index_does_not_hold_yet_is_left_for_later(path: Path) -> None:
    listed = ChangeList(path)
    found, place = listed.changes(START, up_to=2, at_most=9)
    assert kinds(found) == ["new", "edit"]
    assert listed.changes(place, up_to=2, at_most=9) == ([], place)
    assert kinds(listed.changes(place, up_to=3, at_most=9)[0]) == ["removal"]


def test_changes_of_a_hidden_release_lose_their_text(path: Path) -> None:
    with Store(path) as store:
        store.hide(RELEASE.url, seen=DAY + timedelta(3))
    found, _ = ChangeList(path).changes(START, up_to=ALL, at_most=9)
    assert kinds(found) == ["new", "edit", "removal", "hide"]
    assert {(change.title, change.ministry) for change in found} == {(None, None)}


def test_a_place_ends_with_its_epoch(path: Path) -> None:
    _, place = ChangeList(path).changes(START, up_to=ALL, at_most=1)
    begin_epoch(path)
    with pytest.raises(EpochError, match="begin anew"):
        ChangeList(path).changes(place, up_to=ALL, at_most=1)


@pytest.mark.parametrize("since", ["", "x", "0", "-1", "0123456789abcdef-", "0123456789abcdef-01", " ", "٠"])
def test_other_text_is_no_place(path: Path, since: str) -> None:
    with pytest.raises(PlaceError, match="not a cursor"):
        ChangeList(path).changes(since, up_to=ALL, at_most=1)


def test_a_missing_store_is_no_empty_list(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        ChangeList(tmp_path / "none.sqlite3").changes(START, up_to=ALL, at_most=1)
