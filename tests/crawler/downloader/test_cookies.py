"""Cookies: kept by host for the crawl of a site, bounded, sent to no other host.

Also the tests of `session`, which holds them.
"""

import pytest

from crawler.downloader import FetchError, Session
from crawler.downloader.cookies import COOKIES_MAX, HEADER_CHARS_MAX, Cookies
from tests.support.fetching import fetcher_of
from tests.support.hostile_site import HostileSite, Script, Visit, answer, page

URL = "https://www.iem.gov.lv/x"


def _wall(visit: Visit) -> None:
    """Answer only with a cookie, which a redirect to the same address sets."""
    if visit.request.headers.get("cookie") == "sid=1":
        visit.send(answer("<h1>Relīze</h1>"))
    else:
        visit.send(answer(status=302, Location=visit.request.path, Set_Cookie="sid=1; Path=/; HttpOnly"))


def _wall_by_detour(visit: Visit) -> None:
    """As `_wall`, but another page sets the cookie."""
    if visit.request.headers.get("cookie") == "sid=1":
        visit.send(answer("<h1>Relīze</h1>"))
    else:
        visit.send(answer(status=302, Location="/check"))


@pytest.mark.parametrize("wall", [_wall, _wall_by_detour])
def test_a_site_that_sets_a_cookie_by_redirect_is_read(site: HostileSite, wall: Script) -> None:
    site.scripts |= {"/a": wall, "/b": wall}
    site.scripts["/check"] = page(status=302, Location="/a", Set_Cookie="sid=1; Path=/")
    session = Session()
    with fetcher_of(site) as fetcher:
        first = fetcher.fetch(site.url("/a"), session=session)
        second = fetcher.fetch(site.url("/b"), session=session)
    assert (first.text, first.chain, second.text) == ("<h1>Relīze</h1>", (site.url("/a"),), "<h1>Relīze</h1>")
    assert site.paths[-1] == "/b"
    assert len(site.requests_for("/b")) == 1


def test_each_session_begins_without_cookies(site: HostileSite) -> None:
    site.scripts["/a"] = _wall
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"), session=Session())
        fetcher.fetch(site.url("/a"), session=Session())
        fetcher.fetch(site.url("/a"))
    assert len(site.requests_for("/a")) == 6


def test_a_redirect_to_itself_without_a_new_cookie_is_a_circle(site: HostileSite) -> None:
    site.scripts["/a"] = page(status=302, Location="/a", Set_Cookie="sid=1")
    with fetcher_of(site) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(site.url("/a"))
    assert (caught.value.reason, len(site.paths)) == ("redirect-loop", 2)


def test_a_new_cookie_with_each_redirect_ends_at_the_limit(site: HostileSite) -> None:
    site.scripts["/a"] = lambda visit: visit.send(
        answer(status=302, Location="/a", Set_Cookie=f"sid={visit.number}")
    )
    with fetcher_of(site) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(site.url("/a"))
    assert (caught.value.reason, len(site.paths)) == ("too-many-redirects", 11)


def test_cookies_do_not_reach_another_host(site: HostileSite, canary: HostileSite) -> None:
    site.scripts["/a"] = page(status=302, Location=canary.url("/b"), Set_Cookie="sid=1; Domain=127.0.0.1")
    session = Session()
    with fetcher_of(site, canary) as fetcher:
        fetcher.fetch(site.url("/a"), session=session)
    assert "cookie" not in canary.requests_for("/b")[0].headers


@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", "https://www.iem.gov.lv/", "a=1"),
        ("a=1; Domain=iem.gov.lv", "https://iem.gov.lv/", "a=1"),
        ("a=1; Domain=gov.lv", "https://www.mfa.gov.lv/", None),
        ("a=1; Domain=mfa.gov.lv", "https://www.mfa.gov.lv/", None),
        ("a=1; Domain=mfa.gov.lv", "https://www.iem.gov.lv/", None),
        ("a=1; Path=/lv", "https://www.iem.gov.lv/en/", None),
        ("a=1; Secure", "http://www.iem.gov.lv/", None),
        ("a=1; Max-Age=0", "https://www.iem.gov.lv/", None),
        ("a=" + "1" * 5000, "https://www.iem.gov.lv/", None),
        ("a=ā", "https://www.iem.gov.lv/", None),
        ("a=1\x07", "https://www.iem.gov.lv/", None),
        (";;;===", "https://www.iem.gov.lv/", None),
    ],
)
def test_a_cookie_is_sent_as_its_attributes_say(line: str, url: str, sent: str | None) -> None:
    cookies = Cookies()
    cookies.keep(URL, [line])
    assert cookies.headers_for(url).get("Cookie") == sent


@pytest.mark.parametrize("size", [1, 4000])
def test_the_cookies_of_a_host_fit_into_a_header(size: int) -> None:
    cookies = Cookies()
    for number in range(200):
        cookies.keep(URL, [f"n{number}={'x' * size}"])
    sent = cookies.headers_for(URL)["Cookie"]
    assert sent.count("=") <= COOKIES_MAX
    assert len(sent) <= HEADER_CHARS_MAX


def test_robots_txt_behind_a_cookie_is_obeyed(site: HostileSite) -> None:
    def robots(visit: Visit) -> None:
        if visit.request.headers.get("cookie") == "sid=1":
            visit.send(answer("User-agent: *\nDisallow: /a", content_type="text/plain"))
        else:
            visit.send(answer(status=302, Location="/robots.txt", Set_Cookie="sid=1"))

    site.scripts["/robots.txt"] = robots
    with fetcher_of(site) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(site.url("/a"))
    assert (caught.value.reason, site.paths) == ("robots", [])


def test_a_page_is_kept_without_the_cookies_that_it_set(site: HostileSite) -> None:
    site.scripts["/a"] = page("x", Set_Cookie="sid=1", X_Other="1")
    with fetcher_of(site) as fetcher:
        headers = fetcher.fetch(site.url("/a")).headers
    assert ("set-cookie" in headers, headers["x-other"]) == (False, "1")
