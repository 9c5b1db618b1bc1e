from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.page import Page
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
from crawler.store.pages import Pages
from crawler.store.run_rows import RunRows
from crawler.store.sightings import (
    History,
    LastCrawl,
    QueriedUrl,
    changes_of,
    cluster_ministries,
    last_seen,
    queried_urls,
)
from tests.support.crawled import record_crawl, record_outcomes
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


@pytest.mark.parametrize(
    ("outcome", "is_seen"),
    [
        ("new", True),
        ("changed", True),
        ("unchanged", True),
        ("read", True),
        ("failed", False),
        ("held", False),
        ("skipped", False),
        ("missing", False),
    ],
)
def test_only_an_answer_with_the_release_is_a_sighting(store: Store, outcome: str, *, is_seen: bool) -> None:
    record_crawl(store, URL, at=SEEN, outcome=outcome)
    assert last_seen(store, URL) == (SEEN if is_seen else None)
    assert last_seen(store, "https://iem.example/2") is None


def test_while_a_change_is_pending_the_stored_page_is_the_last_sighting(store: Store) -> None:
    first = release(1, ("Sēde", "", "Sākums 9.00."))
    store.save(first, seen=SEEN)
    page = Page(
        requested_url=URL,
        url=URL,
        status=200,
        headers={},
        body=b"x",
        fetched=SEEN + timedelta(hours=1),
        chain=(URL,),
    )
    Pages(store).keep(URL, page)
    record_crawl(store, URL, at=SEEN + timedelta(1), outcome="held")
    found = sighting(store, URL)
    assert found == Sighting(fetched=page.fetched, last_seen=page.fetched, is_asked=True)


@pytest.mark.parametrize(
    ("outcome", "reason", "is_asked"),
    [("skipped", "denied", False), ("skipped", "trap", True), ("failed", "denied", True)],
)
def test_a_denied_address_is_no_longer_asked(
    store: Store, outcome: str, reason: str, *, is_asked: bool
) -> None:
    _plan(store, URL, 1)
    FrontierRows(store).set_outcome(URL, 1, outcome, reason)
    assert sighting(store, URL).is_asked is is_asked
    assert sighting(store, "https://iem.example/2").is_asked


def test_of_the_crawls_that_read_a_site_the_last_counts(store: Store) -> None:
    urls = [f"https://iem.example/{number}" for number in range(6)]
    record_outcomes(store, dict.fromkeys(urls, "unchanged"), at=SEEN)
    later = dict(zip(urls, ("new", "changed", "read", "failed", "skipped"), strict=False))
    record_outcomes(store, later, at=SEEN + timedelta(1))
    record_outcomes(store, {"https://am.example/1": "read"}, at=SEEN + timedelta(2), site="am")
    crawls = last_crawls(store)
    assert crawls == {
        "iem": LastCrawl(started=SEEN + timedelta(1), read=3, failed=1),
        "am": LastCrawl(started=SEEN + timedelta(2), read=1, failed=0),
    }


@pytest.mark.parametrize(("later_runs", "is_found"), [(59, True), (60, False)])
def test_a_site_that_sixty_crawls_did_not_read_is_out_of_date(
    store: Store, later_runs: int, *, is_found: bool
) -> None:
    record_crawl(store, URL, at=SEEN, outcome="read")
    for number in range(later_runs):
        RunRows(store).insert(int(SEEN.timestamp()) + number)
    assert ("iem" in last_crawls(store)) is is_found


def test_copies_are_as_many_as_asked_for(store: Store) -> None:
    ids = [saved(store, number, body=f"{number}.") for number in range(1, 6)]
    for other in ids[1:]:
        store.execute("INSERT INTO same VALUES (?, ?)", ids[0], other)
        store.execute("INSERT INTO same VALUES (?, ?)", other, ids[0])
    assert [len(copies_of(store, ids[0], at_most=number)) for number in (0, 1, 3, 4, 9)] == [0, 1, 3, 4, 4]
    assert copies_of(store, "iem-none", at_most=9) == []


