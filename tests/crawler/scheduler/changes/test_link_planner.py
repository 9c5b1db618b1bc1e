"""Links of list pages: endless lists end, long archives are read to their end."""

import pytest

from crawler.scheduler.reasons import TOO_MANY_LISTS
from crawler.store import Store
from crawler.store.pages import NO_VALIDATORS, Pages
from tests.support.site_crawl import (
    TEN,
    Web,
    crawl,
    list_page,
    publish,
    release_page,
)


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
