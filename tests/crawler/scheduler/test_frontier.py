from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl, PageKind
from crawler.scheduler.frontier import DAY_S, RESUMABLE_S, Frontier, interval_s
from crawler.scheduler.plan import FetchOutcome, FrontierUrl, Link
from crawler.store import Store
from crawler.store.run_rows import CrawlRun
from tests.support.new_store import new_store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LIST = "https://iem.example/lv/jaunumi"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store


@pytest.fixture
def frontier(store: Store) -> Frontier:
    return Frontier(store, Recheck())


def link(
    name: str, kind: PageKind = "release", *, published: date | None = None, lastmod: datetime | None = None
) -> Link:
    url = f"https://iem.example/{name}"
    found = DiscoveredUrl(url=url, title=None, published=published, source="list", lastmod=lastmod)
    return Link(url=url, kind=kind, depth=1, discovered=found)


def batches(frontier: Frontier, run: CrawlRun, *, since: date | None = None) -> Iterator[list[FrontierUrl]]:
    """Yield what is due; each URL must be recorded before the next batch."""
    while batch := frontier.due("iem", run, since=since):
        yield batch


def fetch_due(
    frontier: Frontier, run: CrawlRun, now: datetime, end: FetchOutcome, *, since: date | None = None
) -> list[str]:
    """Fetch all due URLs with the same outcome; return the last part of each."""
    names = []
    for entry in chain.from_iterable(batches(frontier, run, since=since)):
        names.append(entry.url.rsplit("/", 1)[-1])
        frontier.record(entry, run, now, end)
    return names


def add(frontier: Frontier, run: CrawlRun, *links: Link) -> int:
    return frontier.add("iem", links, run, at_most=1000)


def test_list_pages_come_first_then_releases_as_found(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("b"), link("a"), link("page-2", "list"))
    frontier.seed("iem", "list", [LIST], run)
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new")) == ["jaunumi", "page-2", "b", "a"]


