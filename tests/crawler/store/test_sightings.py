from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.store import (
    Sighting,
    Store,
    absent_ids,
    arrivals,
    copies_of,
    histories,
    last_crawls,
    sighting,
)
from crawler.store.frontier_rows import FrontierRows, Mention, NewUrl
from crawler.store.sightings import QueriedUrl, queried_urls
from tests.support.crawled import record_crawl
from tests.support.published import release

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
URL = "https://iem.example/1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "releases.sqlite3") as store:
        yield store


def test_a_release_was_last_seen_when_a_fetch_found_it(store: Store) -> None:
    assert sighting(store, URL) == Sighting(fetched=None, last_seen=None, is_asked=True)
    record_crawl(store, URL, at=SEEN, outcome="unchanged")
    assert sighting(store, URL).last_seen == SEEN
    record_crawl(store, URL, at=SEEN + timedelta(1), outcome="failed")
    assert sighting(store, URL).last_seen is None


def test_a_release_without_a_page_was_fetched_when_its_text_was_read(store: Store) -> None:
    first = release(1, ("Sēde", "", "Sākums 9.00."))
    store.save(first, seen=SEEN)
    assert sighting(store, URL).fetched == SEEN
    store.save(replace(first, body="Sākums 10.00."), seen=SEEN + timedelta(1))
    store.save(first, seen=SEEN + timedelta(2))
    assert sighting(store, URL).fetched == SEEN + timedelta(2)
    stored = store.find(URL)
    assert stored is not None
    store.mark_gone(stored.id, seen=SEEN + timedelta(3))
    assert sighting(store, URL) == Sighting(fetched=SEEN + timedelta(2), last_seen=None, is_asked=True)


def test_an_edit_came_after_the_earlier_text_was_last_seen(store: Store) -> None:
    first = release(1, ("Sēde", "", "Sākums 9.00."))
    store.save(first, seen=SEEN - timedelta(9))
    record_crawl(store, URL, at=SEEN, outcome="unchanged")
    store.save(replace(first, body="Sākums 10.00."), seen=SEEN + timedelta(1))
    stored = store.find(URL)
    assert stored is not None
    (revision,) = store.revisions(stored.id)
    assert (revision.seen, revision.until) == (SEEN, SEEN + timedelta(1))
    assert store.count_revisions(stored.id) == 1


def test_the_last_crawl_of_a_site_is_the_last_that_read_it(store: Store) -> None:
    record_crawl(store, URL, at=SEEN, outcome="unchanged")
    record_crawl(store, "https://iem.example/2", at=SEEN + timedelta(1), outcome="failed")
    record_crawl(store, "https://am.example/1", at=SEEN + timedelta(2), outcome="failed", site="am")
    crawls = last_crawls(store)
    assert crawls.keys() == {"iem"}
    assert (crawls["iem"].started, crawls["iem"].read, crawls["iem"].failed) == (SEEN, 1, 0)


def test_copies_are_found_through_other_copies(store: Store) -> None:
    ids = []
    for number in range(1, 5):
        store.save(release(number, ("Sēde", "", f"Teksts {number}.")), seen=SEEN)
        stored = store.find(f"https://iem.example/{number}")
        assert stored is not None
        ids.append(stored.id)
    one, two, three, _ = ids
    for pair in ((one, two), (two, one), (two, three), (three, two)):
        store.execute("INSERT INTO same VALUES (?, ?)", *pair)
    assert sorted(copies_of(store, one, at_most=9)) == sorted((two, three))
    assert len(copies_of(store, one, at_most=1)) == 1


def saved(store: Store, number: int, *, day: int = 0, body: str = "Teksts.") -> str:
    url = f"https://iem.example/{number}"
    store.save(replace(release(number, (f"Sēde {number}", "", body)), url=url), seen=SEEN + timedelta(day))
    stored = store.find(url)
    assert stored is not None
    return stored.id


def test_a_history_tells_when_a_release_came_and_changed(store: Store) -> None:
    id_, other = saved(store, 1), saved(store, 2)
    saved(store, 1, day=3, body="Labots teksts.")
    found = histories(store, (id_, other, "iem-x"))
    assert (found[id_].first_seen, found[id_].edited) == (SEEN, SEEN + timedelta(3))
    assert (found[other].edited, found.keys()) == (None, {id_, other})


def test_a_merged_release_has_the_history_and_first_id_of_the_one_it_replaced(store: Store) -> None:
    old, new = saved(store, 1), saved(store, 2, day=1)
    store.add_addresses(new, ("https://iem.example/1",), seen=SEEN + timedelta(2))
    found = histories(store, (old, new))
    assert found.keys() == {new}
    assert (found[new].first_seen, found[new].first_id) == (SEEN, old)
    assert absent_ids(store) == {old}


def test_a_hidden_release_is_absent_and_no_arrival(store: Store) -> None:
    id_, other = saved(store, 1), saved(store, 2)
    store.hide("https://iem.example/1", seen=SEEN)
    assert absent_ids(store) == {id_}
    assert histories(store, (id_, other)).keys() == {other}
    assert arrivals(store, after=0, up_to=store.last_number()) == [(other, SEEN)]


def test_arrivals_are_those_with_a_change_in_the_range(store: Store) -> None:
    first = saved(store, 1)
    number = store.last_number()
    second = saved(store, 2, day=1)
    assert arrivals(store, after=0, up_to=number) == [(first, SEEN)]
    assert arrivals(store, after=number, up_to=number + 9) == [(second, SEEN + timedelta(1))]


BASE = release(1, ("Sēde", "", "Sākums 9.00."))
SOURCE = Mention(source="list", title=None, published=None, lastmod=None)


def _plan(store: Store, url: str, run: int) -> None:
    FrontierRows(store).insert(
        NewUrl(
            url=url,
            request_url=url,
            site="iem",
            kind="release",
            depth=1,
            mention=SOURCE,
            due=0,
            found_in_run=run,
        )
    )


def test_each_has_its_release_by_address_or_alias(store: Store) -> None:
    url = f"{BASE.url}?s=1"
    store.save(replace(BASE, url=url), seen=SEEN, aliases=(f"{BASE.url}?s=2",))
    for run, query in enumerate(("?s=1", "?s=2", "?s=3", "")):
        _plan(store, f"{BASE.url}{query}", run)
    stored = store.find(url)
    assert stored is not None
    assert queried_urls(store, "iem") == [
        QueriedUrl(url=url, found=0, has_failed=False, release=stored.id),
        QueriedUrl(url=f"{BASE.url}?s=2", found=1, has_failed=False, release=stored.id),
        QueriedUrl(url=f"{BASE.url}?s=3", found=2, has_failed=False, release=None),
    ]


def test_without_a_second_address_there_is_nothing_to_learn(store: Store) -> None:
    store.save(replace(BASE, url=f"{BASE.url}?s=1"), seen=SEEN)
    _plan(store, f"{BASE.url}?s=1", 1)
    assert queried_urls(store, "iem") == []
