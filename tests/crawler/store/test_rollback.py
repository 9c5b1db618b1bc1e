from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.store import Store
from crawler.store.rollback import Rollback, roll_back
from tests.support.stored_release import DAY, ID, RELEASE

LATER = DAY + timedelta(days=2)


def test_edited_text_is_restored_and_the_newer_one_deleted(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, title="Cits", body="Labots."), seen=LATER)
    assert roll_back(store, "iem", since=LATER, seen=LATER).text_again == (RELEASE.url,)
    stored = store.get(ID)
    assert stored is not None
    assert (stored.release, store.revisions(ID)) == (RELEASE, ())


@pytest.mark.parametrize(("since", "title"), [(-1, "0"), (0, "0"), (1, "0"), (2, "1"), (3, "2"), (4, "3")])
def test_of_several_edits_those_since_then_are_undone(store: Store, since: int, title: str) -> None:
    days = [RELEASE.published, None, date(2025, 1, 1), date(2026, 1, 1)]
    for number, day in enumerate(days):
        edited = replace(RELEASE, title=str(number), body=f"Redakcija {number}.", published=day)
        store.save(edited, seen=DAY + timedelta(number))
    undone = roll_back(store, "iem", since=DAY + timedelta(since), seen=DAY + timedelta(9))
    stored = store.get(ID)
    assert stored is not None
    release = stored.release
    assert (release.title, release.published) == (title, days[int(title)])
    assert release.body == f"Redakcija {title}."
    assert len(store.revisions(ID)) == int(title)
    assert undone.text_again == (() if since > 3 else (RELEASE.url,))


@pytest.mark.parametrize(("since", "is_back"), [(-1, True), (0, True), (1, False)])
def test_what_was_lost_since_then_is_back(store: Store, since: int, *, is_back: bool) -> None:
    for number in range(2):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{number}", body=f"{number}"), seen=DAY)
    gone, hidden = [stored.id for stored in store.changes_since(0)]
    store.mark_gone(gone, seen=LATER)
    store.withdraw(hidden, seen=LATER)
    roll_back(store, "iem", since=LATER + timedelta(since), seen=LATER + timedelta(9))
    assert store.count_of("iem") == (2 if is_back else 0)


def test_gone_release_is_present_again(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    for day in (0, 1):
        store.miss(ID, seen=LATER + timedelta(day))
    assert roll_back(store, "iem", since=LATER, seen=LATER).present_again == (RELEASE.url,)
    assert store.count_of("iem") == 1


def test_takedowns_other_sites_and_new_releases_stay(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.hide(RELEASE.url, seen=LATER)
    store.save(replace(RELEASE, site="mod", url="https://mod.example/x"), seen=DAY)
    store.mark_gone(
        next(stored.id for stored in store.changes_since(0) if stored.release.site == "mod"), seen=LATER
    )
    store.save(replace(RELEASE, url=f"{RELEASE.url}-2", body="Jauns."), seen=LATER)
    assert roll_back(store, "iem", since=LATER, seen=LATER) == Rollback(present_again=(), text_again=())
    assert store.find(f"{RELEASE.url}-2") is not None
