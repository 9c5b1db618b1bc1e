"""Links of list pages: endless lists end, long archives are read to their end."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.config import CrawlerConfig
from crawler.extraction import DiscoveredUrl, Extraction
from crawler.page import Page, PageKind
from crawler.scheduler.changes import link_planner
from crawler.scheduler.changes.link_planner import LinkPlanner, remark_on
from crawler.scheduler.changes.mention import Sayings
from crawler.scheduler.context import CrawlContext, CrawlOptions, SiteContext
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.plan import FetchOutcome, FrontierUrl, Link
from crawler.scheduler.reasons import BROKEN, IN_PART, NO_RELEASE, TOO_MANY_LISTS
from crawler.store import Attachment, Store
from crawler.store.pages import NO_VALIDATORS, Pages
from tests.support.site_crawl import (
    TEN,
    InProcessReader,
    Web,
    crawl,
    list_page,
    publish,
    release_page,
)
from tests.support.stored_release import RELEASE


def test_endless_lists_end(web: Web, store: Store) -> None:
    publish(web, *TEN)
    rows = list_page(*TEN).removesuffix("</main></body></html>")
    for number in range(40):
        pager = (
            f'<div class="pager"><a rel=next href="?page={number + 1}">Nākamā</a></div></main></body></html>'
        )
        web.pages["/lv/jaunumi" + (f"?page={number}" if number else "")] = (200, rows + pager)
    crawl(web, store)
    assert sum(path.startswith("/lv/jaunumi") for path in web.requested) <= 3


class Endless(dict[str, tuple[int, str]]):
    """A site whose list goes on for ever, with a good release of its own behind each link."""

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]  # a page for any path
        if path in self:
            return self[path]
        name = path.removeprefix("/lv/jaunums/")
        if name.startswith("bez-gala-"):
            return 200, release_page(name, f"Teksts numur {name} par to, kas notiek visos novados šajā gadā.")
        if not path.startswith("/lv/jaunumi?page="):
            return default
        number = int(path.removeprefix("/lv/jaunumi?page="))
        more = list_page(*(f"bez-gala-{number}-{one}" for one in range(5))).removesuffix(
            "</main></body></html>"
        )
        return 200, f"{more}<a rel=next href='?page={number + 1}'>Nākamā</a></main></body></html>"


def endless(web: Web) -> None:
    publish(web, *TEN)
    start = web.pages["/lv/jaunumi"][1]
    web.pages["/lv/jaunumi"] = (200, start.replace("</main>", "<a rel=next href='?page=1'>Nākamā</a></main>"))
    web.pages = Endless(web.pages)


def test_endless_list_of_releases_ends_and_is_named(web: Web, store: Store) -> None:
    endless(web)
    crawl(web, store, list_pages_max=20)
    lists = {path for path in web.requested if path.startswith("/lv/jaunumi")}
    assert (len(lists), store.count()) == (20, len(TEN) + 19 * 5)
    assert (TOO_MANY_LISTS,) in store.rows("SELECT reason FROM frontier WHERE kind = 'list'")


@pytest.mark.sweep
def test_long_archive_is_read_to_its_end(web: Web, store: Store) -> None:
    for number in range(120):
        path = "/lv/jaunumi" + (f"?page={number}" if number else "")
        pager = f"<a rel=next href='?page={number + 1}'>Nākamā</a></main></body></html>"
        rows = list_page(f"relize-{number}").removesuffix("</main></body></html>")
        web.pages[path] = (200, rows + (pager if number < 119 else ""))
        web.pages[f"/lv/jaunums/relize-{number}"] = (200, release_page(f"relize-{number}"))
    crawl(web, store)
    assert store.count() == 120


def test_empty_page_after_the_last_list_is_not_extracted_again(web: Web, store: Store) -> None:
    publish(web, *TEN)  # a full list, so that its next page is guessed
    web.pages["/lv/jaunumi?page=1"] = (200, list_page())
    crawl(web, store)
    assert Pages(store).validators(f"{web.origin}/lv/jaunumi?page=1").digest


def test_empty_start_page_is_extracted_again(web: Web, store: Store) -> None:
    web.pages["/lv/jaunumi"] = (200, list_page())
    crawl(web, store)
    assert Pages(store).validators(f"{web.origin}/lv/jaunumi") == NO_VALIDATORS


def test_nofollow_links_are_not_followed(web: Web, store: Store) -> None:
    publish(web, *TEN)
    page = web.pages["/lv/jaunumi"][1]
    web.pages["/lv/jaunumi"] = (
        200,
        page.replace("<a href=/lv/jaunums/relize-3>", "<a rel=nofollow href=/lv/jaunums/relize-3>"),
    )
    crawl(web, store)
    assert (store.count(), "/lv/jaunums/relize-3" in web.requested) == (9, False)


# --- Links, planned without a site ---

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CONFIG = CrawlerConfig.model_validate(
    {
        "guards": {"urls_per_site": 8},
        "templates": {"t": {}},
        "sites": [
            {
                "id": "a",
                "ministry": "A",
                "template": "t",
                "start": ["https://a.lv/lv/", "https://a.lv/en/"],
                "list_pages_max": 2,
                "deny": ["^/denied/"],
            }
        ],
    }
)
PAGE = Page(
    requested_url="https://a.lv/lv/",
    url="https://a.lv/lv/",
    status=200,
    headers={},
    body=b"",
    fetched=NOW,
    chain=("https://a.lv/lv/",),
)
Plan = Callable[..., LinkPlanner]


def unasked(*_: object, **__: object) -> Page:
    raise AssertionError("nothing is fetched")


@pytest.fixture
def planner(store: Store) -> Plan:
    def plan(since: date | None = None, mentions: Sayings | None = None) -> LinkPlanner:
        crawl_context = CrawlContext(
            config=CONFIG,
            store=store,
            run=Frontier(store, CONFIG.recheck).start(NOW),
            fetch=unasked,
            readers=InProcessReader(),
            on_commit=lambda _: None,
            stop=threading.Event(),
            now=lambda: NOW,
            options=CrawlOptions(since=since),
        )
        return LinkPlanner(SiteContext.of(CONFIG.sites[0], crawl_context), mentions or Sayings())

    return plan


def entry_of(url: str = "https://a.lv/lv/", kind: PageKind = "list", depth: int = 3) -> FrontierUrl:
    return FrontierUrl(url=url, request_url=url, site="a", kind=kind, depth=depth, hints=None, changed=0)


def link(name: str, published: date | None = None) -> DiscoveredUrl:
    return DiscoveredUrl(
        url=f"https://a.lv/r/{name}",
        title=f"Ministrija pieņem noteikumus par darbu {name}",
        published=published,
        source="list",
    )


START = Link(
    url="https://a.lv/lv/", kind="list", depth=0, discovered=replace(link("x"), url="https://a.lv/lv/")
)


def planned(store: Store) -> list[tuple[str, str, int]]:
    """Return the addresses below the site's, the kinds and the depths of what is planned, in order."""
    rows = store.rows("SELECT url, kind, depth FROM frontier ORDER BY rowid")
    return [(url.removeprefix("https://a.lv/"), kind, depth) for url, kind, depth in rows]


