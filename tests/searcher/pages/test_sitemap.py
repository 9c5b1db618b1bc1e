from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from searcher import create_app
from tests.searcher.pages.conftest import Library, Page
from tests.support.library import BASE_URL


def locations(page: str) -> list[str]:
    return [str(text) for text in etree.fromstring(page.encode()).xpath("//*[local-name()='loc']/text()")]


def test_the_sitemaps_lead_to_every_release_and_nothing_else(library: Library) -> None:
    listed = []
    for sitemap in locations(library.page("/sitemap.xml")):
        listed += locations(library.page(urlsplit(sitemap).path))
    assert sorted(listed) == sorted(f"{BASE_URL}/releases/{id_}" for id_ in library.ids.values())


def test_robots_may_read_all_pages_so_that_they_see_noindex(page: Page) -> None:
    assert page("/robots.txt").splitlines() == [
        "User-agent: *",
        "Disallow: /api/",
        f"Sitemap: {BASE_URL}/sitemap.xml",
    ]


@pytest.mark.parametrize("path", ["/?q=droš*", "/iestades", "/palidziba", "/releases/{seminars}/revisions/1"])
def test_pages_that_are_no_releases_are_not_indexed(page: Page, path: str) -> None:
    assert 'name="robots" content="noindex' in page(path)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap/iem.xml"])
def test_without_a_public_address_there_are_no_sitemaps(tmp_path: Path, path: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    client = create_app(config).test_client()
    assert client.get(path).status_code in (404, 503)
    assert "Sitemap" not in client.get("/robots.txt").text
