import re
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from waitress.adjustments import Adjustments

from searcher.server.request_parser import TARGET_BYTES, RefusableRequest
from tests.support.listening import Serving, listening

HOST = b"Host: localhost"
STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) ")


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with listening() as serving, serving.in_background():
        yield serving


def answers(serving: Serving, *lines: bytes, body: bytes = b"") -> list[int]:
    """Return the status of the answer to a request and, unless it closed the connection, to another one."""
    received = b""
    with socket.create_connection(serving.address, timeout=60) as client:
        client.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        while not received:
            received = client.recv(4096)
        with suppress(ConnectionError):  # the other request may come after the end
            client.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\nConnection: close\r\n\r\n")
            while more := client.recv(4096):
                received += more
    return [int(status) for status in STATUS.findall(received)]


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("status", "lines"),
    [
        (400, [b"GET / HTTP/1.1", HOST, HOST]),
        (400, [b"GET / HTTP/1.1", HOST, b"hOST: example.lv"]),
        (400, [b"GET / HTTP/1.0", HOST, HOST]),
        (400, [b"GET / HTTP/1.1"]),
        (400, [b"GET / HTTP/1.1", b"Host: a b"]),
        (400, [b"GET / HTTP/1.1", b"Host: a/b"]),
        (400, [b"GET / HTTP/1.1", b"Host: user@a"]),
        (400, [b"GET / HTTP/1.1", "Host: ā.lv".encode()]),
        (400, [b"GET / HTTP/1.1", b"Host: a:b"]),
        (505, [b"GET / HTTP/2.0", HOST]),
        (505, [b"GET / HTTP/2", HOST]),
        (505, [b"GET / HTTP/0.9", HOST]),
        (505, [b"GET / HTTP/10.1", HOST]),
        (505, [b"PRI * HTTP/2.0"]),
        (400, [b"GET /"]),
        (400, [b"GET / HTTP/x", HOST]),
        (400, [b"GET http://[/ HTTP/1.1", HOST]),
        (400, [b"POST / HTTP/1.1", HOST, b"Content-Length: " + b"9" * 5000]),
        (400, [b"POST / HTTP/1.1", HOST, b"Content-Length: 3", b"Transfer-Encoding: chunked"]),
        (400, [b"POST / HTTP/1.0", HOST, b"Transfer-Encoding: chunked"]),
        (414, [b"GET /" + b"a" * 200_000 + b" HTTP/1.1", HOST]),
        (414, [b"GET /" + b"a" * 300_000 + b" HTTP/1.1", HOST]),
        (431, [b"GET / HTTP/1.1", HOST, b"X: " + b"a" * 300_000]),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_request_that_no_server_may_take_is_refused(
    serving: Serving, status: int, lines: list[bytes]
) -> None:
    assert answers(serving, *lines) == [status]


@pytest.mark.sweep
@pytest.mark.parametrize(
    "lines",
    [
        [b"GET / HTTP/1.1", HOST, b"Connection: Upgrade, close"],
        [b"GET / HTTP/1.1", HOST, b"Connection: CLOSE"],
        [b"GET / HTTP/1.1", HOST, b"Connection: close, keep-alive"],
        [b"GET / HTTP/1.1", HOST, b"Connection: Upgrade", b"Connection:close"],
        [b"GET / HTTP/1.0", b"Connection: keep-alive, close"],
        [b"GET / HTTP/1.0"],
    ],
)
def test_a_connection_is_closed_if_the_client_wants_it(serving: Serving, lines: list[bytes]) -> None:
    assert answers(serving, *lines) == [200]


@pytest.mark.sweep
@pytest.mark.parametrize(
    "lines",
    [
        [b"GET / HTTP/1.1", HOST],
        [b"GET / HTTP/1.1", HOST, b"Connection: Upgrade, closed"],
        [b"GET / HTTP/1.1", b"Host:"],
        [b"GET / HTTP/1.1", b"Host: [::1]:8000"],
        [b"GET / HTTP/1.1", b"Host: my_host:"],
        [b"GET / HTTP/1.2", HOST],
        [b"GET / HTTP/1.0", b"Connection: Keep-Alive, TE"],
    ],
)
def test_a_connection_is_kept_otherwise(serving: Serving, lines: list[bytes]) -> None:
    assert answers(serving, *lines) == [200, 200]


@pytest.mark.sweep
def test_the_body_of_a_later_minor_version_is_no_second_request(serving: Serving) -> None:
    chunk = b"GET /x HTTP/1.1\r\n\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(chunk), chunk)
    lines = [b"POST / HTTP/1.2", HOST, b"Transfer-Encoding: chunked"]
    assert answers(serving, *lines, body=body) == [200, 200]


def parsed(*lines: bytes) -> RefusableRequest:
    """Return a request as it is read from *lines*."""
    request = RefusableRequest(Adjustments())
    request.received(b"\r\n".join(lines) + b"\r\n\r\n")
    return request


LINE = b"GET /%s HTTP/1.1"


@pytest.mark.parametrize(("more", "code"), [(0, None), (1, 414)])
def test_a_first_line_may_have_its_limit_of_bytes_and_no_more(more: int, code: int | None) -> None:
    target = b"a" * (TARGET_BYTES - len(LINE % b"") + more)
    error = parsed(LINE % target, HOST).error
    assert (error and (error.code, error.reason, error.body)) == (
        code and (code, "URI Too Long", "longer than 200,000 bytes")
    )


@pytest.mark.parametrize(
    ("lines", "code", "body"),
    [
        ([b"GET / HTTP/2.0", HOST], 505, "this server speaks HTTP/1.1"),
        ([b"GET / HTTP/1.1", HOST, HOST], 400, "Exactly one Host header is needed, not 2"),
        ([b"GET / HTTP/1.1"], 400, "Exactly one Host header is needed, not 0"),
        ([b"GET / HTTP/1.1", b"Host: a b"], 400, "Host is invalid"),
        ([b"GET /"], 400, "Start line is invalid"),
        ([b"GET http://[/ HTTP/1.1", HOST], 400, "Malformed address or length"),
        (
            [b"POST / HTTP/1.1", HOST, b"Content-Length: 3", b"Transfer-Encoding: chunked"],
            400,
            "Transfer-Encoding needs HTTP/1.1 and no Content-Length",
        ),
        (
            [b"POST / HTTP/1.0", HOST, b"Transfer-Encoding: chunked"],
            400,
            "Transfer-Encoding needs HTTP/1.1 and no Content-Length",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_refusal_says_what_is_wrong(lines: list[bytes], code: int, body: str) -> None:
    error = parsed(*lines).error
    assert error is not None
    assert (error.code, error.body) == (code, body)


@pytest.mark.parametrize(
    ("line", "version"),
    [
        (b"GET / HTTP/1.0", "1.0"),
        (b"GET / HTTP/1.1", "1.1"),
        (b"GET / HTTP/1.2", "1.1"),
        (b"GET / HTTP/1.10", "1.1"),
    ],
)
def test_a_later_minor_version_is_treated_as_1_1(line: bytes, version: str) -> None:
    request = parsed(line, HOST)
    assert (request.error, request.version) == (None, version)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"close", "close"),
        (b"Upgrade, CLOSE", "close"),
        (b"keep-alive, close", "close"),
        (b"TE ,Keep-Alive", "keep-alive"),
        (b"Upgrade", ""),
        (b"closed", ""),
    ],
)
def test_the_option_of_a_connection_is_found_in_its_list(sent: bytes, kept: str) -> None:
    assert parsed(b"GET / HTTP/1.1", HOST, b"Connection: " + sent).headers["CONNECTION"] == kept


def test_letters_in_an_address_need_not_be_encoded() -> None:
    request = parsed("GET /ē?q=budžets HTTP/1.1".encode(), HOST)
    assert (request.error, request.path, request.query) == (
        None,
        "/ē".encode().decode("latin-1"),
        "q=bud%C5%BEets",
    )


@pytest.mark.parametrize(
    ("line", "is_for_programs"),
    [
        (b"GET /api/v1/search HTTP/1.1", True),
        (b"  GET /relizes/api/v1/search HTTP/1.1", True),
        (b"POST /mcp HTTP/1.1", True),
        (b"POST /mcps HTTP/1.1", False),
        (b"GET /openapi.json HTTP/1.1", True),
        (b"GET /?q=/api/ HTTP/1.1", False),
        (b"GET /apis HTTP/1.1", False),
        (b"GET / HTTP/1.1", False),
    ],
)
def test_the_beginning_of_a_path_shows_whether_a_program_asks(line: bytes, is_for_programs: bool) -> None:
    assert parsed(line, HOST).is_for_programs is is_for_programs


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_a_request_may_arrive_in_pieces(size: int) -> None:
    sent = b"GET /api/" + b"a" * 300 + b" HTTP/1.1\r\n" + HOST + b"\r\n\r\n"
    request, at = RefusableRequest(Adjustments()), 0
    while at < len(sent):
        at += request.received(sent[at : at + size])
    assert (request.completed, request.error, request.is_for_programs) == (True, None, True)
    assert request.path == "/api/" + "a" * 300


@pytest.mark.parametrize(
    ("host", "is_valid"),
    [
        (b"", True),
        (b"a.lv", True),
        (b"a.lv:", True),
        (b"a.lv:80", True),
        (b"a.lv:80x", False),
        (b"[::1]", True),
        (b"[::1", False),
        (b"[x]", False),
        (b"a?b", False),
        (b"a,b", True),
    ],
)
def test_a_host_is_a_name_or_an_address_with_a_port(host: bytes, is_valid: bool) -> None:
    assert (parsed(b"GET / HTTP/1.1", b"Host:" + host).error is None) is is_valid
