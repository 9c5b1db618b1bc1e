"""Bodies that are truncated or too large, and odd HTTP."""

import gzip
import http.client
import io
import resource
import ssl
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import requests
import urllib3
from urllib3._collections import HTTPHeaderDict
from urllib3.exceptions import HTTPError, InvalidHeader

from crawler.config import Limits
from crawler.content_encoding import EncodingError
from crawler.downloader import FetchError
from crawler.downloader.response import Response, StatusError, detail_of, read_response, reason_of
from tests.support.bombs import gzip_of_zeros
from tests.support.fetching import QUICK, failure, fetcher_of
from tests.support.hostile_site import HostileSite, Script, Visit, answer, in_turn, page, raw

# --- truncated bodies ---


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<p>half"), "cut"),
        (raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n<p>half\r\n"), "cut"),
        (raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n<p>half"), "cut"),
        (raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<p>half\r\n0\r\n\r\n"), "cut"),
        (
            page(gzip.compress(b"<p>" + bytes(range(256)) * 90, mtime=0)[:-300], content_encoding="gzip"),
            "cut",
        ),
        (page(gzip.compress(b"<p>whole", mtime=0)[:-1], content_encoding="gzip"), "cut"),
        (page(zlib.compress(b"<p>whole")[:-3], content_encoding="deflate"), "cut"),
        (raw("HTTP/1.1 200 OK\r\nContent-Le"), "cut"),
        (raw("HTTP/1.1 200 OK\r\nContent-Length: 5, 9\r\n\r\n<p>half"), "bad-http"),
    ],
)
def test_truncated_body_is_an_error(site: HostileSite, script: Script, reason: str) -> None:
    site.scripts["/a"] = script
    error = failure(site, "/a")
    assert (error.reason, error.temporary) == (reason, True)


def test_reset_within_the_body_is_an_error(site: HostileSite) -> None:
    def reset(visit: Visit) -> None:
        visit.send(answer(b"<p>half", length=100_000))
        visit.reset()

    site.scripts["/a"] = reset
    assert failure(site, "/a").reason in ("reset", "cut")


def test_truncated_body_is_retried(site: HostileSite) -> None:
    site.scripts["/a"] = in_turn(raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<p>h"), page("<p>whole"))
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<p>whole"


def test_headers_of_one_name_are_joined_whatever_their_case(site: HostileSite) -> None:
    site.scripts["/a"] = raw(
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Language: lv\r\nCONTENT-LANGUAGE: en\r\n\r\n<p>"
    )
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).headers == {"content-length": "3", "content-language": "lv, en"}


# --- large responses ---


def _endless(visit: Visit) -> None:
    visit.send("HTTP/1.1 200 OK\r\n\r\n")
    while True:
        visit.send(b"x" * 65_536)


def _endless_headers(visit: Visit) -> None:
    visit.send("HTTP/1.1 200 OK\r\n")
    while True:
        visit.send("X-A: " + "b" * 60_000 + "\r\n")


def _endless_interim(visit: Visit) -> None:
    while True:
        visit.send("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n")


def _endless_interim_headers(visit: Visit) -> None:
    visit.send("HTTP/1.1 103 Early Hints\r\n")
    while True:
        visit.send("Link: <a>\r\n" * 1000)


def _gzip_repeatedly(times: int) -> bytes:
    body = bytes(1_000_000)
    for _ in range(times):
        body = gzip.compress(body, mtime=0)
    return body


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (_endless, "too-large"),
        (_endless_headers, "too-large"),
        (_endless_interim, "bad-http"),
        (_endless_interim_headers, "too-large"),
        (page(b"x", length=50_000_000), "too-large"),
        (page(b"x" * 199_990), "too-large"),
        (page(gzip_of_zeros(100), content_encoding="gzip"), "too-large"),
        (page(zlib.compress(bytes(10_000_000)), content_encoding="deflate"), "too-large"),
        (page(_gzip_repeatedly(2), content_encoding="gzip, gzip"), "too-large"),
        (page(_gzip_repeatedly(12), content_encoding=", ".join(["gzip"] * 12)), "encoding"),
        (page(b"x", content_encoding="br"), "encoding"),
        (page(b"not gzip at all", content_encoding="gzip"), "encoding"),
    ],
)
def test_response_beyond_the_limits_is_an_error(site: HostileSite, script: Script, reason: str) -> None:
    site.scripts["/a"] = script
    assert failure(site, "/a").reason == reason


