from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crawler.store import Store
from crawler.store.frontier_rows import DueFilter, FetchUpdate, FrontierRow, FrontierRows, Mention, NewUrl
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


def everything(rows: FrontierRows, url: str = URL) -> dict[str, object]:
    """Return the columns of a URL by name."""
    names = [name for (name,) in rows._store.rows("SELECT name FROM pragma_table_info('frontier')")]
    [values] = rows._store.rows("SELECT * FROM frontier WHERE url = ?", url)
    return dict(zip(names, values, strict=True))


def test_a_new_url_has_never_been_asked(store: Store) -> None:
    rows = FrontierRows(store)
    mention = Mention(
        source="feed", title="T", published=date(2026, 3, 1), lastmod=datetime(2026, 3, 2, tzinfo=UTC)
    )
    rows.insert(replace(new_url(due=-5, found=7), mention=mention, depth=3))
    assert everything(rows) == {
        "url": URL,
        "ask": f"{URL}/",
        "site": "iem",
        "kind": "release",
        "depth": 3,
        "source": "feed",
        "title": "T",
        "published": "2026-03-01",
        "lastmod": "2026-03-02T00:00:00+00:00",
        "nudged": 0,
        "lastmod_right": None,
        "due": -5,
        "checked": 0,
        "changed": 0,
        "early": 0,
        "links_digest": None,
        "found": 7,
        "run": 0,
        "outcome": None,
        "reason": None,
    }
    assert rows.mention(URL) == mention
    assert rows.mention(f"{URL}-2") is None
    assert rows.get(URL) == FrontierRow(
        url=URL,
        request_url=f"{URL}/",
        kind="release",
        depth=3,
        changed=0,
        source="feed",
        title="T",
        published=date(2026, 3, 1),
        is_stored=False,
    )


@pytest.mark.parametrize(
    ("due_before", "nudged", "update", "expected"),
    [
        # Fetched when it was due.
        (50, 0, {}, {"due": 900, "early": 0, "lastmod_right": None, "outcome": "changed", "changed": 60}),
        # Before it was due, in this run.
        (51, 0, {}, {"due": 900, "early": 61, "lastmod_right": None}),
        # Not fetched.
        (51, 0, {"keeps_due": True}, {"due": 51, "early": 0}),
        # Prompted by a newer lastmod, which was right or wrong.
        (50, 1, {}, {"lastmod_right": 1, "nudged": 0}),
        (50, 1, {"seen_changed": 0}, {"lastmod_right": 0, "nudged": 0}),
    ],
)
def test_a_fetch_is_recorded(
    store: Store, due_before: int, nudged: int, update: dict[str, Any], expected: dict[str, object]
) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url(due=due_before))
    store.execute("UPDATE frontier SET nudged = ?", nudged)
    fetched = replace(visit("changed", due=900), reason="why", at=61, **update)
    rows.record_fetch(URL, fetched)
    found = everything(rows)
    assert found | {"run": 1, "reason": "why", "checked": 61} | expected == found
    assert (rows.reason(URL), rows.outcome_in(1, URL), rows.outcome_in(2, URL)) == ("why", "changed", None)


def test_a_url_without_an_outcome_has_no_reason(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url())
    assert (rows.reason(URL), rows.reason("unknown"), rows.links_digest("unknown")) == ("", "", None)
    rows.set_outcome(URL, 4, "skipped", "denied")
    found = everything(rows)
    assert (found["outcome"], found["reason"], found["run"], found["due"]) == ("skipped", "denied", 4, 100)


@pytest.mark.parametrize(
    ("due", "run", "outcome", "expected"),
    [
        (500, 1, "new", (300, 1)),
        (500, 1, "failed", (400, 1)),
        (200, 1, "new", (200, 1)),
        (500, 2, "new", (500, 0)),
        (500, 3, "new", (500, 0)),
    ],
)
def test_a_url_is_hastened_unless_it_was_processed(
    store: Store, due: int, run: int, outcome: str, expected: tuple[int, int]
) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url(due=due))
    rows.set_outcome(URL, run, outcome, "")
    rows.hasten(URL, due=300, due_if_failed=400, is_nudge=True, before_run=2)
    found = everything(rows)
    assert (found["due"], found["nudged"]) == expected


