from dataclasses import replace
from datetime import timedelta

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