def test_urls_found_meanwhile_are_due_too(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    frontier.seed("iem", "list", [LIST], run)
    [first] = frontier.due("iem", run)
    add(frontier, run, link("a"))
    frontier.record(first, run, NOW, FetchOutcome(outcome="read"))
    [second] = frontier.due("iem", run)
    assert second.url.endswith("/a")


def test_releases_come_with_later_list_pages_unless_only_a_sitemap_names_them(
    frontier: Frontier,
) -> None:
    run = frontier.start(NOW)
    by_sitemap = link("b")
    by_sitemap = replace(by_sitemap, discovered=replace(by_sitemap.discovered, source="sitemap"))
    add(frontier, run, link("page-2", "list"), by_sitemap, link("a"))
    found = []
    for batch in batches(frontier, run):
        found.append([entry.url[-1] for entry in batch])
        for entry in batch:
            frontier.record(entry, run, NOW, FetchOutcome(outcome="new"))
    assert found == [["2", "a"], ["b"]]


def test_urls_under_way_are_left_out_and_an_empty_batch_means_wait(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    in_flight: dict[str, PageKind] = {}
    [first] = frontier.due("iem", run)
    in_flight[first.url] = first.kind
    assert frontier.due("iem", run, in_flight=in_flight) == []
    add(frontier, run, link("b"))
    [second] = frontier.due("iem", run, in_flight=in_flight)
    assert second.url == link("b").url
    for entry in (first, second):
        frontier.record(entry, run, NOW, FetchOutcome(outcome="new"))
    assert frontier.due("iem", run) == []


def test_urls_of_a_sitemap_wait_for_list_pages_under_way(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    by_sitemap = link("b")
    by_sitemap = replace(by_sitemap, discovered=replace(by_sitemap.discovered, source="sitemap"))
    add(frontier, run, link("page-2", "list"), by_sitemap)
    in_flight = {entry.url: entry.kind for entry in frontier.due("iem", run)}
    add(frontier, run, link("a"))
    [entry] = frontier.due("iem", run, in_flight=in_flight)
    in_flight[entry.url] = entry.kind
    assert entry.url == link("a").url
    assert frontier.due("iem", run, in_flight=in_flight) == []


def test_interrupted_run_is_resumed(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"), link("b"))
    frontier.record(frontier.due("iem", run)[0], run, NOW, FetchOutcome(outcome="new"))
    again = frontier.start(NOW + timedelta(hours=5))
    assert again == run
    assert fetch_due(frontier, again, NOW, FetchOutcome(outcome="new")) == ["b"]


@pytest.mark.parametrize(
    ("later_s", "is_resumed"),
    [
        (RESUMABLE_S - 1, True),
        (RESUMABLE_S, False),
        (2 * DAY_S, False),
        # The clock was set back.
        (1 - RESUMABLE_S, True),
        (-RESUMABLE_S, False),
        (-400 * DAY_S, False),
    ],
)
def test_run_is_resumed_within_hours(frontier: Frontier, later_s: int, *, is_resumed: bool) -> None:
    run = frontier.start(NOW)
    assert (frontier.start(NOW + timedelta(seconds=later_s)).id == run.id) is is_resumed


def test_every_run_begins_at_the_start_pages(frontier: Frontier) -> None:
    for day in (0, 1):
        run = frontier.start(NOW + timedelta(days=day))
        frontier.seed("iem", "list", [LIST], run)
        assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="read")) == ["jaunumi"]
        frontier.finish(run, NOW)


@pytest.mark.parametrize(
    ("unchanged_s", "expected_s"),
    [(0, 0), (10 * DAY_S, DAY_S), (100 * DAY_S, 10 * DAY_S), (5000 * DAY_S, 60 * DAY_S), (-5, 0)],
)
def test_interval_grows_with_the_time_without_a_change(unchanged_s: int, expected_s: int) -> None:
    assert interval_s(unchanged_s, Recheck()) == expected_s


def test_unchanged_page_is_not_due_early(store: Store) -> None:
    frontier = Frontier(store, Recheck(early_per_day=0))
    run = frontier.start(NOW)
    add(frontier, run, link("old"), link("fresh"))
    for entry in chain.from_iterable(batches(frontier, run)):
        changed = NOW - timedelta(days=1000) if entry.url.endswith("old") else NOW
        frontier.record(entry, run, NOW, FetchOutcome(outcome="new", changed=changed))
    frontier.finish(run, NOW)
    for day, expected in ((1, ["fresh"]), (60, ["fresh", "old"])):
        later = NOW + timedelta(days=day)
        run = frontier.start(later)
        assert fetch_due(frontier, run, later, FetchOutcome(outcome="unchanged")) == expected
        frontier.finish(run, later)


def test_early_fetches_stay_within_the_daily_allowance(store: Store) -> None:
    frontier = Frontier(store, Recheck(early_per_day=3))
    quiet = FetchOutcome(outcome="new", changed=NOW - timedelta(days=1000))
    run = frontier.start(NOW)
    add(frontier, run, *(link(f"{number}") for number in range(5)))
    fetch_due(frontier, run, NOW, quiet)
    frontier.finish(run, NOW)
    fetched = []
    for hour in (1, 2, 26):
        now = NOW + timedelta(hours=hour)
        run = frontier.start(now)
        fetched.append(fetch_due(frontier, run, now, quiet))
        frontier.finish(run, now)
    assert fetched == [["0", "1", "2"], [], ["3", "4", "0"]]


def test_failed_page_is_due_again_in_the_next_run_only(frontier: Frontier) -> None:
    failed = FetchOutcome(outcome="failed", reason="timeout", is_answer=False)
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    assert fetch_due(frontier, run, NOW, failed) == ["a"]
    frontier.finish(run, NOW)
    assert fetch_due(frontier, frontier.start(NOW + timedelta(seconds=1)), NOW, failed) == ["a"]


def test_newer_lastmod_makes_a_page_due(store: Store) -> None:
    frontier = Frontier(store, Recheck(early_per_day=0))
    quiet = FetchOutcome(outcome="new", changed=NOW - timedelta(days=1000))
    run = frontier.start(NOW)
    add(frontier, run, *(link(name, lastmod=NOW) for name in "abc"))
    fetch_due(frontier, run, NOW, quiet)
    frontier.finish(run, NOW)
    run = frontier.start(NOW + timedelta(hours=1))
    hours = {"a": 1, "b": 0, "c": -1}
    add(frontier, run, *(link(name, lastmod=NOW + timedelta(hours=after)) for name, after in hours.items()))
    assert fetch_due(frontier, run, NOW, quiet) == ["a"]


@pytest.mark.parametrize("is_answer", [True, False])
def test_failed_page_comes_last_in_spite_of_a_newer_lastmod(store: Store, *, is_answer: bool) -> None:
    frontier = Frontier(store, Recheck(early_per_day=0))
    quiet = NOW - timedelta(days=1000)
    run = frontier.start(NOW)
    frontier.seed("iem", "list", [LIST], run)
    add(frontier, run, link("a", lastmod=NOW), link("b", lastmod=NOW))
    failed = {"a", "jaunumi"}
    for entry in chain.from_iterable(batches(frontier, run)):
        outcome = "failed" if entry.url.rsplit("/", 1)[-1] in failed else "new"
        frontier.record(entry, run, NOW, FetchOutcome(outcome=outcome, changed=quiet, is_answer=is_answer))
    frontier.finish(run, NOW)
    later = NOW + timedelta(hours=1)
    run = frontier.start(later)
    frontier.seed("iem", "list", [LIST], run)
    add(frontier, run, link("a", lastmod=later), link("b", lastmod=later), link("c"))
    names = fetch_due(frontier, run, later, FetchOutcome(outcome="unchanged"))
    assert (set(names[:2]), set(names[2:])) == ({"b", "c"}, failed)


def test_failed_page_is_put_off_for_a_week_at_most(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"), link("b"))
    for entry in chain.from_iterable(batches(frontier, run)):
        outcome = "failed" if entry.url.endswith("a") else "new"
        frontier.record(entry, run, NOW, FetchOutcome(outcome=outcome, is_answer=False))
    frontier.finish(run, NOW)
    for days, first in ((6, "b"), (8, "a")):
        [entry, *_] = frontier.due("iem", frontier.start(NOW + timedelta(days=days)))
        assert entry.url.endswith(first)


def test_skipped_urls_keep_their_place_and_other_origins_go_on(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    other = replace(link("x"), url="https://other.example/x")
    other = replace(other, discovered=replace(other.discovered, url="http://iem.example/x"))
    add(frontier, run, link("a"), link("b"), other)
    assert frontier.skip_below("iem", run, root="https://iem.example/", reason="circuit-open") == 2
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new")) == ["x"]
    [skipped] = [tally for tally in frontier.count_outcomes(run, "iem") if tally.outcome == "skipped"]
    assert (skipped.reason, skipped.count) == ("circuit-open", 2)
    frontier.finish(run, NOW)
    run = frontier.start(NOW + timedelta(hours=1))
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new"))[:2] == ["a", "b"]


def test_lastmod_is_ignored_once_it_proves_wrong(store: Store) -> None:
    frontier = Frontier(store, Recheck(early_per_day=0))
    quiet = FetchOutcome(outcome="unchanged", changed=NOW - timedelta(days=1000))
    names = [f"{number}" for number in range(30)]
    fetched = []
    for hour in range(3):
        run = frontier.start(NOW + timedelta(hours=hour))
        add(frontier, run, *(link(name, lastmod=NOW + timedelta(hours=hour)) for name in names))
        fetched.append(len(fetch_due(frontier, run, NOW, quiet)))
        frontier.finish(run, NOW)
    assert fetched == [30, 30, 0]


def test_since_leaves_out_releases_that_lists_date_earlier(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(
        frontier,
        run,
        link("old", published=date(2020, 1, 1)),
        link("new", published=date(2026, 2, 1)),
        link("undated"),
    )
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new"), since=date(2026, 1, 1)) == [
        "new",
        "undated",
    ]


def test_repeated_list_pages_are_recognised(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("page-1", "list"), link("page-2", "list"))
    first, second = frontier.due("iem", run)
    assert frontier.record_links(first, "x") == (False, False)
    assert frontier.record_links(second, "x") == (True, False)
    assert frontier.record_links(first, "x") == (False, True)


def test_urls_of_a_site_are_bounded(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    links = [link(f"{number}") for number in range(10)]
    assert frontier.add("iem", links, run, at_most=4) == 4
    assert frontier.count_due("iem", run) == 4


def test_hints_of_a_list_page_replace_those_of_a_sitemap(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    by_list = link("a", published=date(2026, 1, 1))
    by_sitemap = replace(by_list, discovered=replace(by_list.discovered, source="sitemap", published=None))
    add(frontier, run, by_sitemap)
    add(frontier, run, by_list)
    [entry] = frontier.due("iem", run)
    assert entry.hints == by_list.discovered
