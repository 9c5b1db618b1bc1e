from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.store import Attachment, Release, Store, release_id
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
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
        # It has a history.
        (0, replace(RELEASE, body="Labots."), False),
        # Another one was merged into it: as new, or older.
        (0, replace(RELEASE, url=f"{RELEASE.url}-latgale"), True),
        (1, replace(RELEASE, url=f"{RELEASE.url}-latgale"), False),
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


OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", title="Cits", body="Pavisam cits teksts.")
NEXT = DAY + timedelta(1)


def state_of(store: Store, id_: str = ID) -> tuple[str, int]:
    """Return the state of a release itself and the number of its last change."""
    [(state, number)] = store.rows("SELECT state, number FROM release WHERE id = ?", id_)
    return state, number


@pytest.mark.parametrize(
    ("first", "later", "days", "kept"),
    [
        # An earlier day keeps its URL, whatever the other one is.
        ("/aa?x=1", "/bb", 1, "/aa?x=1"),
        # Of one day: the one without a query, the longer, the one in lower case, the first by letters.
        ("/a?x=1", "/b", 0, "/b"),
        ("/b", "/a?x=1", 0, "/b"),
        ("/bb", "/aaa", 0, "/aaa"),
        ("/aaa", "/bb", 0, "/aaa"),
        ("/Aa", "/bb", 0, "/bb"),
        ("/bb", "/Aa", 0, "/bb"),
        ("/bb", "/aa", 0, "/aa"),
        ("/aa", "/bb", 0, "/aa"),
    ],
)
def test_the_same_text_at_two_urls_is_kept_at_one(
    store: Store, first: str, later: str, days: int, kept: str
) -> None:
    for path, day in ((first, 0), (later, days)):
        store.save(replace(RELEASE, url=f"https://a.lv{path}"), seen=DAY + timedelta(day))
    (both,) = {store.find(f"https://a.lv{path}") for path in (first, later)}
    assert both is not None
    assert both.release.url == f"https://a.lv{kept}"
    assert both.aliases == tuple({f"https://a.lv{first}", f"https://a.lv{later}"} - {both.release.url})
    assert store.count() == 1


