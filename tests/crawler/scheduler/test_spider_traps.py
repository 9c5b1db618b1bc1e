"""Spider traps end, and keep no release from being fetched."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import Guards
from crawler.page import PageKind
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.reasons import COPY, EMPTY, TOO_MANY_MISSES, TOO_MANY_NEW, UNREAD
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
    traps = traps_of()
    read, new = FetchOutcome(outcome="read"), FetchOutcome(outcome="new")
    waits: list[bool] = []
    kinds: tuple[tuple[PageKind, FetchOutcome], ...] = (("list", read), ("release", new), ("list", read))
    for kind, end in kinds:
        entry = FrontierUrl(
            url="https://a.lv/x", request_url="", site="a", kind=kind, depth=1, hints=None, changed=0
        )
        for _ in range(LISTS_IN_A_ROW if kind == "list" and not waits else 1):
            traps.count(entry, end)
        waits.append(traps.lists_wait)
    assert waits == [True, False, False]


def test_lists_go_on_after_a_known_release_that_fails() -> None:
    traps = traps_of(stored={"/a/x"})
    for _ in range(LISTS_IN_A_ROW):
        traps.count(entry("/l", "list"), FetchOutcome(outcome="read"))
    assert traps.lists_wait
    traps.count(entry("/a/x"), FAILED)
    assert not traps.lists_wait


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


def test_known_releases_are_asked_for_in_a_folder_of_dead_links(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    dead = [f"beigta-{number}" for number in range(30)]
    web.pages["/lv/jaunumi"] = (200, list_page(*dead, *TEN))
    for day in range(1, 5):
        ends, _ = crawl(web, store, day=day, guards=Guards(area_misses=8))
        assert {ends[f"/lv/jaunums/{name}"] for name in TEN} == {"unchanged"}
        assert Counter(ends.get(f"/lv/jaunums/{name}") for name in dead)["failed"] < 20


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


# --- Counts and bounds ---

FAILED, NEW = FetchOutcome(outcome="failed", reason="status-404"), FetchOutcome(outcome="new")


def entry(path: str = "/a/x", kind: PageKind = "release", *, depth: int = 1, changed: int = 0) -> FrontierUrl:
    return FrontierUrl(
        url=f"https://a.lv{path}",
        request_url="",
        site="a",
        kind=kind,
        depth=depth,
        hints=None,
        changed=changed,
    )


def traps_of(
    known: int = 0,
    *,
    stored: Collection[str] = (),
    aliases: Collection[str] = (),
    has_beside: bool = False,
    **guards: int,
) -> Traps:
    """Return the traps of a site with *known* releases, some *stored* at these paths, with *aliases*."""
    return Traps(
        Guards.model_validate(guards),
        known,
        has=lambda url: url.removeprefix("https://a.lv") in {*stored, *aliases},
        owner=lambda url: "a" if url.removeprefix("https://a.lv") in stored else None,
        has_beside=lambda _: has_beside,
    )


@pytest.mark.parametrize(
    ("ended", "end", "is_miss"),
    [
        (entry(), FAILED, True),
        (entry(), NEW, False),
        (entry(), FetchOutcome(outcome="changed"), False),
        (entry(), FetchOutcome(outcome="unchanged"), False),
        (entry(), FetchOutcome(outcome="held"), False),
        (entry(), FetchOutcome(outcome="read"), False),
        (entry(), FetchOutcome(outcome="missing"), True),
        # The same text at endless addresses.
        (entry(), FetchOutcome(outcome="unchanged", reason=COPY), True),
        # A stored release that was answered, but could not be read.
        (entry(), FetchOutcome(outcome="failed", reason=UNREAD, is_answer=False), False),
        (entry(), FetchOutcome(outcome="failed", reason=UNREAD), True),
        (entry(), FetchOutcome(outcome="failed", reason="no release", is_answer=False), True),
        (entry(), FetchOutcome(outcome="skipped"), False),
        (entry(kind="list"), FAILED, True),
        (entry(kind="list"), FetchOutcome(outcome="read", reason=EMPTY), True),
        (entry(kind="list"), FetchOutcome(outcome="read"), False),
        (entry(kind="list", depth=0), FAILED, False),
        (entry(kind="attachment"), FAILED, False),
        (entry(kind="sitemap"), FAILED, False),
    ],
)
def test_a_page_without_a_release_is_a_miss(ended: FrontierUrl, end: FetchOutcome, *, is_miss: bool) -> None:
    traps = traps_of(misses_at_once=1)
    traps.count(ended, end)
    assert traps.skip_reason(entry("/b/y")) == (TOO_MANY_MISSES if is_miss else "")


@pytest.mark.parametrize(
    ("following", "reason"),
    [
        (entry("/b/y"), TOO_MANY_MISSES),
        (entry("/b/y", "list"), TOO_MANY_MISSES),
        (entry("/b/y", "sitemap"), TOO_MANY_MISSES),
        (entry("/b/y", "attachment"), ""),
        (entry("/b/y", "list", depth=0), ""),
        (entry("/stored"), ""),
    ],
)
def test_after_too_many_misses_only_what_may_be_one_more_waits(following: FrontierUrl, reason: str) -> None:
    traps = traps_of(misses_at_once=2, stored={"/stored"})
    reasons = []
    for number in range(2):
        traps.count(entry(f"/a{number}/x"), FAILED)
        reasons.append(traps.skip_reason(following))
    assert reasons == ["", reason]


def test_a_folder_is_a_trap_after_its_misses_in_a_row() -> None:
    traps = traps_of(area_misses=3)
    reasons = []
    for end in (FAILED, FAILED, NEW, FAILED, FAILED, FAILED):
        traps.count(entry("/a/b/x"), end)
        reasons.append(traps.skip_reason(entry("/a/b/y")))
    assert reasons == ["", "", "", "", "", "trap"]
    others = (
        entry("/a/c/y"),
        entry("/y"),
        entry("/a/b/y", "attachment"),
        replace(entry("/a/b/y"), url="https://b.lv/a/b/y"),
    )
    assert [traps.skip_reason(other) for other in others] == [""] * 4


def test_a_stored_release_neither_makes_a_trap_nor_is_kept_in_one() -> None:
    traps = traps_of(area_misses=3, misses_at_once=5, stored={"/a/x"}, aliases={"/a/y"})
    for path in ("/a/x", "/a/x", "/a/x", "/a/1", "/a/x", "/a/2", "/a/x"):
        traps.count(entry(path), FAILED)
    assert traps.skip_reason(entry("/a/y")) == ""
    traps.count(entry("/a/y"), FAILED)
    ends = [traps.skip_reason(entry(path)) for path in ("/a/x", "/a/y", "/a/3", "/b/1")]
    assert ends == ["", "trap", "trap", ""]
    assert traps.skip_reason(entry("/a/x", "attachment")) == ""


def test_folders_are_told_apart_to_the_third() -> None:
    traps = traps_of(area_misses=2)
    for name in "xy":
        traps.count(entry(f"/a/b/c/{name}/1"), FAILED)
    assert traps.skip_reason(entry("/a/b/c/z/1")) == "trap"
    assert traps.skip_reason(entry("/a/b/d/z/1")) == ""


@pytest.mark.parametrize(("misses", "reason"), [(4, ""), (5, "trap")])
@pytest.mark.parametrize("has_beside", [False, True])
def test_several_traps_are_one_of_the_folder_above_unless_it_has_releases(
    misses: int, reason: str, *, has_beside: bool
) -> None:
    traps = traps_of(area_misses=4, has_beside=has_beside)
    for number in range(misses):
        traps.count(entry(f"/a/{number}/x"), FAILED)
    assert traps.skip_reason(entry("/a/new/x")) == ("" if has_beside else reason)
    assert traps.skip_reason(entry("/a/x")) == ""


def test_pages_read_after_a_trap_was_recognised_do_not_count_above_it() -> None:
    traps = traps_of(area_misses=4)
    for number in range(9):
        traps.count(entry(f"/a/trap/{number}"), FAILED)
    assert traps.skip_reason(entry("/a/other/x")) == ""


@pytest.mark.parametrize(
    ("following", "reason"),
    [
        (entry("/l", "list"), "trap"),
        (entry("/l", "sitemap"), "trap"),
        (entry("/l", "list", changed=5), ""),
        (entry("/l", "list", depth=0), ""),
        (entry("/z/y"), ""),
    ],
)
def test_further_lists_wait_if_releases_miss_in_a_row(following: FrontierUrl, reason: str) -> None:
    traps = traps_of(area_misses=4)
    reasons = []
    for number, end in enumerate((FAILED, NEW, FAILED, FAILED)):
        traps.count(entry(f"/{number}/x"), end)
        reasons.append(traps.skip_reason(following))
    assert reasons == ["", "", "", reason]


@pytest.mark.parametrize(("known", "taken"), [(0, 9), (1, 3), (3, 3), (5, 5)])
def test_a_known_site_has_as_many_new_releases_as_the_guards_or_its_size_allow(
    known: int, taken: int
) -> None:
    traps = traps_of(known, new_at_once=3)
    reasons = [traps.skip_reason(entry(f"/{number}/x")) for number in range(9)]
    assert reasons == [""] * taken + [TOO_MANY_NEW] * (9 - taken)
    others = (entry("/k/x", changed=5), entry("/f/x", "attachment"), entry("/l", "list"))
    assert [traps.skip_reason(other) for other in others] == [""] * 3


def test_new_lists_alone_make_further_lists_wait() -> None:
    assert LISTS_IN_A_ROW == 50
    traps = traps_of()
    read = FetchOutcome(outcome="read")
    for number in range(60):
        traps.count(entry(f"/l{number}", "list", changed=1), read)
        traps.count(entry(f"/f{number}", "feed"), read)
    for number in range(49):
        traps.count(entry(f"/n{number}", "list"), read)
    assert not traps.lists_wait
    traps.count(entry("/n", "list", depth=0), read)
    assert traps.lists_wait
    traps.count(entry("/a.pdf", "attachment"), read)
    assert traps.lists_wait
    traps.count(entry("/x"), FAILED)
    assert not traps.lists_wait