def test_a_mention_is_replaced_but_for_its_lastmod(store: Store) -> None:
    rows = FrontierRows(store)
    rows.insert(new_url())
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    rows.set_lastmod(URL, moment)
    rows.set_mention(URL, Mention(source="feed", title=None, published=date(2026, 1, 1), lastmod=None))
    assert rows.mention(URL) == Mention(source="feed", title=None, published=date(2026, 1, 1), lastmod=moment)
    rows.set_lastmod(URL, None)
    found = rows.mention(URL)
    assert found is not None
    assert found.lastmod is None


@pytest.mark.parametrize(
    ("run", "outcome", "due_before", "due", "changes"),
    [
        (0, None, 50, 10, True),
        (1, "new", 50, 10, True),
        (1, "failed", 50, 20, True),
        (1, "failed", 15, 15, True),
        (2, "new", 50, 50, False),
        (3, "new", 50, 50, False),
    ],
)
def test_start_urls_are_due_in_each_run_again(
    store: Store, run: int, outcome: str | None, due_before: int, due: int, *, changes: bool
) -> None:
    rows = FrontierRows(store)
    rows.insert(replace(new_url(due=due_before), site="old", depth=4))
    store.execute("UPDATE frontier SET run = ?, outcome = ?", run, outcome)
    rows.upsert_starts("iem", "list", [URL, f"{URL}-2"], due=10, due_if_failed=20, run=2)
    found, added = everything(rows), everything(rows, f"{URL}-2")
    expected = ("iem", "list", 0) if changes else ("old", "release", 4)
    assert (found["site"], found["kind"], found["depth"], found["due"]) == (*expected, due)
    assert (added["ask"], added["site"], added["kind"], added["depth"]) == (f"{URL}-2", "iem", "list", 0)
    assert (added["due"], added["found"], added["run"]) == (10, 2, 0)


def test_what_is_due_is_chosen_by_all_conditions(store: Store) -> None:
    rows = FrontierRows(store)
    for name, due, day in (("a", 5, None), ("b", 5, date(2026, 1, 2)), ("c", 9, date(2026, 1, 1))):
        rows.insert(new_url(name, due=due, published=day))
    listed = Mention(source="sitemap", title=None, published=None, lastmod=None)
    rows.insert(replace(new_url("sitemap", due=5), mention=listed))
    rows.insert(replace(new_url("other", due=5), site="mod"))
    base = until(9)

    def chosen(**conditions: Any) -> list[str]:
        return due_urls(rows, replace(base, **conditions))

    assert chosen() == ["a", "b", "sitemap", "c"]
    assert chosen(due_from=6) == ["c"]
    assert chosen(due_from=5, due_until=8) == ["a", "b", "sitemap"]
    assert chosen(due_until=4) == []
    assert chosen(except_source="sitemap") == ["a", "b", "c"]
    assert chosen(published_since=date(2026, 1, 2)) == ["a", "b", "sitemap"]
    assert chosen(before_run=0) == []
    assert [row.url for row in rows.due("iem", base, at_most=2)] == ["a", "b"]
    rows.set_outcome("a", 1, "failed", "")
    assert chosen(failed_by=5) == ["a", "b", "sitemap", "c"]
    assert chosen(failed_by=4) == ["b", "sitemap", "c"]


def test_only_what_is_due_below_the_root_is_skipped(store: Store) -> None:
    rows = FrontierRows(store)
    root = "https://iem.example/"
    for url, due in ((f"{root}a", 100), (f"{root}late", 101), ("https://iem.example.lv/a", 1)):
        rows.insert(replace(new_url(url, due=due), request_url=url))
    rows.insert(replace(new_url(f"{root}done"), request_url=f"{root}done"))
    rows.set_outcome(f"{root}done", 2, "new", "")
    rows.insert(replace(new_url(f"{root}mod"), site="mod"))
    assert rows.skip_below("iem", root, due_until=100, run=2, reason="closed") == 1
    found = everything(rows, f"{root}a")
    assert (found["outcome"], found["reason"], found["run"], found["due"]) == ("skipped", "closed", 2, 100)
    left = (f"{root}late", "https://iem.example.lv/a", f"{root}mod")
    assert [everything(rows, url)["run"] for url in left] == [0, 0, 0]