@pytest.mark.sweep
def test_compression_bomb_in_a_redirect_is_not_decompressed(site: HostileSite) -> None:
    site.scripts["/a"] = page(gzip_of_zeros(300), 302, location="/b", content_encoding="gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).url == site.url("/b")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"<p>whole", mtime=0), "gzip"),
        (gzip.compress(b"<p>wh", mtime=0) + gzip.compress(b"ole", mtime=0), "gzip"),
        (gzip.compress(b"<p>whole", mtime=0) + b"\0\0garbage", "X-GZIP"),
        (zlib.compress(b"<p>whole"), "deflate"),
        (zlib.compress(b"<p>whole", wbits=-15), "deflate"),
        (gzip.compress(gzip.compress(b"<p>whole", mtime=0), mtime=0), "gzip, gzip"),
        (b"<p>whole", "identity"),
    ],
)
def test_content_encodings_are_decoded(site: HostileSite, body: bytes, encoding: str) -> None:
    site.scripts["/a"] = page(body, content_encoding=encoding)
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<p>whole"


# --- odd HTTP ---


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\r\n\r\n",
        "garbage\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n",
        "HTTP/1.1 -1 OK\r\n\r\n",
        "HTTP/2 000\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "<html><p>HTTP/0.9</p></html>",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\n" + "X-A: b\r\n" * 200 + "\r\n",
        "HTTP/1.1 200 OK\r\nX-A: " + "b" * 70_000 + "\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 300 Multiple Choices\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_odd_http_fails_one_page_only(
    site: HostileSite, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    site.scripts["/a"] = raw(text)
    with fetcher_of(site) as fetcher:
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(site.url("/a"))
        assert fetcher.fetch(site.url("/b")).status == 200
    assert str(caught.value).isprintable()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.0 200 OK\r\n\r\nabc",
        "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh",
        "HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nX-\x00\x1b[31m: \x07\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 103 Early Hints\r\nLink: <a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_odd_http_that_browsers_accept_is_accepted(
    site: HostileSite, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    site.scripts["/a"] = raw(text)
    with fetcher_of(site) as fetcher:
        body = fetcher.fetch(site.url("/a")).body
        assert fetcher.fetch(site.url("/b")).text == "<h1>/b</h1>"
    assert body.startswith((b"abc", b"no colon"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("status", "second"),
    [(400, "read"), (403, "read"), (404, "read"), (410, "read")]
    + [(status, "retry-after") for status in (429, 500, 503)],
)
def test_only_a_busy_server_may_ask_for_a_pause(site: HostileSite, status: int, second: str) -> None:
    site.scripts |= {"/a": page("", status, retry_after="86400"), "/b": page("<p>b")}
    reasons = []
    with fetcher_of(site) as fetcher:
        for path in ("/a", "/b"):
            try:
                fetcher.fetch(site.url(path))
                reasons.append("read")
            except FetchError as error:
                reasons.append(error.reason)
    assert reasons[1] == second


@pytest.mark.parametrize(
    ("size", "taken", "is_whole"), [(9_999, 9_999, True), (10_000, 10_000, False), (10_001, 10_000, False)]
)
def test_a_feed_is_cut_where_its_bytes_end(
    site: HostileSite, size: int, taken: int, *, is_whole: bool
) -> None:
    """One that ends just there may go on: nobody looks for more."""
    site.scripts["/a"] = page(b"x" * size)
    limits = QUICK.model_copy(update={"feed_bytes": 10_000})
    with fetcher_of(site, limits=limits) as fetcher:
        got = fetcher.fetch(site.url("/a"), head_bytes=10_000)
    assert (got.body, got.is_whole) == (b"x" * taken, is_whole)


@pytest.mark.parametrize(("size", "is_whole"), [(499_999, True), (500_000, False)])
def test_a_feed_may_be_larger_than_a_page(site: HostileSite, size: int, *, is_whole: bool) -> None:
    """Its limit is its own, also after decompression."""
    site.scripts["/a"] = page(gzip.compress(b"x" * size, mtime=0), content_encoding="gzip")
    assert QUICK.page_bytes < 500_000
    with fetcher_of(site) as fetcher:
        got = fetcher.fetch(site.url("/a"), head_bytes=500_000)
    assert (got.body, got.is_whole) == (b"x" * size, is_whole)


# --- A response, without a server ---

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def received(status: int, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()) -> requests.Response:
    """Return a response as `requests` gives it."""
    response = requests.Response()
    response.status_code = status
    response.raw = urllib3.HTTPResponse(
        body=io.BytesIO(body), headers=HTTPHeaderDict(headers), status=status, preload_content=False
    )
    return response


def read(response: requests.Response, head_bytes: int | None = None, **limits: int) -> Response:
    return read_response(response, Limits(**limits), head_bytes=head_bytes, now=NOW)  # type: ignore[arg-type]


def test_a_response_is_whole_and_has_no_cookies_unless_it_says_so() -> None:
    response = Response(status=200, headers={}, body=b"")
    assert (response.is_whole, response.cookies) == (True, ())


@pytest.mark.parametrize("status", [200, 304, 301, 302, 303, 307, 308])
def test_only_a_page_has_a_body(status: int) -> None:
    body = b"" if status == 304 else b"body"
    got = read(
        received(status, body, [("Content-Length", f"{len(body)}"), ("Set-Cookie", "a"), ("set-cookie", "b")])
    )
    assert (got.status, got.body, got.is_whole) == (status, b"body" if status == 200 else b"", True)
    assert (got.cookies, dict(got.headers)) == (("a", "b"), {"content-length": f"{len(body)}"})


@pytest.mark.parametrize("status", [201, 204, 300, 305, 306, 400, 404, 429, 499, 500, 599])
def test_another_status_is_an_error(status: int) -> None:
    with pytest.raises(StatusError, match=f"^status-{status}$") as error:
        read(received(status, headers=[("Retry-After", "60")]))
    assert error.value.reason == f"status-{status}"
    assert error.value.retry_after_s == (60 if status == 429 or status >= 500 else None)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ([], None),
        ([("Retry-After", "Sun, 01 Mar 2026 00:01:00 GMT")], 60),
        # By the clock of the server, which is an hour late.
        ([("Retry-After", "Sat, 28 Feb 2026 23:01:00 GMT"), ("Date", "Sat, 28 Feb 2026 23:00:00 GMT")], 60),
        ([("Retry-After", "Sun, 01 Mar 2026 00:01:00 GMT"), ("Date", "never")], 60),
    ],
)
def test_a_pause_may_be_asked_for_by_a_date(headers: list[tuple[str, str]], pause: float | None) -> None:
    with pytest.raises(StatusError) as error:
        read(received(503, headers=headers))
    assert error.value.retry_after_s == pause


