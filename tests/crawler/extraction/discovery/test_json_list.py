"""Lists that are JSON, crawled over HTTP by the field paths of a template: two invented platforms."""

import json
from datetime import date

import pytest

from crawler.config import JsonList, Site
from crawler.extraction.discovery.json_list import discover_in_json
from crawler.store import Store
from tests.support.site_crawl import Web, crawl, list_page, release_page, report_of

# Shaped like the JSON:API of Drupal: an envelope, attributes, a link to the next page.
DRUPAL = {
    "items": "data",
    "url": "attributes.path.alias",
    "title": "attributes.title",
    "published": "attributes.created",
    "next_page": "links.next.href",
}
# A platform of its own: an array, slugs, day first, numbered pages.
OWN = {
    "items": "saraksts.raksti",
    "url": "/lv/jaunums/{id}-{slug}",
    "title": "nosaukums",
    "published": "datums",
}


def _drupal_page(web: Web, number: int) -> str:
    first = number * 3
    whole: dict[str, object] = {
        "jsonapi": {"version": "1.0"},
        "data": [
            {
                "type": "node--article",
                "attributes": {
                    "title": f"Paziņojums &amp; ziņa {at}",
                    "created": f"2026-02-{at + 1:02}T10:00:00+02:00",
                    "path": {"alias": f"/lv/jaunums/zina-{at}"},
                },
            }
            for at in range(first, first + 3)
        ],
    }
    if number < 3:
        whole["links"] = {"next": {"href": f"{web.origin}/jsonapi/node/article?page%5Boffset%5D={first + 3}"}}
    return json.dumps(whole, ensure_ascii=False)


def _own_page(number: int) -> str:
    found = [
        {"id": at, "slug": f"zina-{at}", "nosaukums": f"Paziņojums {at}", "datums": f"{at % 28 + 1}.02.2026."}
        for at in range(number * 12, number * 12 + 12)
    ]
    return json.dumps({"saraksts": {"raksti": found if number < 3 else []}}, ensure_ascii=False)


def test_a_drupal_like_json_api_is_crawled_to_its_end(web: Web, store: Store) -> None:
    start = "/jsonapi/node/article"
    web.pages = {
        f"{start}?page%5Boffset%5D={number * 3}" if number else start: (200, _drupal_page(web, number))
        for number in range(4)
    }
    web.pages |= {f"/lv/jaunums/zina-{at}": (200, _page_without_date(f"zina-{at}")) for at in range(12)}
    _, objections = crawl(web, store, site={"start": [web.origin + start]}, template={"json_list": DRUPAL})
    assert (store.count_of("iem"), objections) == (12, ())
    stored = store.find(f"{web.origin}/lv/jaunums/zina-7")
    assert stored is not None
    assert (stored.release.published, stored.release.published_source) == (date(2026, 2, 8), "list")


def test_a_platform_of_its_own_is_crawled_to_its_end(web: Web, store: Store) -> None:
    start = "/api/raksti"
    web.pages = {
        f"{start}?page={number}" if number else start: (200, _own_page(number)) for number in range(4)
    }
    web.pages |= {f"/lv/jaunums/{at}-zina-{at}": (200, _page_without_date(f"{at}")) for at in range(36)}
    _, objections = crawl(web, store, site={"start": [web.origin + start]}, template={"json_list": OWN})
    assert (store.count_of("iem"), objections) == (36, ())
    stored = store.find(f"{web.origin}/lv/jaunums/30-zina-30")
    assert stored is not None
    assert stored.release.published == date(2026, 2, 3)


def _page_without_date(name: str) -> str:
    return release_page(name).replace("<time datetime=2026-02-01>01.02.2026.</time>", "")


def test_a_site_may_have_html_lists_beside(web: Web, store: Store) -> None:
    web.pages = {
        "/lv/jaunumi": (200, list_page("a")),
        "/lv/jaunums/a": (200, release_page("a")),
        "/lv/jaunums/zina-0": (200, release_page("&amp; ziņa 9")),
        "/api": (200, _drupal_page(web, 3).replace("zina-9", "zina-0")),
    }
    starts = {"start": [f"{web.origin}/lv/jaunumi", f"{web.origin}/api"]}
    crawl(web, store, site=starts, template={"json_list": DRUPAL})
    assert store.count_of("iem") == 2


def test_a_json_list_without_field_paths_is_named_in_the_report(web: Web, store: Store) -> None:
    web.pages["/lv/jaunumi"] = (200, _own_page(0))
    crawl(web, store)
    assert report_of(store).reasons == {"list: the list is JSON: see `json_list` in the templates": 1}


SITE = Site.model_validate({"id": "a", "ministry": "A", "template": "t", "start": ["https://a.lv/api"]})


@pytest.mark.parametrize(
    "text",
    [
        '{"data": null}',
        '{"data": {"a": 1}}',
        '{"data": [[], 1, null, true, {"url": 5}, {"url": {"x": 1}}, {"url": "https://evil.example/x"}]}',
        '{"data": [{"url": ""}]}',
        "[]",
        "null",
        "7",
    ],
)
def test_json_of_another_shape_leads_nowhere(text: str) -> None:
    links = discover_in_json(text, "https://a.lv/api", SITE, JsonList(items="data", url="url.path"))
    assert links is not None
    assert (links.releases, links.next_pages) == ((), ())


@pytest.mark.parametrize("text", ["", "<html>", "{", "[" * 100_000, '{"data": [}'])
def test_what_is_not_json_is_left_to_the_reader_of_html(text: str) -> None:
    assert discover_in_json(text, "https://a.lv/api", SITE, JsonList(url="url")) is None


def test_places_in_a_list_are_numbers() -> None:
    text = '{"data": [{"links": ["/x", "/lv/a"], "t": ["<b>Ziņa</b>"]}]}'
    paths = JsonList(items="data", url="links.1", title="t.0")
    links = discover_in_json(text, "https://a.lv/api", SITE, paths)
    assert links is not None
    assert [(found.url, found.title) for found in links.releases] == [("https://a.lv/lv/a", "Ziņa")]
