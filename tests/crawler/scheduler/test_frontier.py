from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl, PageKind
from crawler.page import DiscoverySource
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


# --- What is left out, remembered and counted ---


def visited(
    frontier: Frontier, run: CrawlRun, name: str, end: FetchOutcome, now: datetime = NOW
) -> FrontierUrl:
    """Record a fetch of the release *name*; return its entry."""
    entry = FrontierUrl(
        url=f"https://iem.example/{name}",
        request_url="",
        site="iem",
        kind="release",
        depth=1,
        hints=None,
        changed=0,
    )
    frontier.record(entry, run, now, end)
    return entry


def test_what_is_left_out_is_never_due_until_there_is_no_reason(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"), link("b"), link("c"))
    assert not frontier.has_left_out("iem")
    reasons = {link("a").url: "denied", link("b").url: "another session of a known page"}
    frontier.leave_out("iem", lambda url, _: reasons.get(url, ""), run)
    assert frontier.has_left_out("iem")
    assert not frontier.has_left_out("mod")
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new")) == ["c"]
    counts = {(count.outcome, count.reason): count.count for count in frontier.count_outcomes(run, "iem")}
    assert counts == {
        ("new", ""): 1,
        ("skipped", "denied"): 1,
        ("skipped", "another session of a known page"): 1,
    }
    frontier.finish(run, NOW)
    run = frontier.start(NOW + timedelta(hours=1))
    frontier.leave_out("iem", lambda _, spelt: "denied" if spelt == link("a").url else "", run)
    # Neither has been fetched, but one is left out no more.
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new"))[0] == "c"
    assert frontier.outcome_in(run, link("b").url) == "new"
    assert frontier.outcome_in(run, link("a").url) == "skipped"


def test_lists_and_feeds_give_hints_and_sitemaps_do_not(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    by_list = link("a", published=date(2026, 1, 1))
    by_sitemap = replace(link("b"), discovered=replace(link("b").discovered, source="sitemap"))
    by_feed = replace(link("c"), discovered=replace(link("c").discovered, source="feed", title="C"))
    add(frontier, run, by_list, by_sitemap, by_feed)
    assert frontier.hints(by_list.url) == by_list.discovered
    assert (frontier.hints(by_sitemap.url), frontier.hints("https://iem.example/x")) == (None, None)
    assert [frontier.is_listed(link(name).url) for name in "abcx"] == [True, False, True, False]
    assert [frontier.knows(link(name).url) for name in "abx"] == [True, True, False]
    assert frontier.count_titles("iem", ["C", "D"]) == {"C": 1}
    assert (frontier.count("iem", "release"), frontier.count("iem", "list")) == (3, 0)


@pytest.mark.parametrize(
    ("depth", "before", "source", "expected"),
    [
        (1, "list", "list", ("list", "New")),
        (1, "list", "feed", ("feed", "New")),
        (1, "list", "sitemap", ("list", "Old")),
        # A trap gives known addresses new titles; what only a sitemap named has none of its own.
        (2, "list", "list", ("list", "Old")),
        (2, "sitemap", "list", ("list", "New")),
    ],
)
def test_a_start_page_says_the_title_of_a_known_address(
    frontier: Frontier,
    depth: int,
    before: DiscoverySource,
    source: DiscoverySource,
    expected: tuple[str, str],
) -> None:
    run = frontier.start(NOW)
    first = replace(link("a"), discovered=replace(link("a").discovered, source=before, title="Old"))
    later = replace(link("a"), depth=depth, discovered=replace(first.discovered, source=source, title="New"))
    assert add(frontier, run, first) == 1
    assert add(frontier, run, later) == 0
    hints = frontier.hints(first.url)
    assert hints is not None
    assert (hints.source, hints.title) == expected


def test_a_mention_without_title_or_day_keeps_those_of_before(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    first = link("a", published=date(2026, 1, 1))
    add(frontier, run, replace(first, discovered=replace(first.discovered, title="Old")), link("a"))
    hints = frontier.hints(first.url)
    assert hints is not None
    assert (hints.title, hints.published) == ("Old", date(2026, 1, 1))


def test_a_remark_is_remembered_and_another_reason_is_not(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    for reason, remark in (("no release", ""), ("the list is empty", "the list is empty")):
        visited(frontier, run, "a", FetchOutcome(outcome="failed", reason=reason))
        assert frontier.last_remark(link("a").url) == remark
    assert frontier.last_remark("https://iem.example/x") == ""


@pytest.mark.parametrize(
    ("end", "due_h", "changed_h"),
    [
        # A tenth of the time since the last change, 60 days at most.
        (FetchOutcome(outcome="new", changed=NOW - timedelta(hours=100)), 10, -100),
        (FetchOutcome(outcome="new", changed=NOW - timedelta(days=5000)), 60 * 24, -5000 * 24),
        (FetchOutcome(outcome="changed"), 1 / 3600, 0),
        (FetchOutcome(outcome="failed", is_answer=False, changed=NOW - timedelta(hours=100)), 1 / 3600, None),
    ],
)
def test_the_next_fetch_is_planned_by_the_age_of_the_text(
    store: Store, end: FetchOutcome, due_h: float, changed_h: int | None
) -> None:
    frontier = Frontier(store, Recheck())
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    visited(frontier, run, "a", end)
    [(due, changed, checked)] = store.rows("SELECT due, changed, checked FROM frontier")
    now = int(NOW.timestamp())
    assert (due, checked) == (now + round(due_h * 3600), now)
    assert changed == (0 if changed_h is None else now + changed_h * 3600)


def test_releases_due_within_a_day_are_counted(store: Store) -> None:
    frontier = Frontier(store, Recheck())
    run = frontier.start(NOW)
    add(frontier, run, link("a"), link("b"), link("page-2", "list"))
    now = int(NOW.timestamp())
    for name, due in (("a", now + DAY_S), ("b", now + DAY_S + 1)):
        store.execute("UPDATE frontier SET due = ? WHERE url = ?", due, link(name).url)
    assert frontier.count_due_within_a_day("iem", NOW) == 1
    assert frontier.count_due_within_a_day("iem", NOW + timedelta(seconds=1)) == 2
    assert frontier.count_due("iem", run) == 1


@pytest.mark.parametrize(("judged", "right", "is_due"), [(19, 0, True), (20, 3, False), (20, 4, True)])
def test_lastmod_is_trusted_until_most_of_it_was_wrong(
    store: Store, judged: int, right: int, *, is_due: bool
) -> None:
    frontier = Frontier(store, Recheck(early_per_day=0))
    run = frontier.start(NOW)
    names = [f"{number}" for number in range(judged)]
    add(frontier, run, *map(link, names), link("x", lastmod=NOW))
    fetch_due(frontier, run, NOW, FetchOutcome(outcome="new", changed=NOW - timedelta(days=1000)))
    for number, name in enumerate(names):
        store.execute("UPDATE frontier SET lastmod_right = ? WHERE url = ?", number < right, link(name).url)
    frontier.finish(run, NOW)
    run = frontier.start(NOW + timedelta(hours=1))
    add(frontier, run, link("x", lastmod=NOW + timedelta(hours=1)))
    assert fetch_due(frontier, run, NOW, FetchOutcome(outcome="new")) == (["x"] if is_due else [])


def test_a_first_lastmod_prompts_nothing(store: Store) -> None:
    frontier = Frontier(store, Recheck(early_per_day=0))
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    fetch_due(frontier, run, NOW, FetchOutcome(outcome="new", changed=NOW - timedelta(days=1000)))
    frontier.finish(run, NOW)
    run = frontier.start(NOW + timedelta(hours=1))
    add(frontier, run, link("a", lastmod=NOW))
    assert frontier.due("iem", run) == []
    add(frontier, run, replace(link("a"), refetch=True))
    assert [entry.url for entry in frontier.due("iem", run)] == [link("a").url]


def test_batches_have_a_bounded_size(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, *(link(f"page-{number}", "list") for number in range(60)))
    add(frontier, run, *(link(f"r{number}") for number in range(120)))
    first = frontier.due("iem", run)
    kinds = [entry.kind for entry in first]
    assert (kinds[:50], kinds[50:]) == (["list"] * 50, ["release"] * 50)
    waiting = frontier.due("iem", run, lists_wait=True)
    assert [entry.kind for entry in waiting] == ["release"] * 100
    for entry in chain(first, waiting):
        frontier.record(entry, run, NOW, FetchOutcome(outcome="new"))
    rest = frontier.due("iem", run)
    assert [entry.kind for entry in rest] == ["list"] * 10 + ["release"] * 20


def test_while_lists_wait_they_come_when_no_release_is_left(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("page-2", "list"))
    assert [entry.kind for entry in frontier.due("iem", run, lists_wait=True)] == ["list"]


def test_nothing_is_fetched_early_if_it_may_not_be(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    fetch_due(frontier, run, NOW, FetchOutcome(outcome="new", changed=NOW - timedelta(days=1000)))
    frontier.finish(run, NOW)
    run = frontier.start(NOW + timedelta(hours=1))
    assert frontier.due("iem", run, may_be_early=False) == []
    [early] = frontier.due("iem", run)
    assert early.url == link("a").url


def test_the_start_of_a_run_is_told(frontier: Frontier) -> None:
    assert frontier.run_start() is None
    first = frontier.start(NOW)
    frontier.finish(first, NOW)
    second = frontier.start(NOW + timedelta(days=1))
    assert frontier.run_start() == NOW + timedelta(days=1)
    assert (frontier.run_start(first.id), frontier.run_start(second.id + 1)) == (NOW, None)


def test_a_list_that_led_to_releases_is_remembered(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("page-1", "list"))
    [entry] = frontier.due("iem", run)
    assert not frontier.has_links(entry)
    frontier.record_links(entry, "x")
    assert frontier.has_links(entry)


def test_a_settled_change_has_its_outcome_in_the_run(frontier: Frontier) -> None:
    run = frontier.start(NOW)
    add(frontier, run, link("a"))
    frontier.record_settlement(link("a").url, run, "gone", "missing")
    assert frontier.outcome_in(run, link("a").url) == "gone"
    [count] = frontier.count_outcomes(run, "iem")
    assert (count.outcome, count.reason) == ("gone", "missing")