def listing(*names: str, further: Sequence[str] = (), **others: object) -> Extraction:
    sources = tuple(f"https://a.lv/{name}" for name in further)
    return Extraction(discovered=tuple(map(link, names)), next_sources=sources, **others)  # type: ignore[arg-type]


def test_a_list_leads_to_its_releases_then_to_further_lists(store: Store, planner: Plan) -> None:
    said = Sayings()
    found_links = listing("b", "a", further=["lv/?page=1"])
    outcome = planner(mentions=said).add_list(entry_of(), PAGE, found_links, NOW)
    assert outcome == FetchOutcome(outcome="read", changed=NOW)
    assert planned(store) == [("r/b", "release", 4), ("r/a", "release", 4), ("lv/?page=1", "list", 4)]
    release = replace(RELEASE, title=str(link("a").title), url="https://a.lv/r/a")
    assert said.right_of("https://a.lv/r/a", release) == link("a")
    assert said.right_of("https://a.lv/lv/?page=1", release) is None
    hints = Frontier(store, CONFIG.recheck).hints("https://a.lv/r/b")
    assert hints is not None
    assert (hints.title, hints.source) == (link("b").title, "list")


def test_a_list_that_leads_to_the_same_has_not_changed(store: Store, planner: Plan) -> None:
    links = planner()
    links.add_link("a", START)
    links.add_list(entry_of(), PAGE, listing("a", "b"), NOW)
    assert links.add_list(entry_of(), PAGE, listing("b", "a", further=["lv/?page=1"]), NOW).changed is None
    assert planned(store)[3:] == [("lv/?page=1", "list", 4)]
    assert links.add_list(entry_of(), PAGE, listing("b", "c"), NOW).changed == NOW


def test_a_list_that_repeats_an_earlier_one_leads_no_further(store: Store, planner: Plan) -> None:
    links = planner()
    links.add_link("a", START)
    links.add_list(entry_of(), PAGE, listing("a", further=["lv/?page=1"]), NOW)
    second = entry_of("https://a.lv/lv/?page=1")
    links.add_list(second, PAGE, listing("a", further=["lv/?page=2"]), NOW)
    assert planned(store)[1:] == [("r/a", "release", 4), ("lv/?page=1", "list", 4)]
    links.add_list(second, PAGE, listing("a", "b", further=["lv/?page=2"]), NOW)
    assert planned(store)[3:] == [("r/b", "release", 4), ("lv/?page=2", "list", 4)]


