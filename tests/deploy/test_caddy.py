"""The Caddy sample works as it is."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from tests.conftest import Walk
from tests.support.proxies import Proxied, behind_caddy
from tests.support.robot import links

pytestmark = pytest.mark.sweep


@pytest.fixture(scope="module")
def proxied(walked: Walk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    with behind_caddy(walked.lean_config, tmp_path_factory.mktemp("caddy")) as one:
        yield one


def test_every_link_of_a_page_leads_through_the_proxy(proxied: Proxied) -> None:
    page = proxied.get(f"{proxied.home}?q=ministrija")
    found = [*links(urlsplit(proxied.home).path, page.text)]
    assert found
    statuses = {address: proxied.get(urljoin(proxied.home, address)).status_code for address in found[:30]}
    assert {address: status for address, status in statuses.items() if status != 200} == {}


def test_answers_are_compressed_and_safe(proxied: Proxied) -> None:
    headers = proxied.get(proxied.home, headers={"Accept-Encoding": "gzip"}).headers
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["metrics", "metrics?x", "%6detrics", "/metrics", "METRICS"])
def test_figures_cannot_be_read_from_outside(proxied: Proxied, path: str) -> None:
    assert proxied.get(proxied.home + path).status_code == 404


def test_robots_find_their_file_at_the_root_of_the_host(proxied: Proxied) -> None:
    assert f"Sitemap: {proxied.home}sitemap.xml" in proxied.get(urljoin(proxied.home, "/robots.txt")).text
