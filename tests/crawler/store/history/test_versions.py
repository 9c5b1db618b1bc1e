from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crawler.store import Store, release_id
from crawler.store.history import versions
from crawler.store.history.versions import TextVersion
from crawler.store.rollback import roll_back
from tests.support.crawled import record_crawl
from tests.support.stored_release import DAY, ID, RELEASE

OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.")
OTHER_ID = release_id(OTHER.site, OTHER.url)


def later(days: float) -> datetime:
    return DAY + timedelta(days)


def told(store: Store, id_: str = ID) -> list[tuple[int, str, str]]:
    return [(text.number, text.kind, text.body) for text in store.versions(id_)]


def test_each_text_is_a_version_with_its_time(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    store.save(replace(RELEASE, title="Cits", body="Labots."), seen=later(2))
    record_crawl(store, RELEASE.url, at=later(3), outcome="unchanged")
    first, second = store.versions(ID)
    assert first == TextVersion(
        release=ID,
        number=1,
        kind="first",
        after=None,
        since=DAY,
        stored=DAY,
        seen=later(1),
        until=later(2),
        kept=True,
        title=RELEASE.title,
        lead="",
        body=RELEASE.body,
        published=RELEASE.published,
    )
    assert (second.number, second.kind, second.title, second.body) == (2, "edit", "Cits", "Labots.")
    assert (second.after, second.since, second.seen, second.until) == (later(1), later(2), later(3), None)
    assert (store.version(ID, 1), store.version(ID, 2), store.version(ID, 3)) == (first, second, None)
    assert store.versions(ID, after=1) == (second,)
    assert store.versions(ID, at_most=1) == (first,)


@pytest.mark.parametrize(
    ("read", "since"),
    [(None, 5), (5, 5), (3, 3), (2, 2), (1, 5), (0, 5)],
)
def test_a_text_that_was_held_is_dated_by_its_first_reading(
    store: Store, read: int | None, since: int
) -> None:
    store.save(RELEASE, seen=DAY, read=later(-1))
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    edited = replace(RELEASE, body="Labots.")
    # What was read before the earlier text was last seen was read elsewhere.
    store.save(edited, seen=later(5), read=None if read is None else later(read))
    first, second = store.versions(ID)
    assert (first.since, first.stored, first.seen, first.until) == (later(-1), DAY, later(1), later(since))
    assert (second.after, second.since, second.stored) == (later(1), later(since), later(5))
    assert [one.until for one in store.revisions(ID)] == [later(since)]
    assert store.events_of(ID)[-1].at == later(5)
    assert [one.number for one in store.versions_between(ID, later(4), later(4.5))] == (
        [2] if since < 5 else [1, 2]
    )


@pytest.mark.parametrize("happening", [Store.mark_gone, Store.withdraw])
def test_what_happened_while_a_text_was_held_dates_it_by_when_it_was_taken(
    store: Store, happening: Callable[..., None]
) -> None:
    store.save(RELEASE, seen=DAY)
    happening(store, ID, seen=later(2))
    store.save(replace(RELEASE, body="Labots."), seen=later(3), read=later(1))
    assert store.versions(ID)[-1].since == later(3)


def test_a_reading_of_the_same_page_is_no_edit(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    store.overwrite(ID, replace(RELEASE, body="Labāk lasīts."), seen=later(5))
    reread = store.versions(ID)[1]
    # The page was last seen before it was read anew.
    assert (reread.kind, reread.after, reread.since, reread.seen) == ("reread", None, later(5), later(1))
    stored = store.get(ID)
    assert stored is not None
    assert (stored.edited, store.revisions(ID)) == (False, ())


def test_an_undo_adds_the_text_that_it_restores(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=later(2), outcome="changed")
    store.save(replace(RELEASE, body="Kļūda."), seen=later(2))
    roll_back(store, "iem", since=later(1), seen=later(3))
    assert told(store) == [(1, "first", RELEASE.body), (2, "edit", "Kļūda."), (3, "withdrawal", RELEASE.body)]
    restored = store.versions(ID)[2]
    assert (restored.since, restored.seen) == (later(3), None)  # the site still had the other
    assert store.revisions(ID) == ()
    store.save(replace(RELEASE, body="Labots."), seen=later(4))
    assert (store.versions(ID)[3].number, store.versions(ID)[3].after) == (4, None)
    assert [revision.body for revision in store.revisions(ID)] == [RELEASE.body]


def test_versions_of_a_merged_release_keep_their_id_and_numbers(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=later(1))
    store.save(OTHER, seen=later(1))
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=later(2))
    before = [(1, "first", RELEASE.body), (2, "edit", "Labots.")]
    assert (told(store), told(store, OTHER_ID)) == (before, [(1, "first", OTHER.body)])
    assert store.versions(ID)[1].until == later(2)
    store.separate(ID, seen=later(3))
    assert (told(store), store.versions(ID)[1].until) == (before, None)
    store.save(replace(RELEASE, body="Labots."), seen=later(4))
    assert told(store) == before
    store.save(replace(RELEASE, body="Vēl."), seen=later(5))
    assert told(store) == [*before, (3, "edit", "Vēl.")]


def test_a_merged_release_that_is_read_on_its_own_again_goes_on(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(OTHER, seen=DAY)
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=later(1))
    store.save(replace(RELEASE, body="Atkal."), seen=later(2))
    assert told(store) == [(1, "first", RELEASE.body), (2, "edit", "Atkal.")]
    assert [event.kind for event in store.events() if event.release == ID][1:] == [
        "merge",
        "separation",
        "edit",
    ]


def test_when_a_text_was_last_seen_is_known_after_it_is_missing(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    store.miss(ID, seen=later(2))
    record_crawl(store, RELEASE.url, at=later(2), outcome="gone")
    store.miss(ID, seen=later(3))
    [text] = store.versions(ID)
    assert (text.seen, text.until) == (later(1), None)


def test_a_page_with_a_counter_keeps_a_bounded_number_of_texts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "FIRST_KEPT", 2)
    monkeypatch.setattr(versions, "LAST_KEPT", 3)
    for number in range(1, 10):
        store.save(replace(RELEASE, title=f"{number}", body=f"Skatīts {number} reizes."), seen=later(number))
    texts = store.versions(ID)
    assert [text.number for text in texts if text.kept] == [1, 2, 7, 8, 9]
    assert [text.title for text in texts] == [f"{number}" for number in range(1, 10)]
    assert {text.body for text in texts if not text.kept} == {""}
    assert store.count_revisions(ID) == 8
    assert [revision.kept for revision in store.revisions(ID)] == [True] * 2 + [False] * 4 + [True] * 2
    assert (store.count_cut("iem"), store.count_cut("mod")) == (1, 0)
