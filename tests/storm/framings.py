"""Ways to send a response: sound, truncated, dripped, compressed, garbled or endless."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from random import Random

from tests.support.hostile_site import Script, Visit, answer

Framing = Callable[[Random, bytes, dict[str, str]], Script]
"""Makes the script that sends a body with its headers."""


def plain(_chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    return lambda visit: visit.send(answer(body, **headers))


def chunk_body(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    size = chance.choice([1000, 7000, 100_000])
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    sent = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return lambda visit: visit.send(head(transfer_encoding="chunked", **headers), sent)


def gzip_body(_chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    packed = gzip.compress(body, 1)
    return lambda visit: visit.send(answer(packed, content_encoding="gzip", **headers))


def gzip_bomb(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    size = chance.choice([9_000_000, 100_000_000])
    layers = chance.choice([1, 1, 3])

    def script(visit: Visit) -> None:
        packed = bomb(body, size)
        for _ in range(layers - 1):
            packed = gzip.compress(packed, 1)
        encoding = ", ".join(["gzip"] * layers)
        visit.send(answer(packed, content_encoding=encoding, **headers))

    return script


def bomb(beginning: bytes, size: int) -> bytes:
    """Return *beginning* and *size* spaces, gzipped."""
    packer = zlib.compressobj(9, wbits=31)
    spaces = b" " * 1_000_000
    packed = [packer.compress(beginning), *(packer.compress(spaces) for _ in range(size // len(spaces)))]
    return b"".join([*packed, packer.flush()])


def no_gzip(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    encoding = chance.choice(["gzip", "br", "deflate", "zstd", "gzip, gzip", "x", "identity, gzip", ""])
    return lambda visit: visit.send(answer(body, content_encoding=encoding, **headers))


def too_short(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    """Announce more than is sent, then close or wait."""
    length = len(body) + chance.choice([1, 5000, 10**9, 10**18])
    waits = chance.random() < 0.3

    def script(visit: Visit) -> None:
        visit.send(answer(body, length=length, **headers))
        if waits:
            visit.stall()
        raise ConnectionAbortedError

    return script


def too_long(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    """Send more than announced: a second response."""
    further = answer(b"<h1>Not yours</h1>" * chance.choice([1, 1000]))
    return lambda visit: visit.send(answer(body, **headers), further)


def wrong_length(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    length = chance.choice(
        ["-1", "x", "", "0x10", f"{len(body)}, {len(body)}", "1, 2", "9" * 5000, "+5", " "]
    )
    return lambda visit: _close(visit, head(content_length=length, **headers), body)


def broken_chunks(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    sizes = [
        b"zz\r\n",
        b"-5\r\n",
        b"ffffffffffffffff\r\n",
        b"5",
        b"\r\n",
        b"%x;%s\r\n" % (len(body), b"x" * 70_000),
    ]
    size = chance.choice(sizes)
    return lambda visit: _close(visit, head(transfer_encoding="chunked", **headers), size, body)


def reset(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    share = chance.random()

    def script(visit: Visit) -> None:
        sent = answer(body, **headers)
        visit.send(sent[: int(len(sent) * share)])
        visit.reset()

    return script


def stall(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    """Send the beginning or nothing, and wait."""
    length = chance.choice([0, 5, 40, 400])

    def script(visit: Visit) -> None:
        visit.send(answer(body, **headers)[:length])
        visit.stall()

    return script


def drip(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    """Send a little at a time, always just within a read timeout."""
    begins = chance.choice([0, 50, 300])

    def script(visit: Visit) -> None:
        sent = answer(body, **headers)
        visit.send(sent[:begins])
        visit.drip(sent[at : at + 1] for at in range(begins, begins + 100))

    return script


def interim_flood(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    one = chance.choice([b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Hints\r\nLink: </x>\r\n\r\n"])
    count = chance.choice([3, 9, 11, 5000])
    return lambda visit: visit.send(one * count, answer(body, **headers))


def header_flood(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    name, value, count = chance.choice(
        [("x", "y", 99), ("x", "y", 5000), ("x", "y" * 70_000, 1), ("x" * 9000, "", 50)]
    )
    flood = "".join(f"{name}-{number}: {value}\r\n" for number in range(count)).encode()
    first, rest = answer(body, **headers).split(b"\r\n", 1)
    return lambda visit: visit.send(first + b"\r\n", flood, rest)


def odd_headers(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    odd = chance.choice(
        [
            b"no colon here\r\n", b": no name\r\n", b" folded: yes\r\n", b"x: \0\1\2\xff\xfe\r\n",
            b"etag: " + b'"' * 9000 + b"\r\n",
            b"last-modified: 99 Foo 99999 99:99:99\r\n", b"last-modified: Mon, 01 Jan 9999 00:00:00 GMT\r\n",
            b"date: never\r\n", b"refresh: 0; url=/\r\n", b"link: <http://[>; rel=canonical\r\n",
            b"set-cookie: a=b\r\n" * 90,
            b"content-type: text/html; charset=utf-7\r\n", b"content-type: ;;;=\"\r\n", b"content-type: \r\n",
            b"content-encoding: gzip\r\ncontent-encoding: gzip\r\n", b"transfer-encoding: chunked\r\n",
            b"connection: x, y\r\n",
            b"x-robots-tag: googlebot: noindex\r\n", "x: ā\u2028\r\n".encode(),
            b"content-location: file:///etc/passwd\r\n",
        ]
    )  # fmt: skip
    first, rest = answer(body, **headers).split(b"\r\n", 1)
    return lambda visit: _close(visit, first + b"\r\n", odd, rest)


def odd_status(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    line = chance.choice(
        [
            b"HTTP/1.1 200", b"HTTP/1.1 999 Odd", b"HTTP/1.1 2000 Odd", b"HTTP/1.1 -1 Odd", b"HTTP/1.1 OK",
            b"HTTP/9.9 200 OK",
            b"HTTP/0.9 200 OK", b"ICY 200 OK", b"", b"\0\0\0", b"HTTP/1.1 204 None", b"HTTP/1.1 205 Reset",
            b"HTTP/1.1 206 Part",
            b"HTTP/1.1 101 Switch", b"HTTP/1.1 304 Same", b"HTTP/1.1 200 " + b"O" * 70_000,
            b"SSH-2.0-OpenSSH_9.6", b"\x16\x03\x01",
        ]
    )  # fmt: skip
    rest = answer(body, **headers).split(b"\r\n", 1)[1]
    return lambda visit: _close(visit, line + b"\r\n", rest)


def error_status(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    status = chance.choice([400, 401, 402, 403, 404, 405, 406, 410, 418, 451, 500, 501, 502, 504])
    return lambda visit: visit.send(answer(body, status, **headers))


def wait_a_while(chance: Random, body: bytes, headers: dict[str, str]) -> Script:
    """Answer 429 or 503, with any Retry-After or none."""
    status = chance.choice([429, 503])
    waits = (
        *(None, None, "0", "1", "3600", "9" * 30, "-5", "soon", "", "1.5", "1, 2", "\x85\xa0", "٣", "1e9"),
        *("Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 99 Foo 2026"),
    )
    wait = chance.choice(waits)
    given = headers if wait is None else {**headers, "retry_after": wait}
    return lambda visit: visit.send(answer(body, status, **given))


def too_much(_chance: Random, _body: bytes, headers: dict[str, str]) -> Script:
    """Send without end."""

    def pieces() -> Iterator[bytes]:
        while True:
            yield b"<p>" + b"x " * 50_000

    def script(visit: Visit) -> None:
        visit.send(head(**headers))
        visit.drip(pieces(), every_s=0)

    return script


KIND: tuple[Framing, ...] = (plain, plain, plain, chunk_body, gzip_body)
"""Honest framings."""
NASTY: tuple[Framing, ...] = (
    *(
        gzip_bomb,
        no_gzip,
        too_short,
        too_long,
        wrong_length,
        broken_chunks,
        reset,
        stall,
        drip,
        too_much,
    ),
    *(interim_flood, header_flood, odd_headers, odd_status, error_status, error_status, wait_a_while),
)


def head(status: int = 200, **headers: str) -> bytes:
    """Return the head of a response without a length."""
    given = {"content-type": "text/html", **headers}
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items()]
    return f"HTTP/1.1 {status} Status\r\n{''.join(lines)}\r\n".encode()


def _close(visit: Visit, *parts: bytes) -> None:
    visit.send(*parts)
    raise ConnectionAbortedError
