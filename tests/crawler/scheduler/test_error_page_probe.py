"""What a site shows at addresses that do not exist is no release, and a removal where one was."""

import pytest

from crawler.store import Store
from crawler.store.pending_change_rows import PendingChangeRows
from tests.support.site_crawl import TEN, Web, crawl, found, publish, release_page

PATH = "/lv/jaunums/relize-3"
# One looks like a release, the other like none.
SOFT = {
    "text": release_page("Ups", "Šādas lapas mūsu vietnē vairs nav, lūdzu, izmantojiet meklētāju."),
    "no text": "<html lang=lv><body><nav>Sākums Jaunumi Kontakti</nav><h1>Ups</h1></body></html>",
}


@pytest.mark.parametrize("body", SOFT.values(), ids=SOFT)
def test_release_that_shows_the_error_page_of_its_site_is_removed(web: Web, store: Store, body: str) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.missing = (200, body)
    del web.pages[PATH]
    states = []
    for day in (1, 2):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", "gone"]
    assert "Pirmais teksts" in found(web, store, "relize-3").release.body


def test_error_page_of_the_site_is_no_release_on_a_first_crawl(web: Web, store: Store) -> None:
    publish(web, *TEN)
    web.missing = (200, SOFT["text"])
    del web.pages[PATH]
    crawl(web, store)
    assert store.count_of("iem") == 9
    assert PendingChangeRows(store).of_site("iem") == ()


def test_site_that_answers_404_is_asked_once_for_each_shape_that_is_in_doubt(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    for name in TEN[:2]:
        web.pages[f"/lv/jaunums/{name}"] = (200, SOFT["text"].replace("meklētāju", name))
    web.requested.clear()
    crawl(web, store, day=1)
    assert len([path for path in web.requested if "nav-tadas-lapas" in path]) == 1
    web.requested.clear()
    publish(web, *TEN)
    crawl(web, store, day=2)
    assert [path for path in web.requested if "nav-tadas-lapas" in path] == []


def publish_without_titles(web: Web) -> None:
    """Publish ten releases in a list that says nothing of them."""
    publish(web, *TEN)
    rows = "".join(f"<div class=row><a href=/lv/jaunums/{name}>Vairāk</a></div>" for name in TEN)
    web.pages["/lv/jaunumi"] = (200, f"<html lang=lv><body><main><h1>Jaunumi</h1>{rows}</main></body></html>")


UNDATED = SOFT["text"].replace("<time datetime=2026-02-01>01.02.2026.</time>", "")


def test_error_page_of_which_no_list_says_anything_is_no_release(web: Web, store: Store) -> None:
    publish_without_titles(web)
    web.missing = (200, UNDATED)
    del web.pages[PATH]
    crawl(web, store)
    assert store.count_of("iem") == 9
    assert PendingChangeRows(store).of_site("iem") == ()
    assert store.find(web.origin + PATH) is None


def test_site_may_show_its_latest_release_at_any_address(web: Web, store: Store) -> None:
    publish_without_titles(web)
    web.missing = web.pages[PATH]
    crawl(web, store)
    assert len([path for path in web.requested if "nav-tadas-lapas" in path]) == 1
    assert store.count_of("iem") == 10


def test_login_to_which_several_addresses_lead_is_no_release(web: Web, store: Store) -> None:
    publish_without_titles(web)
    login = release_page("Satura pārvaldība", f"{UNDATED} Lai turpinātu darbu, ievadiet vārdu un paroli.")
    for number, name in enumerate(TEN[:5]):
        web.pages[f"/lv/jaunums/{name}"] = (302, f"/pieslegties?atpakal={number}")
        web.pages[f"/pieslegties?atpakal={number}"] = (200, login)
    _, objections = crawl(web, store)
    assert store.count_of("iem") == 5
    assert [one.partition(":")[0] for one in objections] == ["10 releases suddenly have the same text"]
    publish_without_titles(web)
    crawl(web, store, day=1)
    assert {found(web, store, name).release.url for name in TEN} == {
        f"{web.origin}/lv/jaunums/{name}" for name in TEN
    }
