from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.store import Attachment, Release, Store, release_id
from crawler.store.records import text_digest
from crawler.store.release_rows import Holder
from tests.support.stored_release import DAY, ID, RELEASE

OLD = "https://www.iem.example/lv/zinas/vecs"


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


@pytest.mark.parametrize(("body", "are_one"), [(RELEASE.body, True), ("", False)])
def test_releases_without_a_text_are_not_taken_for_each_other(
    store: Store, body: str, *, are_one: bool
) -> None:
    for number in range(2):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{number}", lead="", body=body), seen=DAY)
    assert store.count() == (1 if are_one else 2)
    copy = replace(RELEASE, url=f"{RELEASE.url}-2", lead="", body=body)
    assert (store.find_copy(copy, text_digest(copy)) is not None) is are_one


@pytest.mark.parametrize(
    ("begins", "later", "is_discarded"),
    [
        (0, None, True),
        (-1, None, True),
        # It was there before.
        (1, None, False),
        # It has a history, or an id that leads to it.
        (0, replace(RELEASE, body="Labots."), False),
        (0, replace(RELEASE, url=f"{RELEASE.url}-latgale"), False),
    ],
)
def test_only_a_release_that_is_new_since_can_be_discarded(
    store: Store, begins: int, later: Release | None, *, is_discarded: bool
) -> None:
    store.save(RELEASE, seen=DAY, aliases=(OLD,))
    if later is not None:
        store.save(later, seen=DAY, aliases=(RELEASE.url,) if later.url != RELEASE.url else ())
    stored = store.find(RELEASE.url)
    assert stored is not None
    assert store.discard(stored.id, since=DAY + timedelta(begins)) is is_discarded
    for url in (RELEASE.url, OLD):
        assert (store.find(url) is None) is is_discarded


@pytest.mark.parametrize(
    ("days", "outcomes"),
    [
        ((0, 0), ["missing", "missing"]),
        ((0, 1), ["missing", "gone"]),
        ((0, 5), ["missing", "gone"]),
    ],
)
def test_a_release_is_gone_on_the_second_day_without_it(
    store: Store, days: tuple[int, ...], outcomes: list[str]
) -> None:
    store.save(RELEASE, seen=DAY)
    assert [store.miss(ID, seen=DAY + timedelta(day)) for day in days] == outcomes


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


def test_hidden_release_stays_hidden_if_a_better_address_is_found_on_the_same_day(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.hide(RELEASE.url, seen=DAY)
    assert store.save(replace(RELEASE, url=f"{RELEASE.url}-latgale"), seen=DAY) == "new"
    assert {stored.state for stored in store.changes_since(0)} == {"hidden"}


def test_release_whose_usual_id_is_taken_gets_a_longer_one(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.execute("UPDATE release SET url = ?, text_digest = '' WHERE id = ?", f"{RELEASE.url}-cits", ID)
    assert store.save(RELEASE, seen=DAY) == "new"
    assert store.ids() == {ID, release_id(RELEASE.site, RELEASE.url, digits=64)}


def test_text_of_an_attachment_reaches_the_releases_that_link_to_it(store: Store) -> None:
    files = tuple(Attachment(url=f"https://www.iem.example/{name}.pdf", title=name) for name in "ab")
    store.save(replace(RELEASE, attachments=files), seen=DAY)
    for number, file in enumerate(files):
        store.save_text(file.url, f"teksts {file.title}", seen=DAY)
        stored = store.get(ID)
        assert stored is not None
        assert stored.release.attachments[number].text == f"teksts {file.title}"


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


def test_holder_of_an_alias_or_of_a_replaced_release_is_the_release_that_stands(store: Store) -> None:
    other = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits teksts.")
    store.save(RELEASE, seen=DAY, aliases=(f"{RELEASE.url}/print",))
    assert store.holder(f"{RELEASE.url}/print") == Holder(ID, RELEASE.url, RELEASE.site, 1)
    store.save(other, seen=DAY, aliases=(RELEASE.url,))
    holder, found = store.holder(RELEASE.url), store.find(RELEASE.url)
    assert holder is not None
    assert found is not None
    assert (holder.id, holder.url, holder.aliases) == (found.id, other.url, len(found.aliases))
    assert store.holder(f"{RELEASE.url}-3") is None