def test_each_header_for_robots_is_a_line() -> None:
    headers = [
        ("X-Robots-Tag", "a: noindex"),
        ("x-robots-tag", "nofollow"),
        ("A", "1"),
        ("a", "2"),
        ("Content-Length", "0"),
    ]
    assert dict(read(received(200, b"", headers)).headers) == {
        "x-robots-tag": "a: noindex\nnofollow",
        "a": "1, 2",
        "content-length": "0",
    }


@pytest.mark.parametrize(
    ("announced", "head_bytes", "is_refused"),
    [
        ("1024", None, False),
        ("1025", None, True),
        ("1025", 10, False),
        ("many", None, False),
        ("9" * 30, None, True),
    ],
)
def test_a_body_that_is_announced_too_large_is_not_read(
    announced: str, head_bytes: int | None, *, is_refused: bool
) -> None:
    response = received(200, b"x" * 20, [("X-Length", announced)])
    response.raw.headers["Content-Length"] = announced  # after it was checked against the body
    if not is_refused:
        got = read(response, head_bytes, wire_bytes=1024)
        assert (got.body, got.is_whole) == (b"x" * (head_bytes or 20), head_bytes is None)
        return
    with pytest.raises(EncodingError, match=rf"^{announced[:20]} bytes announced$") as error:
        read(response, head_bytes, wire_bytes=1024)
    assert error.value.reason == "too-large"


