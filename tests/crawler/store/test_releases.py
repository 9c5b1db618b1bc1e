from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.store import Release, Store, release_id
from tests.support.stored_release import DAY, ID, RELEASE


def test_saved_release_comes_back_as_it_was(store: Store) -> None:
    assert store.save(RELEASE, seen=DAY) == "new"
    stored = store.get(ID)
    assert stored is not None
    assert (stored.release, stored.state, stored.number, stored.cluster) == (RELEASE, "present", 1, ID)


def test_unchanged_release_gets_no_new_number(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    same = replace(RELEASE, rules=(("title", "h1"),), address=f"{RELEASE.url}/")
    assert store.save(same, seen=DAY + timedelta(1)) == "unchanged"
    assert store.last_number() == 1


def test_edited_release_keeps_its_earlier_text(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    assert [stored.edited for stored in store.changes_since(0)] == [False]
    assert store.save(replace(RELEASE, body="Labots."), seen=DAY + timedelta(1)) == "changed"
    assert [revision.body for revision in store.revisions(ID)] == [RELEASE.body]
    assert [stored.edited for stored in store.changes_since(0)] == [True]
    assert store.last_number() == 2


def test_changes_come_once_and_by_number(store: Store) -> None:
    for at in range(450):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{at:03}", title=f"{at}"), seen=DAY)
    store.save(replace(RELEASE, url=f"{RELEASE.url}-000", title="mainīts"), seen=DAY)
    numbers = [stored.number for stored in store.changes_since(10)]
    assert numbers == list(range(11, 452))


def test_gone_release_stays_readable_and_comes_back(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=DAY)
    gone = store.get(ID)
    assert gone is not None
    assert (gone.state, gone.number, gone.release.body) == ("gone", 2, RELEASE.body)
    assert store.save(RELEASE, seen=DAY) == "changed"
    assert [stored.state for stored in store.changes_since(0)] == ["present"]
    assert store.revisions(ID) == ()


def test_hidden_release_stays_hidden_when_crawled_again(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.hide(RELEASE.url, seen=DAY)
    store.save(replace(RELEASE, title="Cits"), seen=DAY)
    assert [stored.state for stored in store.changes_since(0)] == ["hidden"]
    assert store.count() == 0
    store.unhide(RELEASE.url, seen=DAY)
    assert store.count() == 1


OLD = "https://www.iem.example/lv/zinas/vecs"


@pytest.mark.parametrize(
    "next_sighting",
    [
        pytest.param((RELEASE, (OLD,)), id="edited"),
        pytest.param((replace(RELEASE, url=f"{RELEASE.url}-latgale"), ()), id="same text elsewhere"),
        pytest.param(
            (replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits."), (RELEASE.url,)), id="redirected"
        ),
    ],
)
@pytest.mark.parametrize("hidden_url", [RELEASE.url, OLD])
def test_hidden_release_stays_hidden_at_all_its_addresses_and_where_it_moves(
    store: Store, next_sighting: tuple[Release, tuple[str, ...]], hidden_url: str
) -> None:
    store.save(RELEASE, seen=DAY, aliases=(OLD,))
    store.hide(hidden_url, seen=DAY)
    release, aliases = next_sighting
    store.save(release, seen=DAY + timedelta(1), aliases=aliases)
    assert {stored.state for stored in store.changes_since(0)} == {"hidden"}
    store.unhide(release.url, seen=DAY + timedelta(2))
    assert store.count() == 1


def test_hidden_release_is_not_shown_as_gone(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.hide(RELEASE.url, seen=DAY)
    for day in (1, 2):
        store.miss(ID, seen=DAY + timedelta(day))
    store.sight(ID, seen=DAY + timedelta(3))
    assert [stored.state for stored in store.changes_since(0)] == ["hidden"]


def test_same_words_read_by_another_template_are_the_same_release(store: Store) -> None:
    store.save(replace(RELEASE, url=f"{RELEASE.url}-latgale"), seen=DAY)
    lead, body = RELEASE.body.split("\n\n")
    store.save(replace(RELEASE, lead=lead, body=body), seen=DAY)
    assert store.count() == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_same_text_at_a_cut_address_is_the_same_release(store: Store, order: tuple[int, int]) -> None:
    both = (RELEASE, replace(RELEASE, url=RELEASE.url[:-4]))
    for at in order:
        store.save(both[at], seen=DAY)
    store.save(both[1], seen=DAY)
    stored = store.find(RELEASE.url[:-4])
    assert stored is not None
    assert (stored.id, stored.aliases, store.count()) == (ID, (RELEASE.url[:-4],), 1)


def test_moved_release_is_found_by_its_old_id_with_its_history(store: Store) -> None:
    old = replace(RELEASE, url="https://www.iem.example/lv/zinas/vecs", body="Vecs teksts.")
    store.save(old, seen=DAY)
    store.save(RELEASE, seen=DAY + timedelta(1), aliases=(old.url,))
    moved = store.get(release_id(old.site, old.url))
    assert moved is not None
    assert (moved.id, moved.first_seen, moved.aliases) == (ID, DAY, (old.url,))
    assert [revision.body for revision in store.revisions(ID)] == ["Vecs teksts."]
    assert {stored.id: stored.state for stored in store.changes_since(2)}[ID] == "present"


def test_merged_release_can_be_separated_again(store: Store) -> None:
    twin = replace(RELEASE, url=RELEASE.url[:-4])
    store.save(RELEASE, seen=DAY)
    store.save(twin, seen=DAY)
    assert store.save(replace(twin, body="Cits."), seen=DAY) == "new"
    assert store.count() == 2


@pytest.mark.parametrize(
    ("path", "is_beside"),
    [
        ("/lv/jaunums/cits?page=1", True),
        ("/lv/cits", True),
        ("/lv/jaunums/2026/cits", False),
        ("/lv/jaun/cits", False),
        ("/lv/jaunumsx/cits", False),
    ],
)
def test_release_is_beside_urls_of_its_folder(store: Store, path: str, is_beside: bool) -> None:
    store.save(RELEASE, seen=DAY)
    assert store.has_beside(f"https://www.iem.example{path}") is is_beside
    store.mark_gone(ID, seen=DAY)
    assert not store.has_beside(f"https://www.iem.example{path}")
