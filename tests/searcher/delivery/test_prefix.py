"""Published below a path, every address that the service names begins with it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

import searcher
from index.config import ConfigError
from searcher import create_app
from searcher.config import load
from searcher.delivery.prefix import UrlPrefix
from tests.conftest import Walk
from tests.support.browsing import browse
from tests.support.robot import links, ways

pytestmark = pytest.mark.sweep

PREFIX = "/relizes"
PAGES = Path(searcher.__file__).parent
ORIGIN = "https://www.example.lv"
STARTS = (
    "/",
    "/en/?q=ministrija",
    "/ru/institutions",
    "/api/v1/",
    "/nowhere",
    "/?q=valsts&page=0",
    "/?q=qxzw",
)


@pytest.fixture(scope="module")
def published(walked: Walk, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    config = tmp_path_factory.mktemp("published") / "config.toml"
    public = f'base_url = "{ORIGIN}"\nurl_prefix = "{PREFIX}"\n'
    config.write_text(walked.config.read_text(encoding="utf-8") + public, encoding="utf-8")
    return browse(create_app(config))


def outside(addresses: Iterator[str]) -> list[str]:
    return [address for address in addresses if not address.startswith(f"{PREFIX}/")]


@pytest.mark.parametrize("start", STARTS)
def test_links_and_forms_stay_below_the_prefix_and_are_accepted(published: FlaskClient, start: str) -> None:
    page = published.get(PREFIX + start)
    found = [*dict.fromkeys(ways(PREFIX + start, page.text))]
    assert outside(iter(found)) == []
    for address in found[::7]:
        with closing(published.get(address)) as answer:
            assert answer.status_code == 200, address[:300]
            assert answer.request.path.startswith(f"{PREFIX}/")


def test_the_pages_of_a_release_stay_below_the_prefix(published: FlaskClient) -> None:
    hits = published.get(f"{PREFIX}/api/v1/search?q=ministrija").get_json()["hits"]
    for hit in hits:
        address = f"{PREFIX}/releases/{hit['id']}?q=ministrija"
        assert outside(links(address, published.get(address).text)) == []


def test_sitemaps_and_the_description_name_the_public_address(published: FlaskClient) -> None:
    tree = etree.fromstring(published.get(f"{PREFIX}/sitemap.xml").data)
    listed = tree.xpath("//*[local-name()='loc']/text()")
    assert [address for address in listed if not address.startswith(f"{ORIGIN}{PREFIX}/sitemap/")] == []
    assert published.get(f"{PREFIX}/openapi.json").get_json()["servers"] == [{"url": PREFIX}]
    assert f"Disallow: {PREFIX}/api/" in published.get(f"{PREFIX}/robots.txt").text


def test_the_next_page_of_the_api_is_below_the_prefix(published: FlaskClient) -> None:
    link = published.get(f"{PREFIX}/api/v1/search?q=ministrija&per_page=1").headers["Link"]
    assert link.startswith(f"<{PREFIX}/api/v1/search?")


@pytest.mark.parametrize("path", ["/palidziba", "/healthz", "/", ""])
def test_a_request_may_arrive_with_the_prefix_or_without_it(published: FlaskClient, path: str) -> None:
    assert published.get(PREFIX + path).status_code == published.get(path or "/").status_code == 200


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("", "/"),
        ("/", "/"),
        ("/relizes", "/"),
        ("/relizes/", "/"),
        ("/relizes/palidziba", "/palidziba"),
        ("/palidziba", "/palidziba"),
        ("/relizes/relizes/x", "/relizes/x"),
        ("/x/relizes/y", "/x/relizes/y"),
        ("/relizesX", "/relizesX"),
        ("/relizesX/palidziba", "/relizesX/palidziba"),
    ],
)
def test_only_the_prefix_itself_is_removed_from_a_path(path: str, below: str) -> None:
    seen: list[tuple[str, str]] = []

    def app(environ: dict[str, str], _: object) -> list[bytes]:
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return []

    UrlPrefix(app, PREFIX)({"PATH_INFO": path, "SCRIPT_NAME": ""}, lambda *_: lambda _: None)  # type: ignore[arg-type]  # a small app
    assert seen == [(PREFIX, below)]


def test_a_path_that_only_begins_like_the_prefix_is_another(published: FlaskClient) -> None:
    assert published.get(f"{PREFIX}x/palidziba").status_code == 404


def test_no_file_names_an_address_of_the_service_itself() -> None:
    files = [*PAGES.joinpath("templates").glob("*"), *PAGES.joinpath("static").glob("*.js")]
    fixed = re.compile(r"""(?:href|src|action)="/|fetch\(["'`]/|url\(/""")
    assert [file.name for file in files if fixed.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "line", ['base_url = "https://a.lv/x"', 'base_url = "a.lv"', 'url_prefix = "/x/"', 'url_prefix = "x"']
)
def test_an_address_or_a_prefix_that_would_not_work_is_refused(line: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[searcher]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=f"searcher.{line.split(maxsplit=1)[0]} = "):
        load(config)