def test_changes_of_a_site_are_listed_newest_first_with_their_day_in_riga(store: Store) -> None:
    late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    first, second, third = (saved(store, number, body=f"{number}.") for number in (1, 2, 3))
    store.save(replace(release(1, ("Sēde 1", "", "Labots.")), url=URL), seen=late)
    store.hide("https://iem.example/2", seen=SEEN)
    store.save(replace(release(9, ("Sēde", "", "X.")), site="am", url="https://am.example/9"), seen=SEEN)
    assert second not in dict(changes_of(store, "iem", at_most=9))
    assert changes_of(store, "iem", at_most=9) == [(first, date(2026, 3, 2)), (third, date(2026, 3, 1))]
    assert changes_of(store, "iem", at_most=1) == [(first, date(2026, 3, 2))]


def test_a_history_counts_the_edits_of_what_was_replaced(store: Store) -> None:
    old, older, new = (
        saved(store, 1),
        saved(store, 4, body="Vecāks.", day=-1),
        saved(store, 2, day=4, body="X."),
    )
    store.save(replace(release(1, ("Sēde 1", "", "Labots.")), url=URL), seen=SEEN + timedelta(2))
    store.add_addresses(new, (URL, "https://iem.example/4"), seen=SEEN + timedelta(5))
    found = histories(store, (new, old, older))
    assert found == {new: History(first_seen=SEEN - timedelta(1), edited=SEEN + timedelta(5), first_id=older)}


def test_arrivals_are_in_the_order_of_their_changes_within_both_bounds(store: Store) -> None:
    ids = [saved(store, number, body=f"{number}.", day=-number) for number in (1, 2, 3)]
    assert arrivals(store, after=0, up_to=3) == [(id_, SEEN - timedelta(at)) for at, id_ in enumerate(ids, 1)]
    assert [id_ for id_, _ in arrivals(store, after=1, up_to=2)] == [ids[1]]
    assert arrivals(store, after=3, up_to=9) == []


def test_clusters_of_shown_releases_have_their_institutions(store: Store) -> None:
    ids = {}
    for number, ministry in enumerate(("A", "B", "C", "A", "D")):
        one = replace(release(number, ("T", "", f"{number}.")), ministry=ministry)
        store.save(one, seen=SEEN)
        stored = store.find(one.url)
        assert stored is not None
        ids[number] = stored.id
    for member in (1, 2, 3):
        store.set_cluster(ids[member], ids[0], seen=SEEN)
    assert cluster_ministries(store) == {ids[0]: {"A", "B", "C"}}
    store.hide("https://iem.example/2", seen=SEEN)
    assert cluster_ministries(store) == {ids[0]: {"A", "B"}}
    for number in (1, 3):
        store.hide(f"https://iem.example/{number}", seen=SEEN)
    assert cluster_ministries(store) == {}


def test_a_queried_url_that_failed_or_is_a_list_is_told_apart(store: Store) -> None:
    url = f"{BASE.url}?s=1"
    store.save(replace(BASE, url=url), seen=SEEN, aliases=(f"{BASE.url}?s=2",))
    for run, query in enumerate(("?s=1", "?s=2")):
        _plan(store, f"{BASE.url}{query}", run)
    FrontierRows(store).set_outcome(f"{BASE.url}?s=2", 3, "failed", "status-404")
    for kind in ("list", "feed", "sitemap"):
        FrontierRows(store).upsert_starts(
            "iem",
            kind,  # type: ignore[arg-type]  # one of the kinds
            [f"https://iem.example/{kind}?page=1"],
            due=0,
            due_if_failed=0,
            run=5,
        )
    assert [(found.url, found.found, found.has_failed) for found in queried_urls(store, "iem")] == [
        (url, 0, False),
        (f"{BASE.url}?s=2", 1, True),
        ("https://iem.example/list?page=1", 5, False),
    ]
    assert queried_urls(store, "am") == []
