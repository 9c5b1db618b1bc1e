"""Releases at new addresses that turn out not to be those of their addresses wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.config import CrawlerConfig
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.changes.guards import settle
from crawler.scheduler.changes.mention import Sayings
from crawler.scheduler.changes.newcomers import BORROWED, MISDATED
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.identity import MISNAMED, Newcomer
from crawler.scheduler.plan import Link
from crawler.store import Release, Store
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from crawler.store.run_rows import CrawlRun
from tests.support.site_crawl import TEN, Web, crawl, found, list_page, publish, release_page
from tests.support.stored_release import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = RELEASE.published or date.min
PROSE = (
    "Ministrija piektdien apstiprināja noteikumus, kas ļaus pašvaldībām saņemt līdzekļus ceļu remontam jau "
    "pavasarī, un aicina pieteikties līdz marta beigām."
)


HOME = replace(RELEASE, title="Ministrijas mājaslapa", body="Ministrija īsteno valsts politiku.")


def named(number: int, title: str = "Policija saņem jaunas automašīnas") -> Release:
    url = f"https://www.iem.gov.lv/lv/jaunums/policija-sanem-jaunas-automasinas-{number}"
    return replace(RELEASE, url=url, title=title, body=f"{title} {number}. reizi.")


@pytest.mark.parametrize(
    ("neighbours", "is_listed", "is_held"), [(5, False, True), (4, False, False), (5, True, False)]
)
def test_new_page_that_does_not_say_what_its_address_says_waits(
    store: Store, neighbours: int, *, is_listed: bool, is_held: bool
) -> None:
    run = Frontier(store, CrawlerConfig().recheck).start(NOW)
    home = replace(HOME, url=named(99).url)
    for release in [*map(named, range(neighbours)), home]:
        store.save(release, seen=NOW)
    mention = DiscoveredUrl(
        url=home.url, title=None, published=home.published if is_listed else None, source="list"
    )
    newcomers = [Newcomer.of(home.url, home, mention)]
    settle("iem", run, store, CrawlerConfig(), is_accepted=False, newcomers=newcomers)
    pending = PendingChangeRows(store).at(home.url)
    assert (store.find(home.url) is None, pending is not None) == (is_held, is_held)
    if pending is not None:
        assert (pending.identity, pending.doubt, pending.record) == ("strange", MISNAMED, home)


@pytest.mark.parametrize("is_named_later", [True, False])
def test_page_that_one_of_the_lists_names_is_stored_whatever_the_others_call_it(
    store: Store, *, is_named_later: bool
) -> None:
    right, wrong = (
        DiscoveredUrl(url=RELEASE.url, title=title, published=None, source="list")
        for title in (RELEASE.title, "Saites uz pavisam citu sesiju")
    )
    frontier, mentions = Frontier(store, CrawlerConfig().recheck), Sayings()
    run = frontier.start(NOW)
    frontier.add("iem", [Link(url=RELEASE.url, kind="release", depth=1, discovered=wrong)], run, at_most=9)
    if is_named_later:
        mentions.add(RELEASE.url, right)
    waits = PendingChange(
        release=None, url=RELEASE.url, record=RELEASE, seen=NOW, since=NOW, identity="strange"
    )
    PendingChangeRows(store).put("iem", waits)
    settle("iem", run, store, CrawlerConfig(), is_accepted=False, mentions=mentions)
    assert (store.find(RELEASE.url) is not None) is is_named_later


def mention_of(release: Release, day: date | None) -> DiscoveredUrl:
    return DiscoveredUrl(url=release.url, title="Lasīt vairāk", published=day, source="list")


def save_listed(store: Store, *releases: tuple[Release, date]) -> CrawlRun:
    """Store releases that a list dates; return the run."""
    frontier = Frontier(store, CrawlerConfig().recheck)
    run = frontier.start(NOW)
    links = [
        Link(url=one.url, kind="release", depth=1, discovered=mention_of(one, day)) for one, day in releases
    ]
    frontier.add("iem", links, run, at_most=99)
    for one, _ in releases:
        store.save(one, seen=NOW)
    return run


@pytest.mark.parametrize(
    ("exact", "apart", "is_held"), [(5, 1, True), (5, 3, True), (4, 1, False), (5, 0, False)]
)
def test_new_page_of_another_day_than_the_list_gives_waits_if_lists_are_exact(
    store: Store, exact: int, apart: int, *, is_held: bool
) -> None:
    odd = named(99)
    rows = [(named(number), DAY) for number in range(exact)]
    run = save_listed(store, *rows, (odd, DAY + timedelta(apart)))
    newcomers = [Newcomer.of(odd.url, odd, mention_of(odd, DAY + timedelta(apart)))]
    settle("iem", run, store, CrawlerConfig(), is_accepted=False, newcomers=newcomers)
    pending = PendingChangeRows(store).at(odd.url)
    assert (store.find(odd.url) is None, pending is not None) == (is_held, is_held)
    assert pending is None or (pending.identity, pending.doubt) == ("strange", MISDATED)


@pytest.mark.parametrize(
    ("dated", "undated", "is_held"), [(9, 0, True), (9, 1, True), (8, 1, False), (5, 0, True), (4, 0, False)]
)
def test_new_page_without_a_day_waits_if_nearly_all_others_have_that_of_the_list(
    store: Store, dated: int, undated: int, *, is_held: bool
) -> None:
    def without_day(number: int) -> Release:
        return replace(named(number), published_source="list")

    odd = without_day(99)
    rows = [(named(number), DAY) for number in range(dated)]
    rows += [(without_day(90 + number), DAY) for number in range(undated)]
    run = save_listed(store, *rows, (odd, DAY))
    newcomers = [Newcomer.of(odd.url, odd, mention_of(odd, DAY))]
    settle("iem", run, store, CrawlerConfig(), is_accepted=False, newcomers=newcomers)
    assert (store.find(odd.url) is None) == is_held


@pytest.mark.parametrize(
    ("other", "doubt"),
    [
        (replace(named(1), body=PROSE), BORROWED),
        (replace(named(1), body=PROSE, lead="Ievads."), ""),
        (replace(named(1), body=PROSE, title="Jauns paziņojums"), ""),  # a yearly notice
        (replace(named(1), body=f"{PROSE} Plašāk martā."), ""),
    ],
)
def test_new_release_with_the_text_of_an_older_one_under_its_own_title_waits(
    store: Store, other: Release, doubt: str
) -> None:
    new = replace(named(2), title="Jauns paziņojums", body=PROSE)
    run = save_listed(store, (other, DAY), (new, DAY + timedelta(9)))
    newcomers = [Newcomer.of(new.url, new, mention_of(new, None))]
    settle("iem", run, store, CrawlerConfig(), is_accepted=False, newcomers=newcomers)
    pending = PendingChangeRows(store).at(new.url)
    assert (pending.doubt if pending else "") == doubt
    assert (store.find(new.url) is None) is bool(doubt)
    assert store.find(other.url) is not None


def copy_page(name: str, of: str) -> str:
    """Return the page of *name* with the text of another release."""
    return release_page(of, PROSE).replace(f"Paziņojums {of}", f"Paziņojums {name}")


def test_text_that_an_editor_copied_is_replaced_by_the_own_one_at_once(web: Web, store: Store) -> None:
    publish(web, *TEN)
    web.pages["/lv/jaunums/relize-3"] = (200, release_page("relize-3", PROSE))
    crawl(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page(*TEN, "jauna"))
    web.pages["/lv/jaunums/jauna"] = (200, copy_page("jauna", "relize-3"))
    for day in (1, 2):
        assert crawl(web, store, day=day)[1] != ()
        assert store.find(f"{web.origin}/lv/jaunums/jauna") is None
    web.pages["/lv/jaunums/jauna"] = (200, release_page("jauna"))
    crawl(web, store, day=3)
    assert found(web, store, "jauna").release.body.startswith("Pirmais")
    assert not found(web, store, "jauna").edited


def test_page_to_which_all_addresses_lead_is_no_release_although_the_lists_lend_it_days(
    web: Web, store: Store
) -> None:
    publish(web, *TEN)
    rows = list_page(*TEN)
    for day, name in enumerate(TEN, start=10):
        rows = rows.replace(
            f"Paziņojums {name} par darbiem</a> <time datetime=2026-02-01>01.02", f"{name}</a> {day}.02"
        )
    consent = release_page("sikdatnes", PROSE).replace("<time datetime=2026-02-01>01.02.2026.</time>", "")
    well = dict(web.pages)
    web.pages |= {f"/lv/jaunums/{name}": (302, "/lv/jaunums/sikdatnes") for name in TEN}
    web.pages |= {"/lv/jaunumi": (200, rows), "/lv/jaunums/sikdatnes": (200, consent)}
    for day in range(3):
        assert crawl(web, store, day=day)[1] != ()
        assert store.count() == 0
    web.pages |= well
    crawl(web, store, day=3)
    assert store.count() == len(TEN)


def test_release_is_stored_as_soon_as_no_other_has_its_text(web: Web, store: Store) -> None:
    publish(web, *TEN, "jauna")
    web.pages["/lv/jaunums/relize-3"] = (200, release_page("relize-3", PROSE))
    web.pages["/lv/jaunums/jauna"] = (200, copy_page("jauna", "relize-3"))
    crawl(web, store)
    for name in ("relize-3", "jauna"):
        assert store.find(f"{web.origin}/lv/jaunums/{name}") is None
    web.pages["/lv/jaunums/jauna"] = (200, release_page("jauna"))
    for day in (1, 2):
        crawl(web, store, day=day)
    assert found(web, store, "relize-3").release.body.startswith("Ministrija piektdien")
    assert found(web, store, "jauna").release.body.startswith("Pirmais")


def test_text_that_a_site_publishes_again_is_stored_on_the_third_day(web: Web, store: Store) -> None:
    publish(web, *TEN)
    web.pages["/lv/jaunums/relize-3"] = (200, release_page("relize-3", PROSE))
    crawl(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page(*TEN, "jauna"))
    web.pages["/lv/jaunums/jauna"] = (200, copy_page("jauna", "relize-3"))
    for day in (1, 2, 3):
        crawl(web, store, day=day)
    assert found(web, store, "jauna").release.body.startswith("Ministrija piektdien")
    assert found(web, store, "jauna").id != found(web, store, "relize-3").id
