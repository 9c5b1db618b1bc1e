from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.store import Store
from crawler.store.frontier_rows import DueFilter, FetchUpdate, FrontierRows, Mention, NewUrl
from tests.support.stored_release import DAY, RELEASE

URL = "https://iem.example/lv/jaunums/x"
ALIAS, OLD = "https://iem.example/lv/alias", "https://iem.example/lv/old"
NEVER = 2**62


def new_url(url: str = URL, *, due: int = 100, found: int = 1, published: date | None = None) -> NewUrl:
    mention = Mention(source="list", title="Virsraksts", published=published, lastmod=None)
    return NewUrl(
        url=url,
        request_url=f"{url}/",
        site="iem",
        kind="release",
        depth=1,
        mention=mention,
        due=due,
        found_in_run=found,
    )


def due_urls(rows: FrontierRows, wanted: DueFilter) -> list[str]:
    return [row.url for row in rows.due("iem", wanted, at_most=10)]


def until(due: int, *, before_run: int = 2, failed_by: int = NEVER, since: date | None = None) -> DueFilter:
    return DueFilter(
        due_from=0, due_until=due, before_run=before_run, failed_by=failed_by, published_since=since
    )


def visit(outcome: str, *, due: int, keeps_due: bool = False) -> FetchUpdate:
    return FetchUpdate(
        run=1,
        run_started=50,
        outcome=outcome,
        reason="",
        at=60,
        due=due,
        keeps_due=keeps_due,
        changed=60,
        seen_changed=60,
    )


def test_row_comes_back_as_it_was_inserted(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url(published=date(2026, 3, 1)))
    row = rows.get(URL)
    assert row is not None
    assert (row.request_url, row.kind, row.source, row.title) == (f"{URL}/", "release", "list", "Virsraksts")
    assert (row.published, row.changed) == (date(2026, 3, 1), 0)
    assert rows.get(f"{URL}-2") is None


def test_row_tells_whether_a_release_is_stored_under_its_own_address(store: Store) -> None:
    rows = FrontierRows(store)
    for url in (RELEASE.url, ALIAS, OLD):
        rows.insert(new_url(url))
    store.save(replace(RELEASE, url=OLD, title="Vecais"), seen=DAY)
    store.save(RELEASE, seen=DAY, aliases=(ALIAS, OLD))  # the old one is merged into it
    stored = {row.url: row.is_stored for row in rows.due("iem", until(100), at_most=10)}
    assert stored == {RELEASE.url: True, ALIAS: False, OLD: False}


def test_urls_are_due_in_their_order_once_per_run(store: Store) -> None:
    rows = FrontierRows(store)
    for name, due in (("late", 300), ("b", 200), ("a", 100)):
        rows.insert(new_url(name, due=due))
    assert due_urls(rows, until(200)) == ["a", "b"]
    rows.record_fetch("a", visit("new", due=150))
    assert due_urls(rows, until(200)) == ["a", "b"]
    assert due_urls(rows, until(200, before_run=1)) == ["b"]


def test_old_releases_and_recent_failures_are_left_out(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url("old", published=date(2020, 1, 1)))
    rows.insert(new_url("undated"))
    rows.insert(new_url("failed"))
    rows.record_fetch("failed", visit("failed", due=100))
    rows.insert(replace(new_url("list", published=date(2020, 1, 1)), kind="list"))
    assert due_urls(rows, until(100, failed_by=99, since=date(2025, 1, 1))) == ["undated", "list"]


def test_skipped_url_keeps_its_due_time(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url(due=100))
    rows.record_fetch(URL, visit("skipped", due=900, keeps_due=True))
    assert due_urls(rows, until(100)) == [URL]


@pytest.mark.parametrize(("before", "is_behind"), [("failed", True), ("new", False), ("skipped", False)])
def test_skipped_url_still_comes_after_others_if_it_had_failed(
    store: Store, before: str, *, is_behind: bool
) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url(due=100))
    rows.record_fetch(URL, visit(before, due=100))
    rows.record_fetch(URL, visit("skipped", due=100))
    assert due_urls(rows, until(100, failed_by=99)) == ([] if is_behind else [URL])


def test_hastened_url_is_due_earlier_and_never_later(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url(due=500))
    for due in (100, 300):
        rows.hasten(URL, due=due, due_if_failed=400, is_nudge=False, before_run=9)
    assert due_urls(rows, until(100)) == [URL]


def test_skip_below_a_root_counts_urls_that_had_not_failed(store: Store) -> None:
    rows = FrontierRows(store)
    for name in ("a", "b"):
        rows.insert(new_url(f"https://iem.example/{name}"))
    rows.insert(new_url("https://other.example/a"))
    rows.record_fetch("https://iem.example/b", visit("failed", due=100))
    assert rows.skip_below("iem", "https://iem.example/", due_until=100, run=2, reason="circuit-open") == 1
    counted = {(count.outcome, count.count) for count in rows.outcome_counts(2, "iem")}
    assert counted == {("skipped", 1), ("failed", 1)}


def test_nudges_that_met_a_change_are_counted(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url())
    rows.set_lastmod(URL, datetime(2026, 3, 1, tzinfo=UTC))
    rows.hasten(URL, due=10, due_if_failed=10, is_nudge=True, before_run=9)
    rows.record_fetch(URL, visit("changed", due=100))
    assert rows.count_nudges("iem") == (1, 1)
    mention = rows.mention(URL)
    assert mention is not None
    assert (mention.source, str(mention.lastmod)) == ("list", "2026-03-01 00:00:00+00:00")


def test_list_page_that_repeats_an_earlier_one_is_found(store: Store) -> None:
    rows = FrontierRows(store)
    for name in ("first", "second"):
        rows.insert(new_url(name))
        rows.set_links_digest(name, "same")
    assert rows.has_earlier_with_links("second", "iem", "same")
    assert not rows.has_earlier_with_links("first", "iem", "same")
    assert rows.links_digest("first") == "same"


def test_titles_are_counted_by_the_urls_that_have_them(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url())
    rows.insert(new_url(f"{URL}/2"))
    assert rows.count_titles("iem", ["Virsraksts", "Virs", "'"]) == {"Virsraksts": 2}
    assert rows.count_titles("mk", ["Virsraksts"]) == {}