def test_urls_are_listed_in_the_order_of_their_discovery(store: Store) -> None:
    rows = FrontierRows(store)
    for name in ("b", "a"):
        rows.insert(new_url(name))
    rows.insert(replace(new_url("list"), kind="list"))
    rows.insert(replace(new_url("c"), site="mod"))
    assert rows.urls("iem") == [("b", "release"), ("a", "release"), ("list", "list")]
    assert [*rows.addresses("iem")] == [("b", "b/"), ("a", "a/"), ("list", "list/")]
    assert rows.sites() == ["iem", "mod"]
    rows.set_site("a", "mod")
    assert [url for url, _ in rows.urls("iem")] == ["b", "list"]


def test_many_addresses_are_listed_once_each(store: Store) -> None:
    rows = FrontierRows(store)
    with store.transaction():
        for number in range(5_001):
            rows.insert(new_url(f"{number}"))
    assert [url for url, _ in rows.addresses("iem")] == [f"{number}" for number in range(5_001)]


def test_urls_are_postponed_and_resumed(store: Store) -> None:
    rows = FrontierRows(store)
    for name in ("a", "b", "c"):
        rows.insert(new_url(name, due=5))
    rows.postpone(["a", "b"], due=-9, run=3, reason="trap")
    assert rows.due_at("iem", -9) == ["a", "b"]
    assert rows.due_at("mod", -9) == []
    found = everything(rows, "a")
    assert (found["outcome"], found["reason"], found["run"]) == ("skipped", "trap", 3)
    rows.resume(["b"], due=7)
    found = everything(rows, "b")
    assert (found["due"], found["outcome"], found["reason"], found["run"]) == (7, None, None, 3)


def test_urls_are_counted(store: Store) -> None:
    rows = FrontierRows(store)
    for name, due, kind in (("a", 5, "release"), ("b", 6, "release"), ("c", 5, "list")):
        rows.insert(replace(new_url(name, due=due), kind=kind))
    rows.insert(replace(new_url("d"), site="mod"))
    rows.set_outcome("c", 2, "read", "")
    assert (rows.count("iem"), rows.count("mod"), rows.count("x")) == (3, 1, 0)
    assert (rows.count_kind("iem", "release"), rows.count_kind("iem", "feed")) == (2, 0)
    assert [rows.count_due("iem", due_until=due, before_run=2) for due in (4, 5, 6)] == [0, 1, 2]
    assert rows.count_due("iem", due_until=6, before_run=3) == 3
    assert [rows.count_releases_due("iem", due_until=due) for due in (4, 5, 6)] == [0, 1, 2]
    store.execute("UPDATE frontier SET early = 40 WHERE url = 'a'")
    assert (rows.count_early("iem", since=39), rows.count_early("iem", since=40)) == (1, 0)
    assert rows.count_early("mod", since=39) == 0


def test_prompted_fetches_are_counted_whether_they_found_a_change_or_not(store: Store) -> None:
    rows = FrontierRows(store)
    for name, right in (("a", 1), ("b", 0), ("c", None), ("d", 1)):
        rows.insert(new_url(name))
        store.execute("UPDATE frontier SET lastmod_right = ? WHERE url = ?", right, name)
    assert rows.count_nudges("iem") == (3, 2)
    assert rows.count_nudges("mod") == (0, 0)


def test_outcomes_of_a_run_are_counted_by_kind_and_reason(store: Store) -> None:
    rows = FrontierRows(store)
    for name, outcome, reason, run in (
        ("a", "skipped", "denied", 2),
        ("b", "skipped", "denied", 2),
        ("c", "skipped", "trap", 2),
        ("d", "new", "", 2),
        ("e", "new", "", 1),
    ):
        rows.insert(new_url(name))
        rows.set_outcome(name, run, outcome, reason)
    rows.insert(replace(new_url("f"), kind="list"))
    rows.set_outcome("f", 2, "read", "")
    assert [(one.kind, one.outcome, one.reason, one.count) for one in rows.outcome_counts(2, "iem")] == [
        ("list", "read", "", 1),
        ("release", "new", "", 1),
        ("release", "skipped", "denied", 2),
        ("release", "skipped", "trap", 1),
    ]


def test_a_list_page_repeats_only_one_of_its_site_with_the_same_links(store: Store) -> None:
    rows = FrontierRows(store)
    for name, site, digest in (("a", "mod", "x"), ("b", "iem", "y"), ("c", "iem", "x"), ("d", "iem", "x")):
        rows.insert(replace(new_url(name), site=site))
        rows.set_links_digest(name, digest)
    assert [rows.has_earlier_with_links(name, "iem", "x") for name in "cd"] == [False, True]
    assert everything(rows, "b")["links_digest"] == "y"
