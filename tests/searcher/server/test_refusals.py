import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from searcher.params import QUERY_CHARS_MAX
from searcher.server.request_parser import TARGET_BYTES
from tests.conftest import Walk
from tests.support.listening import Serving, listening
from tests.support.serving import serving


@pytest.fixture(scope="module")
def address(walked: Walk) -> Iterator[str]:
    with serving(walked.lean_config, "--processes", "1") as served:
        yield served


def sent(address: str, request: bytes) -> tuple[bytes, bytes]:
    """Return the head and the body of the answer to *request*, up to the end of the connection."""
    place = urlsplit(address)
    with socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=60) as client:
        client.sendall(request)
        answer = b""
        while received := client.recv(65536):
            answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


LARGE = b"X: " + b"x" * 300_000


@pytest.mark.parametrize("path", [b"/api/v1/search?q=a", b"/relizes/api/v1/x", b"/mcp", b"/openapi.json"])
@pytest.mark.parametrize(
    ("method", "header", "status"),
    [
        (b"GET", LARGE, 431),
        (b"GET", b"no header", 400),
        (b"POST", b"Transfer-Encoding: gzip", 501),
        (b"POST", b"Content-Length: 20000", 413),
        (b"GET", b"Host: localhost", 400),
    ],
)
def test_programs_get_problem_details(
    address: str, path: bytes, method: bytes, header: bytes, status: int
) -> None:
    request = b"%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n" % (method, path, header)
    head, body = sent(address, request)
    assert int(head.split()[1]) == status
    assert b"Content-Type: application/problem+json" in head
    assert b"X-Request-Id: " in head
    assert b"Access-Control-Allow-Origin: *" in head
    problem = json.loads(body)
    kind = "request-too-large" if status in (413, 431) else "malformed-request"
    assert (problem["status"], problem["type"]) == (status, f"/api/problems/{kind}")
    assert problem["detail"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /api/v1/search HTTP/2.0", 505),
        (b"GET /api/v1/search?q=%s HTTP/1.1" % (b"a" * TARGET_BYTES), 414),
        (b"GET /api/v1/search?q=%s HTTP/1.1" % (b"a" * 2 * TARGET_BYTES), 414),
    ],
    ids=["version", "target", "longer target"],
)
def test_the_first_line_is_refused_with_problem_details(address: str, line: bytes, status: int) -> None:
    head, body = sent(address, line + b"\r\nHost: localhost\r\n\r\n")
    assert int(head.split()[1]) == json.loads(body)["status"] == status


def test_the_longest_query_is_not_refused(address: str) -> None:
    query = b"%E1%B8%BD" * QUERY_CHARS_MAX
    request = b"GET /api/v1/search?q=%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % query
    head, body = sent(address, request)
    assert (int(head.split()[1]), json.loads(body)["total"]) == (200, 0)


@pytest.mark.parametrize("path", [b"/", b"/?q=/api/", b"/palidziba"])
def test_people_get_a_line_of_text(address: str, path: bytes) -> None:
    head, body = sent(address, b"GET %s HTTP/1.1\r\nHost: localhost\r\nno header\r\n\r\n" % path)
    assert b"Content-Type: text/plain" in head
    assert body == b"Bad Request: Invalid header\n"


@pytest.mark.parametrize("query", ["budžets", "bud%C5%BEets"])
def test_letters_in_an_address_need_not_be_encoded(address: str, query: str) -> None:
    request = (
        f"GET /api/v1/search?q={query}&per_page=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    head, body = sent(address, request.encode())
    assert int(head.split()[1]) == 200
    assert json.loads(body)["query"]["text"] == "budžets"


@pytest.mark.parametrize("line", ["GET / HTTP/ā", "GET /\xa0 x HTTP/1.1"])
def test_letters_elsewhere_in_the_first_line_are_refused(address: str, line: str) -> None:
    head, _ = sent(address, f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert int(head.split()[1]) == 400


@pytest.fixture(scope="module")
def alone() -> Iterator[Serving]:
    """A server without an index."""
    with listening() as serving, serving.in_background():
        yield serving


def told(alone: Serving, path: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of the refusal of a request for *path* with two hosts."""
    host, port = alone.address
    request = b"GET %s HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" % path
    head, body = sent(f"http://{host}:{port}", request)
    status, *lines = head.decode().split("\r\n")
    assert status == "HTTP/1.1 400 Bad Request"
    return dict(line.split(": ", 1) for line in lines), body


def test_a_program_is_told_all_of_a_refusal(alone: Serving) -> None:
    headers, body = told(alone, b"/api/v1/search")
    assert json.loads(body) == {
        "type": "/api/problems/malformed-request",
        "title": "Bad Request",
        "status": 400,
        "detail": "Exactly one Host header is needed, not 2",
        "errors": {},
    }
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Access-Control-Allow-Origin"] == "*"


def test_a_refusal_is_kept_by_nobody_and_ends_the_connection(alone: Serving) -> None:
    headers, body = told(alone, b"/")
    assert body == b"Bad Request: Exactly one Host header is needed, not 2\n"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Content-Length"] == str(len(body))
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert (headers["Connection"], "Access-Control-Allow-Origin" in headers) == ("close", False)
    assert len(headers["X-Request-Id"]) == 16
    assert told(alone, b"/")[0]["X-Request-Id"] != headers["X-Request-Id"]
