"""Lists that show only a part of their releases are named in the report of each crawl."""

import pytest

from crawler.store import Store
from tests.support.site_crawl import Web, crawl, list_page, publish, report_of

FOUR = tuple(f"relize-{number}" for number in range(4))
BUTTONS = [
    "<button class=load>Ielādēt vairāk</button>",
    "<a href='#' class=more>Rādīt vairāk</a>",
    "<a role=button>Skatīt vairāk jaunumu</a>",
    "<input type=button value='Load more'>",
    "<button><span>Show more news</span> +</button>",
    "<a href='javascript:void(0)'>Показать ещё</a>",
]
SCRIPT = "<script src=/list.js></script>"
EMPTY_LISTS = {
    "<div id=app></div><script src=/app.js></script>": "the list is made by a script: see `json_list`",
    f"<h1>Jaunumi</h1><p>Ministrijas ziņas</p><div class=news-list></div>{SCRIPT}": (
        "the list is made by a script: see `json_list`"
    ),
    f"<h1>Jaunumi</h1><ul></ul>{SCRIPT}": "the list is made by a script: see `json_list`",
    "<h1>Jaunumi</h1><iframe src=/saraksts></iframe>": (
        "the list is in a frame: name {origin}/saraksts in `start`"
    ),
}


@pytest.mark.parametrize("button", BUTTONS)
def test_releases_behind_a_button_are_named_in_each_report(web: Web, store: Store, button: str) -> None:
    publish(web, *FOUR)
    web.pages["/lv/jaunumi"] = (200, list_page(*FOUR).replace("</main>", f"{button}</main>"))
    for day in (0, 1):
        crawl(web, store, day=day)
        assert report_of(store).reasons == {"list: the list shows 4, older ones are behind a button": 1}
    assert store.count() == 4


@pytest.mark.parametrize(
    "addition",
    [
        "<a href=/lv/par>Vairāk</a>",
        "<a href='?page=1'>Rādīt vairāk</a>",
        "<button>Meklēt</button>",
        "<a href='#saturs'>Uz saturu</a>",
        SCRIPT,
    ],
)
def test_a_list_that_shows_all_has_no_remark(web: Web, store: Store, addition: str) -> None:
    publish(web, *FOUR)
    web.pages["/lv/jaunumi"] = (200, list_page(*FOUR).replace("</main>", f"{addition}</main>"))
    web.pages["/lv/jaunumi?page=1"] = (200, list_page(*FOUR))
    crawl(web, store)
    assert report_of(store).reasons == {}


@pytest.mark.parametrize("markup", EMPTY_LISTS)
def test_a_list_that_is_not_in_the_page_is_named_in_each_report(web: Web, store: Store, markup: str) -> None:
    web.pages["/lv/jaunumi"] = (200, f"<html lang=lv><body>{markup}</body></html>")
    for day in (0, 1):
        crawl(web, store, day=day)
        remark = EMPTY_LISTS[markup].format(origin=web.origin)
        assert report_of(store).reasons == {f"list: {remark}": 1}


@pytest.mark.parametrize("page", ["", "/lv/arhivs"])
def test_releases_that_are_parts_of_one_page_are_named(web: Web, store: Store, page: str) -> None:
    rows = "".join(
        f"<li><a href='{page}#r{number}'>Paziņojums {number} par darbiem</a> 01.02.2026.</li>"
        for number in range(12)
    )
    web.pages["/lv/jaunumi"] = (200, f"<html lang=lv><main><h1>Jaunumi</h1><ul>{rows}</ul></main>")
    for day in (0, 1):
        crawl(web, store, day=day)
        remark = "list: the list links to 12 parts of one page, which are not read as releases"
        assert report_of(store).reasons[remark] == 1


def test_releases_in_a_frame_are_named(web: Web, store: Store) -> None:
    publish(web, *FOUR)
    for name in FOUR:
        page = f"<html lang=lv><main><h1>Paziņojums {name}</h1><iframe src=/teksts/{name}></iframe></main>"
        web.pages[f"/lv/jaunums/{name}"] = (200, page)
    for day in (0, 1):
        crawl(web, store, day=day)
        assert report_of(store).reasons == {"no release, its text may be in a frame": 4}
