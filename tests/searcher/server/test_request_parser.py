import re
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.support.listening import Serving, listening

pytestmark = pytest.mark.sweep

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


def test_the_body_of_a_later_minor_version_is_no_second_request(serving: Serving) -> None:
    chunk = b"GET /x HTTP/1.1\r\n\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(chunk), chunk)
    lines = [b"POST / HTTP/1.2", HOST, b"Transfer-Encoding: chunked"]
    assert answers(serving, *lines, body=body) == [200, 200]
