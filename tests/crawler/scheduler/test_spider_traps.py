"""Spider traps end, and keep no release from being fetched."""

from collections import Counter
from pathlib import Path

import pytest

from crawler.config import Guards
from crawler.page import PageKind
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.reasons import TOO_MANY_MISSES
from crawler.scheduler.spider_traps import LISTS_IN_A_ROW, Traps
from crawler.store import Store
from tests.support.site_crawl import (
    TEN,
    Web,
    crawl,
    list_page,
    publish,
    release_page,
    report_of,
)

pytestmark = pytest.mark.sweep


def test_endless_lists_without_releases_end(web: Web, store: Store) -> None:
    publish(web, *TEN)
    rows = web.pages["/lv/jaunumi"][1].removesuffix("</main></body></html>")
    for number in range(400):
        false = list_page(*(f"viltus-{number}-{name}" for name in range(12))) if number else rows
        pager = f"<a rel=next href='?page={number + 1}'>Nākamā</a></main></body></html>"
        path = "/lv/jaunumi" + (f"?page={number}" if number else "")
        web.pages[path] = (200, false.removesuffix("</main></body></html>") + pager)
    crawl(web, store)
    assert (len(web.requested) <= 200, store.count()) == (True, len(TEN))


def test_endlessly_branching_lists_end(web: Web, store: Store) -> None:
    publish(web, *TEN)
    for number in range(400):
        names = TEN if number == 0 else [f"viltus-{number}-{one}" for one in range(10)]
        pager = "".join(f"<a rel=next href='?page={10 * number + one}'>{one}</a>" for one in range(1, 11))
        path = "/lv/jaunumi" + (f"?page={number}" if number else "")
        web.pages[path] = (200, list_page(*names).replace("</main>", f"{pager}</main>"))
    crawl(web, store)
    assert (len(web.requested) <= 200, store.count()) == (True, len(TEN))


