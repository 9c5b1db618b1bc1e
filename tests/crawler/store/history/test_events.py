import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.store import Store, StoreError, release_id
from crawler.store.history.events import Event
from crawler.store.rollback import roll_back
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE

OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.")
OTHER_ID = release_id(OTHER.site, OTHER.url)
NEXT = DAY + timedelta(1)


def kinds(store: Store, *, after: int = 0) -> list[tuple[str, int]]:
    """Return kind and version of the events of `RELEASE`."""
    return [(event.kind, event.version) for event in store.events(after=after) if event.release == ID]


def test_what_happens_to_a_release_is_told_in_order(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, category="Cita"), seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=NEXT)
    store.overwrite(ID, replace(RELEASE, body="Labots.", contact="x"), seen=NEXT)
    store.overwrite(ID, replace(RELEASE, body="Labots!"), seen=NEXT)
    store.mark_gone(ID, seen=NEXT)
    store.sight(ID, seen=NEXT)
    store.hide(RELEASE.url, seen=NEXT)
    store.unhide(RELEASE.url, seen=NEXT)
    roll_back(store, "iem", since=NEXT, seen=NEXT)
    assert kinds(store) == [
        ("new", 1),
        ("edit", 2),
        ("reread", 3),
        ("removal", 3),
        ("return", 3),
        ("hide", 3),
        ("unhide", 3),
        ("undo", 4),
    ]


def test_a_merge_names_the_successor_and_a_separation_ends_it(store: Store) -> None:
    for release in (OTHER, RELEASE):
        store.save(release, seen=DAY)
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=NEXT)
    [merge] = store.events(after=2)
    assert merge == Event(
        number=merge.number, at=NEXT, kind="merge", release=ID, version=1, successor=OTHER_ID
    )
    store.separate(ID, seen=NEXT)
    assert kinds(store) == [("new", 1), ("merge", 1), ("separation", 1)]


def test_a_release_that_comes_back_with_another_text_has_two_events(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=DAY)
    before = store.last_number()
    store.save(replace(RELEASE, body="Labots."), seen=NEXT)
    assert kinds(store, after=before) == [("return", 2), ("edit", 2)]
    stored = store.get(ID)
    assert stored is not None
    assert stored.number == store.last_event() == before + 2


def test_a_separated_release_is_what_it_was_before_the_merge(store: Store) -> None:
    for release in (OTHER, RELEASE):
        store.save(release, seen=DAY)
    store.mark_gone(ID, seen=DAY)
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=NEXT)
    store.separate(ID, seen=NEXT)
    assert [kind for kind, _ in kinds(store)] == ["new", "removal", "merge", "separation", "removal"]


def test_a_release_that_is_gone_can_be_hidden_and_shown(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=DAY)
    store.hide(RELEASE.url, seen=NEXT)
    store.unhide(RELEASE.url, seen=NEXT)
    assert [kind for kind, _ in kinds(store)] == ["new", "removal", "hide", "unhide", "removal"]
    assert store.was_gone(ID, DAY, NEXT + timedelta(1))
    store.sight(ID, seen=NEXT)
    assert [kind for kind, _ in kinds(store)][5:] == ["return"]
    assert not store.was_gone(ID, DAY, NEXT + timedelta(1))


def test_a_hidden_release_that_its_site_shows_again_is_no_longer_gone(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=DAY)
    store.hide(RELEASE.url, seen=NEXT)
    store.sight(ID, seen=NEXT)
    store.unhide(RELEASE.url, seen=NEXT)
    assert [kind for kind, _ in kinds(store)] == ["new", "removal", "hide", "unhide"]
    assert not store.was_gone(ID, DAY, NEXT + timedelta(1))


class Mirror:
    """What the events alone tell: the state of each release, and the number of its version."""

    def __init__(self) -> None:
        self.shown: dict[str, tuple[str, int]] = {}

    def read(self, events: Iterable[Event]) -> None:
        for event in events:
            state, _ = self.shown.get(event.release, ("", 0))
            self.shown[event.release] = (STATES.get(event.kind, state or "present"), event.version)


STATES = {
    "new": "present",
    "removal": "gone",
    "return": "present",
    "hide": "hidden",
    "unhide": "present",
    "merge": "hidden",
    "separation": "present",
}


