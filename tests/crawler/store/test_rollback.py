from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.store import Store, StoreError, release_id
from crawler.store.history.versions import FIRST_KEPT, LAST_KEPT
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


def test_an_edit_that_was_held_is_undone_with_the_crawl_that_took_it(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=LATER, read=DAY + timedelta(1))
    assert roll_back(store, "iem", since=LATER, seen=LATER).text_again == (RELEASE.url,)


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
    assert roll_back(store, "iem", since=LATER, seen=LATER) == Rollback(
        present_again=(), text_again=(), text_lost=()
    )
    assert store.find(f"{RELEASE.url}-2") is not None


def test_a_release_that_was_merged_since_then_is_one_of_its_own_again(store: Store) -> None:
    other = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.")
    fresh = replace(RELEASE, url=f"{RELEASE.url}-3", body="Jauns.")
    store.save(RELEASE, seen=DAY)
    store.save(other, seen=DAY)
    store.save(fresh, seen=LATER)
    for url in (other.url, fresh.url):
        store.add_addresses(ID, (url,), seen=LATER)
    undone = roll_back(store, "iem", since=LATER, seen=LATER + timedelta(1))
    assert undone == Rollback(present_again=(other.url,), text_again=(), text_lost=())
    found = store.find(other.url)
    assert found is not None
    assert (found.release.url, found.state) == (other.url, "present")
    joined = store.find(fresh.url)  # it is new, so that nothing was lost by its merging
    assert joined is not None
    assert joined.id == ID


def test_a_release_that_was_edited_and_then_merged_has_its_text_again(store: Store) -> None:
    other = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.")
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=LATER)
    store.save(other, seen=LATER, aliases=(RELEASE.url,))
    undone = roll_back(store, "iem", since=LATER, seen=LATER + timedelta(1))
    assert undone == Rollback(present_again=(RELEASE.url,), text_again=(RELEASE.url,), text_lost=())
    found = store.find(RELEASE.url)
    assert found is not None
    assert (found.id, found.state, found.release.body) == (ID, "present", RELEASE.body)


@pytest.mark.parametrize(("undone", "is_kept"), [(FIRST_KEPT - 1, True), (FIRST_KEPT, False)])
def test_a_text_that_is_no_longer_kept_is_not_restored(store: Store, undone: int, *, is_kept: bool) -> None:
    many = FIRST_KEPT + LAST_KEPT + 1
    for number in range(many):
        store.save(replace(RELEASE, body=f"Skatīts {number}."), seen=DAY + timedelta(number))
    back = roll_back(store, "iem", since=DAY + timedelta(undone + 1), seen=DAY + timedelta(many))
    assert (back.text_again, back.text_lost) == (((RELEASE.url,), ()) if is_kept else ((), (RELEASE.url,)))
    stored = store.get(ID)
    assert stored is not None
    assert stored.release.body == f"Skatīts {undone if is_kept else many - 1}."


def test_only_the_site_is_rolled_back_in_the_order_of_ids(store: Store) -> None:
    urls = [f"https://a.lv/{number}" for number in range(4)]
    for number, url in enumerate(urls):
        site = "mod" if number == 3 else "iem"
        store.save(replace(RELEASE, site=site, url=url, body=url), seen=DAY)
        store.save(replace(RELEASE, site=site, url=url, body=f"{url} labots"), seen=LATER)
    for number in (0, 1, 3):
        found = store.find(urls[number])
        assert found is not None
        store.mark_gone(found.id, seen=LATER)
    undone = roll_back(store, "iem", since=LATER, seen=LATER)
    by_id = sorted(urls[:3], key=lambda url: release_id("iem", url))
    assert undone.text_again == tuple(by_id)
    assert undone.present_again == tuple(url for url in by_id if url != urls[2])
    other = store.find(urls[3])
    assert other is not None
    assert (other.state, other.release.body) == ("gone", f"{urls[3]} labots")


def test_a_restored_text_is_a_change_that_keeps_the_other_fields(store: Store) -> None:
    store.save(replace(RELEASE, category="Pirms"), seen=DAY)
    store.save(replace(RELEASE, category="Pēc", lead="Ievads."), seen=LATER)
    number = store.last_number()
    roll_back(store, "iem", since=LATER, seen=LATER + timedelta(3))
    stored = store.get(ID)
    assert stored is not None
    assert (stored.release, stored.number) == (replace(RELEASE, category="Pēc"), number + 1)
    assert stored.changed == LATER + timedelta(3)


def test_a_rollback_that_fails_changes_nothing(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=LATER)
    store.mark_gone(ID, seen=LATER)
    store.execute(
        """CREATE TEMP TRIGGER ends BEFORE UPDATE ON release WHEN new.state = 'present'
           BEGIN SELECT RAISE(ABORT, 'cut short'); END"""
    )
    with pytest.raises(StoreError, match="cut short"):
        roll_back(store, "iem", since=LATER, seen=LATER)
    stored = store.get(ID)
    assert stored is not None
    assert (stored.release.body, len(store.revisions(ID))) == ("Labots.", 1)