@pytest.mark.parametrize(
    ("days", "since", "is_followed"),
    [
        ([1, 2], None, True),
        ([1, 2], 3, False),
        ([1, 3], 3, True),
        ([1, None], 3, True),
        ([], 3, False),
        ([4], 3, True),
    ],
)
def test_lists_are_followed_back_to_a_day(
    store: Store, planner: Plan, days: list[int | None], since: int | None, *, is_followed: bool
) -> None:
    found_links = Extraction(
        discovered=tuple(link(f"{day}", day and date(2026, 1, day)) for day in days),  # type: ignore[arg-type]
        next_sources=("https://a.lv/lv/?page=1",),
    )
    planner(since and date(2026, 1, since)).add_list(entry_of(), PAGE, found_links, NOW)
    assert [kind for _, kind, _ in planned(store)].count("list") == is_followed


def test_a_site_has_so_many_lists_for_each_start_page(store: Store, planner: Plan) -> None:
    links = planner()
    further = [f"lv/?page={number}" for number in range(1, 6)]
    assert links.add_list(entry_of(), PAGE, listing("a", further=further), NOW).reason == TOO_MANY_LISTS
    lists = [url for url, kind, _ in planned(store) if kind == "list"]
    assert lists == further[:4]
    # Those that are known come first, and leave nothing out.
    whole = links.add_list(entry_of(), PAGE, listing("b", further=further[1:4]), NOW)
    assert whole.reason == ""
    cut = links.add_list(entry_of(), replace(PAGE, is_whole=False), listing("c", further=further[3:]), NOW)
    assert cut.reason == TOO_MANY_LISTS
    assert [url for url, kind, _ in planned(store) if kind == "list"] == further[:4]


def test_a_site_with_more_lists_than_it_may_have_now_gets_no_further_ones(
    store: Store, planner: Plan
) -> None:
    links = planner()
    for number in range(7):  # known from a time when there might be more
        url = f"https://a.lv/lv/?old={number}"
        known = DiscoveredUrl(url=url, title=None, published=None, source="list")
        links.add_link("a", Link(url=url, kind="list", depth=1, discovered=known))
    before = planned(store)
    further = [f"lv/?page={number}" for number in range(1, 4)]
    assert links.add_list(entry_of(), PAGE, listing(further=further), NOW).reason == TOO_MANY_LISTS
    assert planned(store) == before


def test_a_feed_leads_to_releases_and_few_sitemaps(
    store: Store, planner: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_planner, "SITEMAPS_MAX", 3)
    links, start = planner(), entry_of("https://a.lv/sitemap.xml", "sitemap", depth=0)
    first = listing("a", further=["1.xml", "2.xml"])
    assert links.add_feed(start, PAGE, first, NOW) == FetchOutcome(outcome="read", changed=NOW)
    links.add_feed(start, PAGE, listing("b", further=["3.xml", "4.xml", "1.xml"]), NOW)
    assert planned(store) == [
        ("r/a", "release", 1),
        ("1.xml", "sitemap", 1),
        ("2.xml", "sitemap", 1),
        ("r/b", "release", 1),
        ("3.xml", "sitemap", 1),
    ]
    part = links.add_feed(start, replace(PAGE, is_whole=False), listing("a"), NOW)
    assert (part.reason, part.changed) == (IN_PART, NOW)


def test_only_what_is_wanted_is_planned_up_to_the_limit(store: Store, planner: Plan) -> None:
    links = planner()
    unwanted = [
        replace(link("x"), url=url)
        for url in ("https://b.lv/r/x", "https://a.lv/denied/x", "https://a.lv/" + "a/" * 20)
    ]
    links.add_list(entry_of(), PAGE, Extraction(discovered=(*unwanted, link("a?utm_source=x"))), NOW)
    assert planned(store) == [("r/a", "release", 4)]
    links.add_list(entry_of(), PAGE, listing(*"bcdefghij"), NOW)
    assert [url for url, _, _ in planned(store)] == [f"r/{name}" for name in "abcdefgh"]


def test_files_and_single_addresses_are_planned(store: Store, planner: Plan) -> None:
    links = planner()
    files = [
        Attachment(url="https://www.a.lv/f/x.pdf", title="Plāns"),
        Attachment(url="https://c.lv/y.pdf", title="Y"),
    ]
    links.add_attachments(entry_of("https://a.lv/r/a", "release"), files)
    one = Link(url="https://a.lv/r/z", kind="release", depth=0, discovered=link("z"))
    links.add_link("b", one)
    assert planned(store) == [("f/x.pdf", "attachment", 4), ("r/z", "release", 0)]
    assert store.rows("SELECT site FROM frontier WHERE url LIKE '%/z'") == [("b",)]


@pytest.mark.parametrize(
    ("page", "extraction", "remark"),
    [
        (PAGE, Extraction(), ""),
        (replace(PAGE, is_whole=False), Extraction(), IN_PART),
        (PAGE, Extraction(is_whole=False), IN_PART),
        (PAGE, Extraction(reason=BROKEN), BROKEN),
        (PAGE, Extraction(reason=BROKEN, is_whole=False), IN_PART),
        (PAGE, Extraction(reason=NO_RELEASE), ""),
    ],
)
def test_a_page_that_was_read_in_part_has_a_remark(page: Page, extraction: Extraction, remark: str) -> None:
    assert remark_on(page, extraction) == remark