def add_address(store: Store, owners: Iterable[tuple[str]], url: str, seen: datetime) -> None:
    for (owner,) in owners:
        store.add_addresses(owner, (url,), seen=seen)


def act(store: Store, chance: random.Random, seen: datetime) -> None:
    """Let something happen to one of three releases."""
    number = chance.randrange(3)
    release = replace(RELEASE, url=f"{RELEASE.url}-{number}", body=f"Teksts {chance.randrange(3)}.{number}")
    id_ = release_id(release.site, release.url)
    stored = store.get(id_)
    if stored is None:
        store.save(release, seen=seen)
        return
    others = store.rows("SELECT id FROM release WHERE moved_to IS NULL AND id != ? ORDER BY id", id_)
    acts: list[Callable[[], object]] = [
        lambda: store.save(release, seen=seen),
        lambda: store.overwrite(id_, replace(stored.release, contact=f"{seen}"), seen=seen),
        lambda: store.miss(id_, seen=seen),
        lambda: store.mark_gone(id_, seen=seen),
        lambda: store.sight(id_, seen=seen),
        lambda: store.hide(release.url, seen=seen),
        lambda: store.unhide(release.url, seen=seen),
        lambda: store.withdraw(id_, seen=seen),
        lambda: add_address(store, others[:1], release.url, seen),
        lambda: store.separate(id_, seen=seen),
        lambda: roll_back(store, RELEASE.site, since=seen - timedelta(2), seen=seen),
    ]
    chance.choice(acts)()


@pytest.mark.parametrize("seed", range(12))
def test_the_events_alone_tell_what_is_shown(store: Store, seed: int) -> None:
    chance, mirror = random.Random(seed), Mirror()
    for step in range(80):
        before = store.last_event()
        act(store, chance, DAY + timedelta(step))
        mirror.read(store.events(after=before))
        latest = dict(store.rows("SELECT id, state FROM release"))
        assert {id_: state for id_, (state, _) in mirror.shown.items()} == latest, f"step {step}"


def test_a_discarded_release_leaves_its_events_and_its_numbers(store: Store) -> None:
    store.save(OTHER, seen=DAY)
    store.save(RELEASE, seen=DAY)
    assert store.discard(ID, since=DAY)
    store.save(replace(RELEASE, body="Īstais."), seen=NEXT)
    assert kinds(store) == [("new", 1), ("hide", 1), ("new", 2)]
    assert [event.number for event in store.events()] == [1, 2, 3, 4]
    assert [(text.number, text.body) for text in store.versions(ID)] == [(2, "Īstais.")]
    assert [store.shown_title(ID, number) for number in (1, 2)] == [None, (RELEASE.title, RELEASE.ministry)]


def test_a_change_of_nothing_that_is_told_is_no_event(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.set_cluster(ID, ID, seen=NEXT)
    store.leave(RELEASE.url, seen=NEXT)
    assert (store.last_number(), store.last_event(), kinds(store)) == (2, 1, [("new", 1)])


@pytest.mark.parametrize(
    ("after", "up_to", "at_most", "found"),
    [(0, None, -1, [1, 2, 3]), (1, None, 1, [2]), (0, 2, -1, [1, 2]), (3, None, -1, []), (0, 0, 5, [])],
)
def test_events_are_read_in_parts(
    store: Store, after: int, up_to: int | None, at_most: int, found: list[int]
) -> None:
    for number in range(3):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{number}", body=f"{number}"), seen=DAY)
    assert [event.number for event in store.events(after=after, up_to=up_to, at_most=at_most)] == found


def test_a_failed_change_leaves_no_event(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.execute(
        "CREATE TEMP TRIGGER ends BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'cut short'); END"
    )
    with pytest.raises(StoreError, match="cut short"):
        store.save(replace(RELEASE, body="Labots."), seen=NEXT)
    assert (kinds(store), [text.number for text in store.versions(ID)]) == ([("new", 1)], [1])


def test_each_store_has_an_epoch_of_its_own(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite3") as one, Store(tmp_path / "b.sqlite3") as other:
        assert one.epoch() != other.epoch()
        epoch = one.epoch()
    with Store(tmp_path / "a.sqlite3") as again:
        assert (again.epoch(), len(epoch)) == (epoch, 16)


def test_an_empty_store_has_no_event(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        assert (store.events(), store.last_event()) == ([], 0)
