"""The cookies of one site in one crawl: kept by host, bounded, and forgotten when the crawl ends."""

from collections.abc import Mapping, Sequence
from email.message import Message
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.request import Request

from crawler.urls import canonical_host

# Source: RFC 6265, 6.1: what browsers keep at least of a domain, and of a cookie.
COOKIES_MAX = 50
COOKIE_CHARS_MAX = 4096
# Servers refuse longer header lines. Source: nginx's default.
HEADER_CHARS_MAX = 8000


class Cookies:
    """A jar for each host, with or without `www.`.

    Hosts share no cookies, whatever domain a cookie names: those of the ministries share one.
    """

    def __init__(self) -> None:
        self._jars: dict[str, CookieJar] = {}

    def headers_for(self, url: str) -> Mapping[str, str]:
        """Return the header that sends the cookies for *url*; empty if there are none."""
        jar = self._jars.get(canonical_host(url) or "") if self._jars else None
        if not jar:
            return {}
        request = Request(url)  # noqa: S310 (nothing is opened: the jar reads the parts of its URL)
        jar.add_cookie_header(request)
        cookies = request.get_header("Cookie")
        return {"Cookie": cookies} if cookies else {}

    def keep(self, url: str, lines: Sequence[str]) -> bool:
        """Keep the cookies of the Set-Cookie *lines* that *url* sent; return whether that changed any."""
        if not lines:
            return False
        jar = self._jars.setdefault(canonical_host(url) or "", CookieJar(_Bounds()))
        before = _values(jar)
        headers = Message()
        for line in lines:
            headers["Set-Cookie"] = line
        jar.extract_cookies(_Response(headers), Request(url))  # type: ignore[arg-type] # noqa: S310 # reads headers only
        _trim(jar)
        return _values(jar) != before


class _Response:
    """The part of a response that a jar reads."""

    def __init__(self, headers: Message) -> None:
        self._headers = headers

    def info(self) -> Message:
        return self._headers


class _Bounds(DefaultCookiePolicy):
    """Accepts cookies that fit into a header."""

    def set_ok(self, cookie: Cookie, request: Any) -> bool:
        text = f"{cookie.name}={cookie.value or ''}"
        is_sound = len(text) <= COOKIE_CHARS_MAX and text.isascii() and text.isprintable()
        return is_sound and super().set_ok(cookie, request)


def _trim(jar: CookieJar) -> None:
    """Remove the cookies beyond the bounds, the last ones first."""
    chars = 0
    for number, cookie in enumerate(list(jar)):
        chars += len(f"{cookie.name}={cookie.value or ''}; ")
        if number >= COOKIES_MAX or chars > HEADER_CHARS_MAX:
            jar.clear(cookie.domain, cookie.path, cookie.name)


def _values(jar: CookieJar) -> set[tuple[str, str, str, str | None]]:
    return {(cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in jar}
