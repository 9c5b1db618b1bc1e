"""The nginx sample works as it is, below a prefix and at the root of a host."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from tests.conftest import Walk
from tests.support.awaiting import wait_until
from tests.support.proxies import Proxied, behind_nginx
from tests.support.robot import links

pytestmark = pytest.mark.sweep

SEARCH = "?q=ministrija"
# A second is short on a busy machine.
KEPT_LONGER = {"200 1s": "200 10m"}


@pytest.fixture(scope="module", params=["/relizes", ""], ids=["prefix", "root"])
def proxied(
    walked: Walk, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    with behind_nginx(
        walked.lean_config, folder, request.param, KEPT_LONGER | {"burst=40": "burst=400"}
    ) as one:
        yield one


def test_every_link_of_a_page_leads_through_the_proxy(proxied: Proxied) -> None:
    page = proxied.get(proxied.home + SEARCH)
    found = [address for address in links(urlsplit(proxied.home).path, page.text) if "page=" not in address]
    assert found
    statuses = {address: proxied.get(urljoin(proxied.home, address)).status_code for address in found[:30]}
    assert {address: status for address, status in statuses.items() if status != 200} == {}


def test_answers_are_compressed_and_safe(proxied: Proxied) -> None:
    headers = proxied.get(proxied.home, headers={"Accept-Encoding": "gzip"}).headers
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_an_answer_is_kept_for_a_moment_and_each_request_has_its_own_id(proxied: Proxied) -> None:
    first, second = (proxied.get(f"{proxied.home}?q=valsts+budžets") for _ in range(2))
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert first.text == second.text


def test_a_client_that_has_the_answer_gets_304(proxied: Proxied) -> None:
    tag = proxied.get(proxied.home + SEARCH).headers["ETag"]
    assert proxied.get(proxied.home + SEARCH, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["metrics", "metrics?x", "%6detrics", "/metrics", "./metrics", "metrics/"])
def test_figures_cannot_be_read_from_outside(proxied: Proxied, path: str) -> None:
    assert proxied.get(proxied.home + path).status_code == 404


def test_a_request_without_tls_is_redirected(proxied: Proxied) -> None:
    path = urlsplit(proxied.home).path
    answer = proxied.get(f"{proxied.plain}{path}{SEARCH}", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (308, proxied.home + SEARCH)


def test_robots_find_their_file_at_the_root_of_the_host(proxied: Proxied) -> None:
    path = urlsplit(proxied.home).path
    text = proxied.get(urljoin(proxied.home, "/robots.txt")).text
    assert f"Disallow: {path}api/" in text
    assert f"Sitemap: {proxied.home}sitemap.xml" in text


def test_the_log_names_nobody_and_no_query(proxied: Proxied) -> None:
    answer = proxied.get(f"{proxied.home}?q=nevienam")
    log, id_ = proxied.folder / "releases.log", answer.headers["X-Request-ID"]
    wait_until(lambda: id_ in log.read_text(encoding="utf-8"))
    [line] = [line for line in log.read_text(encoding="utf-8").splitlines() if id_ in line]
    assert "127.0.0.1" not in line
    assert "nevienam" not in line
    assert "python" not in line


def test_too_many_requests_are_told_when_to_come_back(
    walked: Walk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("limited")
    # One in a minute, so that no machine is too slow to exceed it.
    slow = {"rate=10r/s": "rate=1r/m", "burst=40 nodelay": "burst=1 nodelay"}
    with behind_nginx(walked.lean_config, folder, "/relizes", slow) as proxied:
        answers = [proxied.get(f"{proxied.home}palidziba") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert answers[-1].headers["Cache-Control"] == "no-store"
