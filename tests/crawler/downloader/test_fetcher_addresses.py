"""Addresses that are not public are never contacted."""

import contextlib

import pytest

from crawler.config import Limits
from crawler.downloader import Environment, Fetcher, FetchError, HostBackoff
from tests.support.fetching import (
    POLITE,
    QUICK,
    fetcher_of,
    knowing,
    reason_of,
)
from tests.support.hostile_site import HostileSite, page, raw

pytestmark = pytest.mark.sweep

INTERNAL = [
    "http://{internal}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http://127。0。0。1:{port}/",
    "http://user@{internal}/",
    "http://{origin}@{internal}/",
    "http://{internal}#@{origin}/",
    "http://{internal}?@{origin}/",
    "//{internal}/",
    "\\\\{internal}/",
    "http:\\\\{internal}/",
    "hTtP:/\\{internal}/",
    "\thttp://{internal}/",
    "http://{origin}.example.org:{port}/",
    "https://{internal}/",
]


@pytest.mark.parametrize("form", INTERNAL)
def test_redirect_to_an_internal_address_is_not_followed(
    site: HostileSite, canary: HostileSite, form: str
) -> None:
    target = form.format(internal=canary.origin, port=canary.port, origin=site.origin)
    site.scripts["/a"] = raw(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
    with fetcher_of(site) as fetcher, pytest.raises(FetchError):
        fetcher.fetch(site.url("/a"))
    assert (canary.connections, site.paths) == (0, ["/a"])


def test_backslash_is_parsed_as_browsers_do(site: HostileSite, canary: HostileSite) -> None:
    site.scripts["/a"] = page("", 302, location=f"http://{site.origin}\\@{canary.origin}/")
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).url == site.url(f"/@{canary.origin}/")
    assert canary.connections == 0


@pytest.mark.parametrize("form", INTERNAL)
def test_robots_txt_that_redirects_to_an_internal_address_is_not_followed(
    site: HostileSite, canary: HostileSite, form: str
) -> None:
    target = form.format(internal=canary.origin, port=canary.port, origin=site.origin)
    site.scripts["/robots.txt"] = page("", 302, location=target.encode().decode("latin-1"))
    with fetcher_of(site) as fetcher, contextlib.suppress(FetchError):
        fetcher.fetch(site.url("/a"))
    assert canary.connections == 0


@pytest.mark.parametrize(
    "internal", ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1", "fe80::1"]
)
def test_configured_host_with_an_internal_address_is_refused(canary: HostileSite, internal: str) -> None:
    name = f"ministrija.example:{canary.port}"
    fetcher = Fetcher(POLITE, QUICK, hosts=[name], environment=knowing(internal))
    with fetcher:
        assert reason_of(fetcher, f"http://{name}/a") == "robots-unreachable"
    assert canary.connections == 0


def test_unknown_host_is_reported_as_dns_failure() -> None:
    patient = Limits(tries=1, connect_s=10)
    with (
        Fetcher(POLITE, patient, hosts=["ministrija.invalid"]) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch("http://ministrija.invalid/a")
    assert (caught.value.reason, caught.value.detail) == ("robots-unreachable", "dns")


def test_name_without_an_address_is_looked_up_again_by_the_next_run() -> None:
    """No host was contacted, so none is spared: the network may be back at once."""
    noted: list[str] = []
    backoff = HostBackoff(on_robots_failure=lambda root, _until, _why: noted.append(root))
    name = "ministrija.example"
    with Fetcher(POLITE, QUICK, hosts=[name], backoff=backoff, environment=knowing()) as fetcher:
        assert reason_of(fetcher, f"http://{name}/a") == "robots-unreachable"
    assert noted == []


def test_host_is_resolved_once_and_connected_to_that_address(site: HostileSite) -> None:
    """DNS rebinding: checking one answer and connecting by another would lead to an internal address."""
    name = f"ministrija.example:{site.port}"
    answers = iter(["127.0.0.1", "203.0.113.1"])
    lookups: list[str] = []

    def look_up(host: str, _port: int) -> list[str]:
        lookups.append(host)
        return [next(answers)]

    with Fetcher(
        POLITE, QUICK, hosts=[name], allow_origins=[name], environment=Environment(look_up=look_up)
    ) as fetcher:
        assert fetcher.fetch(f"http://{name}/a").status == 200
    assert lookups == ["ministrija.example"]
    assert {request.headers["host"] for request in site.requests} == {name}


def test_host_that_rebinds_to_an_internal_address_is_refused(site: HostileSite, canary: HostileSite) -> None:
    name = f"ministrija.example:{canary.port}"
    with Fetcher(
        POLITE,
        QUICK,
        hosts=[name, site.origin],
        allow_origins=[site.origin],
        environment=knowing("127.0.0.1"),
    ) as fetcher:
        site.scripts["/a"] = page("", 302, location=f"http://{name}/")
        with pytest.raises(FetchError):
            fetcher.fetch(site.url("/a"))
    assert canary.connections == 0


def test_second_address_is_tried_if_the_first_refuses(site: HostileSite) -> None:
    name = f"ministrija.example:{site.port}"
    both = knowing("127.0.0.2", "127.0.0.1")
    with Fetcher(POLITE, QUICK, hosts=[name], allow_origins=[name], environment=both) as fetcher:
        assert fetcher.fetch(f"http://{name}/a").status == 200


def test_only_the_default_ports_of_a_bare_host_may_be_contacted(canary: HostileSite) -> None:
    with Fetcher(POLITE, QUICK, hosts=["127.0.0.1"], allow_origins=[canary.origin]) as fetcher:
        assert reason_of(fetcher, canary.url("/a")) == "foreign-host"
    assert canary.connections == 0


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("MINISTRIJA.example", "http://ministrija.example/a"),
        ("ministrija.example:443", "https://ministrija.example/a"),
        ("ministrija.example:80", "http://ministrija.example/a"),
        ("ķīmija.example", "https://xn--mija-pya5e.example/a"),
        ("xn--mija-pya5e.example", "http://ķīmija.example/a"),
    ],
)
def test_hosts_are_known_however_they_are_spelled(host: str, url: str) -> None:
    with Fetcher(POLITE, QUICK, hosts=[host], environment=knowing("127.0.0.1")) as fetcher:
        assert reason_of(fetcher, url) == "robots-unreachable"