def test_more_new_releases_than_known_ones_take_several_crawls(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    publish(web, *TEN, *(f"jauna-{number}" for number in range(50)))
    counts = []
    for day in (1, 2, 3):
        ends, objections = crawl(web, store, day=day, guards=Guards(new_at_once=5))
        counts.append((store.count(), Counter(ends.values())["skipped"]))
        assert objections == ()
    assert counts == [(20, 40), (40, 20), (60, 0)]


def test_a_first_crawl_takes_all_releases(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store, guards=Guards(new_at_once=5))
    assert store.count() == len(TEN)


def test_lists_wait_for_releases_and_go_on_after_the_next_one() -> None:
    traps = Traps(Guards(), 0, has=lambda _: False, has_beside=lambda _: False)
    read, new = FetchOutcome(outcome="read"), FetchOutcome(outcome="new")
    waits = []
    kinds: tuple[tuple[PageKind, FetchOutcome], ...] = (("list", read), ("release", new), ("list", read))
    for kind, end in kinds:
        entry = FrontierUrl(
            url="https://a.lv/x",
            request_url="",
            site="a",
            kind=kind,
            depth=1,
            hints=None,
            changed=0,
            is_stored=False,
        )
        for _ in range(LISTS_IN_A_ROW if kind == "list" and not waits else 1):
            traps.count(entry, end)
        waits.append(traps.lists_wait)
    assert waits == [True, False, False]


@pytest.mark.parametrize(
    ("answer", "at_most", "left"),
    [((404, ""), 10, 10), ((200, "<p>Nav</p>"), 8, 20)],
    ids=["recognised at once", "recognised when read"],
)
def test_trap_is_left_and_the_rest_is_found(
    web: Web, store: Store, answer: tuple[int, str], at_most: int, left: int
) -> None:
    publish(web, *(f"viltus/{number}" for number in range(30)), "relize-1")
    web.pages |= {f"/lv/jaunums/viltus/{number}": answer for number in range(30)}
    ends, _ = crawl(web, store, guards=Guards(area_misses=at_most))
    assert [ends[f"/lv/jaunums/viltus/{number}"] for number in (at_most - 1, left)] == ["failed", "skipped"]
    assert ends["/lv/jaunums/relize-1"] == "new"


def test_known_releases_are_fetched_in_spite_of_traps(web: Web, store: Store) -> None:
    traps = [f"{trap}/{number}" for trap in ("viltus", "slazds", "cilpa") for number in range(30)]
    publish(web, "relize-1", *traps)
    web.pages |= {f"/lv/jaunums/{name}": (404, "") for name in traps}
    ends = [crawl(web, store, day=day, guards=Guards(area_misses=8))[0] for day in range(4)]
    assert [end["/lv/jaunums/relize-1"] for end in ends] == ["new", *["unchanged"] * 3]
    assert all(Counter(end.values())["failed"] < 30 for end in ends)


def test_attachments_are_fetched_in_spite_of_dead_links(web: Web, store: Store) -> None:
    publish(web, "relize-1", *(f"viltus/{number}" for number in range(30)))
    links = "".join(f"<p><a href=/faili/viltus/{number}.pdf>{number}</a></p>" for number in range(30))
    page = release_page("relize-1").replace(
        "</article>", f"<a href=/faili/b.pdf>Budžets</a>{links}</article>"
    )
    web.pages["/lv/jaunums/relize-1"] = (200, page)
    web.files["/faili/b.pdf"] = (
        Path(__file__).parents[3] / "samples" / "attachments" / "budzets-2020.pdf"
    ).read_bytes()
    ends, _ = crawl(web, store, guards=Guards(area_misses=10))
    assert ends["/faili/b.pdf"] == "read"
    assert [ends[f"/faili/viltus/{number}.pdf"] for number in (9, 10)] == ["failed", "skipped"]


def test_one_text_at_endless_addresses_is_a_trap(web: Web, store: Store) -> None:
    names = [f"viltus/{number}" for number in range(60)]
    publish(web, "relize-1", *names)
    web.pages |= {f"/lv/jaunums/{name}": (200, release_page("viltus")) for name in names}
    ends, _ = crawl(web, store, guards=Guards(area_misses=10))
    assert (Counter(ends.values())["skipped"] > 30, store.count()) == (True, 2)
    before = len(web.requested)
    again, _ = crawl(web, store, day=1, guards=Guards(area_misses=10))
    assert len(web.requested) - before < 30
    assert Counter(again.values())["skipped"] > 30


def _trap_of(pages: int) -> str:
    """Return rows of links to pages without a release, each in a folder of its own."""
    return "".join(
        f"<div class=row><a href=/lv/jaunums-{number}/x>Paziņojums {number} par darbiem</a> 01.02.2026.</div>"
        for number in range(pages)
    )


def test_one_crawl_reads_no_more_pages_without_a_release_than_the_settings_say(
    web: Web, store: Store
) -> None:
    publish(web, *TEN)
    rows = web.pages["/lv/jaunumi"][1]
    web.pages["/lv/jaunumi"] = (200, rows.replace("<div class=row>", f"{_trap_of(300)}<div class=row>", 1))
    guards = Guards(misses_at_once=120)
    read = []
    for day in range(4):
        web.requested.clear()
        crawl(web, store, day=day, guards=guards)
        read.append({path for path in web.requested if path.startswith("/lv/jaunums-")})
    # Those in extraction when the limit is reached are read, too.
    assert all(len(paths) <= 120 + 48 for paths in read)
    assert len(set().union(*read)) == 300
    assert store.count_of("iem") == len(TEN)


def test_the_report_says_how_many_pages_are_left_for_the_next_crawl(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages["/lv/jaunumi"] = (
        200,
        web.pages["/lv/jaunumi"][1].replace("</main>", _trap_of(300) + "</main>"),
    )
    web.requested.clear()
    _, objections = crawl(web, store, day=1, guards=Guards(misses_at_once=100))
    reasons = report_of(store).reasons
    assert (reasons[TOO_MANY_MISSES] >= 150, objections) == (True, ())
    # Known releases are still looked at.
    assert {f"/lv/jaunums/{name}" for name in TEN} <= set(web.requested)