def test_a_page_that_leads_to_a_new_url_moves_the_release_there(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    moved = replace(RELEASE, url=f"{RELEASE.url}-latgale")
    assert store.save(moved, seen=NEXT, aliases=(RELEASE.url,)) == "new"
    found = store.find(RELEASE.url)
    assert found is not None
    assert (found.release.url, found.first_seen) == (moved.url, DAY)


@pytest.mark.parametrize("lost", ["gone", "missing"])
def test_the_text_of_a_lost_release_found_elsewhere_moves_there(store: Store, lost: str) -> None:
    store.save(RELEASE, seen=DAY)
    for day in range(2 if lost == "gone" else 1):
        store.miss(ID, seen=DAY + timedelta(day))
    new = replace(RELEASE, url="https://www.iem.example/j")
    assert store.save(new, seen=DAY + timedelta(3)) == "new"
    found = store.get(ID)
    assert found is not None
    assert (found.release.url, found.state, found.aliases) == (new.url, "present", (RELEASE.url,))


@pytest.mark.parametrize("change", [{"site": "mod"}, {"published": None}, {"body": "Cits."}])
def test_a_release_of_another_site_day_or_text_is_no_copy(store: Store, change: dict[str, Any]) -> None:
    store.save(RELEASE, seen=DAY)
    other = (
        replace(OTHER, title=RELEASE.title, body=RELEASE.body, **change) if "body" not in change else OTHER
    )
    assert store.find_copy(other, text_digest(other)) is None
    same = replace(OTHER, title=RELEASE.title, body=RELEASE.body)
    assert store.find_copy(same, text_digest(same)) == ID
    assert store.find_copy(RELEASE, text_digest(RELEASE)) is None


def test_an_alias_that_shows_a_text_of_its_own_is_a_release_of_its_own(store: Store) -> None:
    store.save(RELEASE, seen=DAY, aliases=(OLD, OTHER.url))
    assert store.count_aliases(RELEASE.url) == store.count_aliases(OLD) == 2
    number = store.last_number()
    store.leave(OLD, seen=NEXT)
    store.leave("https://a.lv/unknown", seen=NEXT)
    assert (store.find(OLD), store.count_aliases(RELEASE.url)) == (None, 1)
    assert state_of(store) == ("present", number + 1)
    assert store.save(OTHER, seen=NEXT) == "new"
    assert store.count_aliases(RELEASE.url) == 0
    assert store.count() == 2


def test_addresses_are_added_once(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.add_addresses(ID, (OLD, RELEASE.url, OLD), seen=NEXT)
    number = store.last_number()
    store.add_addresses(ID, (OLD, RELEASE.url), seen=NEXT)
    assert (store.last_number(), number) == (2, 2)
    assert store.rows("SELECT url, release FROM alias") == [(OLD, ID)]


def test_an_address_passes_to_the_release_that_it_is_given_to(store: Store) -> None:
    store.save(RELEASE, seen=DAY, aliases=(OLD,))
    store.save(OTHER, seen=DAY)
    other = release_id(OTHER.site, OTHER.url)
    store.add_addresses(other, (OLD,), seen=NEXT)
    found = store.find(OLD)
    assert found is not None
    assert (found.id, store.count_aliases(RELEASE.url)) == (other, 0)


def test_an_overwritten_release_keeps_state_and_revisions(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=NEXT)
    store.mark_gone(ID, seen=NEXT)
    corrected = replace(RELEASE, title="Labāks", site="mod")
    store.overwrite(ID, corrected, seen=DAY + timedelta(2))
    stored = store.get(ID)
    assert stored is not None
    assert (stored.release, stored.state, len(store.revisions(ID))) == (corrected, "gone", 1)
    assert (stored.changed, store.owner(RELEASE.url)) == (DAY + timedelta(2), "mod")
    copy = replace(corrected, url=f"{RELEASE.url}-3")
    assert store.find_copy(copy, text_digest(copy)) == ID


def test_the_text_of_an_attachment_reaches_all_present_releases_that_link_to_it(store: Store) -> None:
    file = Attachment(url="https://a.lv/a.pdf", title="A")
    urls = [f"{RELEASE.url}-{number}" for number in range(3)]
    for url in urls:
        store.save(replace(RELEASE, url=url, body=url, attachments=(file,)), seen=DAY)
    ids = [release_id(RELEASE.site, url) for url in urls]
    store.mark_gone(ids[1], seen=DAY)
    store.save_text(file.url, "Pirmais.", seen=NEXT)
    texts = [stored.release.attachments[0].text for id_ in ids if (stored := store.get(id_))]
    assert texts == ["Pirmais.", "", "Pirmais."]
    assert [len(store.revisions(id_)) for id_ in ids] == [0, 0, 0]
    number = store.last_number()
    store.save_text(file.url, "Pirmais.", seen=NEXT)
    assert store.last_number() == number
    store.save_text(file.url, "Otrais.", seen=NEXT)
    later = replace(RELEASE, url=f"{RELEASE.url}-9", body="9", attachments=(file,))
    store.save(later, seen=NEXT)
    found = store.find(later.url)
    assert found is not None
    assert found.release.attachments == (replace(file, text="Otrais."),)
    assert store.with_texts(RELEASE) is RELEASE


def test_a_discarded_release_leaves_nothing(store: Store) -> None:
    file = Attachment(url="https://a.lv/a.pdf", title="A")
    store.save(replace(RELEASE, attachments=(file,)), seen=DAY, aliases=(OLD,))
    assert store.discard(ID, since=DAY)
    assert not store.discard(ID, since=DAY)
    for table in ("release", "alias", "attached"):
        assert store.rows(f"SELECT * FROM {table}") == []


def test_only_a_present_release_becomes_gone(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=NEXT)
    assert state_of(store) == ("gone", 2)
    assert store.rows("SELECT gone_at FROM release") == [(NEXT.isoformat(),)]
    store.mark_gone(ID, seen=DAY + timedelta(2))
    assert state_of(store) == ("gone", 2)
    store.sight(ID, seen=DAY + timedelta(3))
    assert state_of(store) == ("present", 3)
    assert store.rows("SELECT gone_at, struck FROM release") == [(None, None)]
    store.withdraw(ID, seen=DAY + timedelta(4))
    assert state_of(store) == ("hidden", 4)
    store.mark_gone(ID, seen=DAY + timedelta(5))
    assert state_of(store) == ("hidden", 4)
    store.show(ID, seen=DAY + timedelta(6))
    assert state_of(store) == ("present", 5)


def test_a_release_is_missing_since_the_first_day_without_it(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    assert store.missing_since(ID) is None
    late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # the next day in Riga
    assert store.miss(ID, seen=late) == "missing"
    assert store.missing_since(ID) == date(2026, 3, 2)
    assert store.miss(ID, seen=late + timedelta(hours=1)) == "missing"
    assert state_of(store) == ("present", 1)
    store.sight(ID, seen=late + timedelta(hours=2))
    assert store.missing_since(ID) is None
    assert state_of(store) == ("present", 1)


def test_a_sighting_of_what_is_not_missing_changes_nothing(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.sight(ID, seen=NEXT)
    assert state_of(store) == ("present", 1)


def test_takedowns_are_listed_with_their_time_oldest_first(store: Store) -> None:
    store.hide("https://a.lv/b", seen=NEXT)
    store.hide("https://a.lv/c", seen=DAY)
    store.hide("https://a.lv/a", seen=NEXT)
    store.hide("https://a.lv/b", seen=DAY + timedelta(5))
    assert store.takedowns() == [("https://a.lv/c", DAY), ("https://a.lv/a", NEXT), ("https://a.lv/b", NEXT)]


def test_a_takedown_of_what_is_not_stored_waits_for_it(store: Store) -> None:
    store.hide(RELEASE.url, seen=DAY)
    assert (store.is_hidden(RELEASE.url), store.is_hidden(OTHER.url)) == (True, False)
    assert store.save(RELEASE, seen=NEXT) == "new"
    assert state_of(store)[0] == "hidden"
    store.unhide(RELEASE.url, seen=NEXT)
    assert (state_of(store)[0], store.is_hidden(RELEASE.url), store.takedowns()) == ("present", False, [])


def test_a_release_hidden_by_its_page_is_hidden_at_each_address(store: Store) -> None:
    store.save(RELEASE, seen=DAY, aliases=(OLD,))
    store.withdraw(ID, seen=DAY)
    assert [store.is_hidden(url) for url in (RELEASE.url, OLD, OTHER.url)] == [True, True, False]
    assert store.takedowns() == []


def test_what_is_taken_down_is_so_at_all_addresses(store: Store) -> None:
    store.save(RELEASE, seen=DAY, aliases=(OLD,))
    store.hide(OLD, seen=NEXT)
    assert store.takedowns() == [(url, NEXT) for url in sorted((RELEASE.url, OLD))]
    store.unhide(RELEASE.url, seen=NEXT)
    assert store.takedowns() == []


def test_merging_joins_addresses_ages_and_files_and_can_be_undone(store: Store) -> None:
    file = Attachment(url="https://a.lv/a.pdf", title="A")
    store.save(replace(OTHER, attachments=(file,)), seen=DAY, aliases=(OLD,))
    store.save(RELEASE, seen=NEXT)
    other = release_id(OTHER.site, OTHER.url)
    store.add_addresses(ID, (OTHER.url,), seen=DAY + timedelta(2))
    merged = store.get(other)
    assert merged is not None
    assert (merged.id, merged.aliases, merged.first_seen, merged.edited) == (
        ID,
        tuple(sorted((OTHER.url, OLD))),
        DAY,
        True,
    )
    assert store.rows("SELECT release FROM attached") == [(ID,)]
    assert state_of(store, other)[0] == "hidden"
    assert [revision.body for revision in store.revisions(ID)] == [OTHER.body]
    assert (store.owner(OTHER.url), store.has(OTHER.url), store.has("https://a.lv/x")) == (None, True, False)
    store.separate(other, seen=DAY + timedelta(3))
    assert {stored.id: stored.state for stored in store.changes_since(0)} == {ID: "present", other: "present"}
    assert (store.revisions(ID), store.revisions(other)) == ((), ())
    found = store.find(OTHER.url)
    assert found is not None
    assert found.id == other
    number = store.last_number()
    store.separate(other, seen=DAY + timedelta(4))
    assert store.last_number() == number


def test_a_gone_release_that_was_merged_is_gone_again_when_it_is_separated(store: Store) -> None:
    store.save(OTHER, seen=DAY)
    store.save(RELEASE, seen=DAY)
    other = release_id(OTHER.site, OTHER.url)
    store.mark_gone(other, seen=DAY)
    store.add_addresses(ID, (OTHER.url,), seen=NEXT)
    store.separate(other, seen=NEXT)
    assert state_of(store, other)[0] == "gone"


def test_what_was_merged_before_follows_the_next_merge(store: Store) -> None:
    third = replace(RELEASE, url=f"{RELEASE.url}-3", body="Trešais.")
    for release in (third, OTHER, RELEASE):
        store.save(release, seen=DAY)
    other = release_id(OTHER.site, OTHER.url)
    store.add_addresses(other, (third.url,), seen=NEXT)
    store.add_addresses(ID, (OTHER.url,), seen=NEXT)
    found = [store.get(release_id(RELEASE.site, url)) for url in (third.url, OTHER.url, RELEASE.url)]
    assert [stored and stored.id for stored in found] == [ID] * 3
    assert store.count_aliases(third.url) == 2
    assert {revision.body for revision in store.revisions(ID)} == {OTHER.body, "Trešais."}


def test_a_pending_change_of_what_is_merged_is_dropped(store: Store) -> None:
    store.save(OTHER, seen=DAY)
    store.save(RELEASE, seen=DAY)
    other = release_id(OTHER.site, OTHER.url)
    pending = PendingChangeRows(store)
    for id_, url in ((other, OTHER.url), (ID, RELEASE.url)):
        pending.put("iem", PendingChange(release=id_, url=url, record=None, since=DAY, seen=DAY))
    store.add_addresses(ID, (OTHER.url,), seen=NEXT)
    assert [change.release for change in pending.of_site("iem")] == [ID]


def test_two_releases_whose_ids_would_be_the_same_have_their_own(store: Store) -> None:
    taken = release_id("iem", OTHER.url)
    store._insert(taken, replace(RELEASE, url="https://a.lv/taken"), "present", DAY)
    assert store.save(OTHER, seen=DAY) == "new"
    found = store.find(OTHER.url)
    assert found is not None
    assert found.id == release_id("iem", OTHER.url, digits=64)


def test_a_release_that_another_site_has_passes_to_it(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    assert store.save(replace(RELEASE, site="mod"), seen=NEXT) == "changed"
    assert (store.owner(RELEASE.url), store.count_of("iem"), store.count_of("mod")) == ("mod", 0, 1)
    assert store.get(ID) is not None
    assert store.revisions(ID) == ()


def test_changes_that_come_while_they_are_read_are_read_too(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    changes = store.changes_since(0)
    assert next(changes).number == 1
    store.save(OTHER, seen=DAY)
    assert [stored.number for stored in changes] == [2]


def test_a_release_beside_does_not_count_itself(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    beside = f"{RELEASE.url}-2"
    assert store.has_beside(beside)
    assert not store.has_beside(beside, but=RELEASE.url)
    store.save(OTHER, seen=DAY)
    assert store.has_beside(beside, but=RELEASE.url)
