"""The objections to a site: outages, login pages, mass removals."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.config import CrawlerConfig, Limits
from crawler.downloader import FetchError
from crawler.page import PageKind
from crawler.scheduler.objections import object_to_closed, object_to_outcomes
from crawler.scheduler.reasons import EMPTY_LIST, FAULT, UNREAD
from crawler.store import Store
from crawler.store.frontier_rows import OutcomeCount
from crawler.store.rollback import roll_back
from tests.support.site_crawl import (
    NO_RELEASES,
    START,
    TEN,
    Web,
    crawl,
    list_page,
    publish,
    release_page,
)

pytestmark = pytest.mark.sweep


@pytest.mark.parametrize("status", [404, 410])
def test_mass_loss_is_pending_until_the_operator_accepts_it(web: Web, store: Store, status: int) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages |= {f"/lv/jaunums/{name}": (status, "") for name in TEN}
    for day in (1, 2):
        assert crawl(web, store, day=day)[1] == ("10 of 10 releases are missing at once",)
    assert store.count_of("iem") == 10
    assert crawl(web, store, day=3, accepted=True)[1] == ()
    assert store.count_of("iem") == 0
    undone = roll_back(store, "iem", since=START + timedelta(days=3), seen=START)
    assert (len(undone.present_again), undone.text_again) == (10, ())
    assert store.count_of("iem") == 10


def test_outage_removes_nothing_and_is_reported(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages = dict.fromkeys(web.pages, (503, ""))
    for day in (1, 2):
        _, objections = crawl(web, store, day=day)
        assert objections != ()
    assert store.count_of("iem") == 10


@pytest.mark.parametrize("status", [403, 500])
def test_outage_behind_a_list_that_answers_is_reported(web: Web, store: Store, status: int) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages |= {f"/lv/jaunums/{name}": (status, "") for name in TEN}
    _, objections = crawl(web, store, day=1)
    assert objections == ("none of the 10 releases fetched could be read",)
    web.pages["/lv/jaunums/relize-1"] = (200, release_page("relize-1"))
    _, objections = crawl(web, store, day=2)
    assert (objections, store.count_of("iem")) == ((), 10)


def test_objection_says_why_a_site_was_left(web: Web, store: Store) -> None:
    web.pages["/robots.txt"] = (503, "")
    _, objections = crawl(web, store)
    assert objections == ("robots.txt cannot be read (status 503): the rest is left for the next run",)


def test_list_that_moved_to_a_host_that_is_down_is_reported(web: Web, store: Store) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as down:
        other = f"127.0.0.1:{down.server_address[1]}"
    web.pages["/lv/jaunumi"] = (302, f"http://{other}/lv/jaunumi")
    _, objections = crawl(web, store, further_host=other)
    assert objections == ("no list page, feed or sitemap could be read",)


def test_empty_start_page_removes_nothing_and_is_reported(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page())
    ends, objections = crawl(web, store, day=1)
    assert (ends["/lv/jaunumi"], store.count_of("iem")) == ("failed", 10)
    assert objections == ("no list page, feed or sitemap could be read",)


def test_releases_that_cannot_be_read_any_more_are_objected_to(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages |= {f"/lv/jaunums/{name}": (200, NO_RELEASES["log in"]) for name in TEN}
    for day in (1, 2, 3):
        _, objections = crawl(web, store, day=day)
        assert objections == ("10 of 10 releases cannot be read any more: a login or error page?",)
    assert store.count_of("iem") == 10


# --- By counts ---


def count_of(kind: PageKind, outcome: str, reason: str = "", count: int = 1) -> OutcomeCount:
    return OutcomeCount(kind=kind, outcome=outcome, reason=reason, count=count)


READ = count_of("list", "read")
NOTHING_READ = "no list page, feed or sitemap could be read"
EMPTY_START = "a start page that led to releases is empty"
BROKEN = "look at template 't'"


@pytest.mark.parametrize(
    ("counts", "known", "objections"),
    [
        ([READ], 0, []),
        ([], 0, [NOTHING_READ]),
        ([count_of("list", "failed"), count_of("feed", "skipped")], 0, [NOTHING_READ]),
        ([count_of("list", "failed"), count_of("sitemap", "read")], 0, []),
        ([READ, count_of("list", "failed", EMPTY_LIST)], 0, [EMPTY_START]),
        ([count_of("list", "failed", EMPTY_LIST)], 0, [NOTHING_READ]),
        ([READ, count_of("release", "failed", EMPTY_LIST)], 0, []),
        # More than a third of the known releases cannot be read.
        ([READ, count_of("release", "failed", UNREAD, 3)], 10, []),
        (
            [READ, count_of("release", "failed", UNREAD, 4)],
            10,
            ["4 of 10 releases cannot be read any more: a login or error page?"],
        ),
        ([READ, count_of("release", "skipped", UNREAD, 4)], 10, []),
        ([READ, count_of("release", "failed", UNREAD, 1)], 1, []),
        # None of the releases asked for could be read, five at least.
        ([READ, count_of("release", "failed", "status-503", 4)], 10, []),
        (
            [READ, count_of("release", "failed", "status-503", 3), count_of("release", "failed", "dns", 2)],
            10,
            ["none of the 5 releases fetched could be read"],
        ),
        ([READ, count_of("release", "failed", "status-503", 5), count_of("release", "new")], 10, []),
        ([READ, count_of("release", "failed", "status-404", 5)], 10, []),
        ([READ, count_of("release", "new", "dns", 5)], 10, []),
        # The extractor failed on more than one in twenty pages.
        ([READ, count_of("release", "new", "", 38), count_of("release", "failed", FAULT, 2)], 0, []),
        (
            [READ, count_of("release", "new", "", 36), count_of("release", "failed", FAULT, 2)],
            0,
            [f"the extractor failed on 2 of 39 pages: {BROKEN}"],
        ),
        (
            [
                READ,
                count_of("release", "new", "", 36),
                count_of("release", "failed", FAULT, 2),
                count_of("release", "failed", "dns", 9),
                count_of("release", "skipped", "", 9),
            ],
            0,
            [f"the extractor failed on 2 of 39 pages: {BROKEN}"],
        ),
        ([READ, count_of("release", "failed", FAULT, 1)], 0, []),
    ],
)
def test_objections_follow_from_the_counts(
    counts: list[OutcomeCount], known: int, objections: list[str]
) -> None:
    config = CrawlerConfig(limits=Limits(failures_in_a_row=5))
    assert [*object_to_outcomes(counts, known, "t", config)] == objections


def test_each_reason_for_which_an_origin_was_closed_is_named_once() -> None:
    errors = [FetchError("https://a.lv/", reason) for reason in ("dns", "circuit-open", "dns")]
    assert object_to_closed(errors) == (
        "the host name has no address: the rest is left for the next run",
        "the host does not answer: the rest is left for the next run",
    )
    assert object_to_closed([]) == ()