@pytest.mark.parametrize(
    ("size", "head_bytes", "taken"),
    [
        (4096, None, 4096),
        (4097, None, None),
        (1025, 500, 500),
        (499, 500, 499),
        (500, 500, 500),
        (3000, 2000, 2000),
        (1500, 2000, 1500),
    ],
)
def test_a_body_is_read_up_to_a_limit(size: int, head_bytes: int | None, taken: int | None) -> None:
    response = received(200, b"x" * size, [("Transfer-Encoding", "identity")])
    if taken is None:
        with pytest.raises(EncodingError) as error:
            read(response, head_bytes, page_bytes=4096)
        assert error.value.reason == "too-large"
        return
    got = read(response, head_bytes, page_bytes=4096)
    assert (len(got.body), got.is_whole) == (taken, head_bytes is None or size < head_bytes)


def test_a_page_has_a_body_or_a_length() -> None:
    with pytest.raises(EncodingError, match="neither a body nor a length") as error:
        read(received(200))
    assert error.value.reason == "cut"
    assert read(received(200, b"x")).body == b"x"
    assert read(received(200, b"", [("Content-Length", "0")])).body == b""


@pytest.mark.parametrize(
    ("size", "left"), [(0, 0), (65_536, 0), (65_537, 0), (131_072, 0), (131_073, 1), (999_999, 868_927)]
)
def test_no_more_of_an_unwanted_body_is_read_than_keeps_the_connection(size: int, left: int) -> None:
    sent = io.BytesIO(b"x" * size)
    response = received(302)
    response.raw = urllib3.HTTPResponse(body=sent, status=302, preload_content=False)
    assert read(response).body == b""
    assert (0 if sent.closed else len(sent.read())) == left


@pytest.mark.parametrize(
    ("status", "size", "is_released"),
    [
        (200, 0, True),
        (200, 9, True),
        (302, 9, True),
        (302, 65_536, True),
        (302, 65_537, False),
        (404, 9, True),
    ],
)
def test_a_connection_is_used_again_after_a_body_that_was_read(
    status: int, size: int, *, is_released: bool
) -> None:
    pool = urllib3.HTTPConnectionPool("a.lv", maxsize=1)
    connection = pool._get_conn()
    response = received(status)
    response.raw = urllib3.HTTPResponse(
        body=io.BytesIO(b"x" * size),
        headers={"Content-Length": f"{size}"} if status == 200 else {},
        status=status,
        preload_content=False,
        pool=pool,
        connection=connection,
    )
    with suppress(StatusError):
        read(response)
    assert pool.pool is not None
    assert (pool.pool.qsize() == 1) == is_released


# --- Why a request failed ---


def caused(*errors: BaseException) -> BaseException:
    """Return the first of *errors*, of which each is caused by the next one."""
    for error, cause in pairwise(errors):
        error.__cause__ = cause
    return errors[0]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ssl.SSLCertVerificationError(), "tls-unverified"),
        (ssl.SSLError(), "tls"),
        (ConnectionRefusedError(), "refused"),
        (TimeoutError(), "timeout"),
        (http.client.RemoteDisconnected(), "no-answer"),
        (ConnectionResetError(), "reset"),
        (BrokenPipeError(), "reset"),
        (http.client.IncompleteRead(b""), "cut"),
        (http.client.BadStatusLine(""), "bad-http"),
        (InvalidHeader(), "bad-http"),
        (HTTPError(), "cut"),
        (requests.RequestException(), "bad-http"),
        (OSError(), "unreachable"),
        (ValueError(), "bad-http"),
        (caused(requests.RequestException(), HTTPError(), TimeoutError()), "timeout"),
        (caused(requests.RequestException(), ValueError()), "bad-http"),
        (caused(HTTPError(), ValueError()), "cut"),
        (caused(TimeoutError(), ConnectionRefusedError()), "refused"),
        (caused(requests.RequestException(), EncodingError("too-large", ""), TimeoutError()), "too-large"),
        (caused(EncodingError("too-large", ""), EncodingError("cut", "")), "cut"),
    ],
)
def test_the_innermost_cause_is_the_reason(error: BaseException, reason: str) -> None:
    assert reason_of(error) == reason


def test_the_innermost_cause_gives_the_detail_in_print() -> None:
    assert detail_of(caused(ValueError("outer"), OSError("in\x00ner\n"))) == "in\ufffdner\ufffd"
    assert detail_of(ValueError("x" * 300)) == "x" * 200
    during = ValueError("then")
    during.__context__ = OSError("first")
    assert (detail_of(during), reason_of(during)) == ("first", "unreachable")
