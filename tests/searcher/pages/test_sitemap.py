import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import url_for
from lxml import etree
from protego import Protego

from searcher import create_app
from searcher.pages.sitemap import URLS_MAX
from tests.searcher.pages.conftest import Library, Page
from tests.support.browsing import browse
from tests.support.library import BASE_URL, build_library


def locations(page: str) -> list[str]:
    return [str(text) for text in etree.fromstring(page.encode()).xpath("//*[local-name()='loc']/text()")]


def test_the_sitemaps_lead_to_every_release_and_nothing_else(library: Library) -> None:
    listed = []
    for sitemap in locations(library.page("/sitemap.xml")):
        listed += locations(library.page(urlsplit(sitemap).path))
    assert sorted(listed) == sorted(f"{BASE_URL}/releases/{id_}" for id_ in library.ids.values())


ROBOTS = [
    "User-agent: *",
    "Disallow: /api/v1/search.csv",
    "Disallow: /api/v1/search.ndjson",
    "Disallow: /api/v1/changes/stream",
    f"Sitemap: {BASE_URL}/sitemap.xml",
]
"""Robots may read all pages, so that they see `noindex`."""


def addresses(library: Library) -> Iterator[tuple[str, str]]:
    """Yield the name and an address of every route that a robot can ask for."""
    ids = library.ids
    values = {"release": ids["seminars"], "other": ids["seminar"], "number": 1, "site": "iem", "path": "vkey"}
    values |= {"id": "iem", "slug": "too-slow"}
    app = library.client.application
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            # Whoever is listed by name is tried in `tests/searcher/register`.
            if "GET" in rule.methods and rule.endpoint != "static" and "name" not in rule.arguments:
                named = {name: values[name] for name in rule.arguments & {*values}}
                ending = "/" + rule.rule.rpartition("/")[2]
                asked = {"/as-of": {"day": "2026-03-02"}, "/stream": {"seconds": 1}}.get(ending, {})
                yield rule.endpoint, url_for(rule.endpoint, **(rule.defaults or {}) | named | asked)


def may_index(library: Library, address: str) -> bool:
    """Return whether a robot that reads *address* may index it."""
    answer = library.client.get(address)
    assert answer.status_code in (200, 503), address  # 503: no crawl is recent
    named = re.search(r'<meta name="robots" content="([^"]+)"', answer.text)
    return "noindex" not in f"{named and named[1]} {answer.headers.get('X-Robots-Tag')}"


FOUND = {
    *("views.search", "views.institutions", "views.institution", "views.help_page", "views.developers"),
    "views.release",
}


def test_search_engines_may_index_releases_and_what_leads_to_them(library: Library) -> None:
    routes = [*addresses(library), ("search", "/?q=droš*"), ("search", "/en/?ministry=x")]
    routes.append(("from a search", f"/releases/{library.ids['seminars']}?q=seminārs"))
    found = {name for name, address in routes if may_index(library, address)}
    assert found == FOUND
    releases = [address for name, address in routes if name == "views.release"]
    assert len(releases) == 3
    assert all(may_index(library, address) for address in releases)


@pytest.fixture(params=["none", "pages", "all"])
def indexing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Library]:
    """The setting, and a service that has it."""
    config, ids = build_library(tmp_path_factory.mktemp("indexing"))
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("[searcher]", f'[searcher]\nindexing = "{request.param}"'), encoding="utf-8"
    )
    return request.param, Library(browse(create_app(config)), ids)


def test_an_operator_decides_what_search_engines_find(indexing: tuple[str, Library]) -> None:
    setting, library = indexing
    found = {name for name, address in addresses(library) if may_index(library, address)}
    assert found == (set() if setting == "none" else FOUND)
    release = library.ids["seminars"]
    (canonical,) = re.findall(r'rel="canonical" href="([^"]+)"', library.page(f"/releases/{release}"))
    assert canonical.startswith(f"{BASE_URL}/releases/") == (setting == "all")


def test_the_start_page_says_how_to_search(library: Library) -> None:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', library.page("/en/"))
    described = json.loads(text)
    assert described["@type"] == "WebSite"
    template = described["potentialAction"]["target"]["urlTemplate"]
    address = urlsplit(template.replace("{q}", "seminārs"))
    assert "<mark>" in library.page(f"{address.path}?{address.query}")
    assert f'<link rel="alternate" hreflang="ru" href="{BASE_URL}/ru/">' in library.page("/en/")


def test_robots_may_read_everything_that_forbids_indexing_itself(library: Library) -> None:
    rules = Protego.parse(library.page("/robots.txt"))
    forbidden = {
        name for name, address in addresses(library) if not rules.can_fetch(f"{BASE_URL}{address}", "a")
    }
    assert forbidden == {"api.export_csv", "api.export_ndjson", "api.stream_changes"}


def test_pages_lead_robots_to_no_export(page: Page) -> None:
    assert 'href="/api/v1/search.csv' in page("/?q=droš*")
    assert '<meta name="robots" content="noindex, nofollow">' in page("/?q=droš*")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap/iem.xml"])
def test_without_a_public_address_there_are_no_sitemaps(tmp_path: Path, path: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    client = create_app(config).test_client()
    assert client.get(path).status_code in (404, 503)
    assert "Sitemap" not in client.get("/robots.txt").text


@pytest.mark.parametrize("path", ["/sitemap/none.xml", "/sitemap/.xml"])
def test_a_site_without_releases_has_no_sitemap(library: Library, path: str) -> None:
    assert library.client.get(path).status_code == 404


def test_each_site_has_a_sitemap_of_its_releases_last_changed_first(library: Library) -> None:
    assert locations(library.page("/sitemap.xml")) == [
        f"{BASE_URL}/sitemap/iem.xml",
        f"{BASE_URL}/sitemap/vm.xml",
    ]
    assert locations(library.page("/sitemap/vm.xml")) == [f"{BASE_URL}/releases/{library.ids['kopija']}"]
    listed = locations(library.page("/sitemap/iem.xml"))
    assert listed[0] == f"{BASE_URL}/releases/{library.ids['seminars']}"
    assert len(listed) == 4


def test_robots_are_told_which_addresses_to_leave_out_and_where_the_sitemap_is(library: Library) -> None:
    answer = library.client.get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == "".join(f"{line}\n" for line in ROBOTS)
    assert library.client.get("/sitemap.xml").content_type == "application/xml; charset=utf-8"
    assert URLS_MAX == 50_000
