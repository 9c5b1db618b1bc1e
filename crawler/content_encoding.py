"""Undoes the content encodings gzip and deflate, bounded in size; pure."""

import zlib
from collections.abc import Iterable, Iterator

# Sent as Accept-Encoding, so that no server has a reason to use another.
ACCEPTED = "gzip, deflate"
# Two occur if a proxy compresses again; more are an attack.
ENCODINGS_MAX = 2
CHUNK_BYTES = 65_536


class EncodingError(Exception):
    """A body cannot be decoded: ``reason`` is ``encoding``, ``cut`` or ``too-large``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def decode_body(chunks: Iterable[bytes], content_encoding: str, *, at_most: int) -> Iterator[bytes]:
    """Yield the body in *chunks* decoded by *content_encoding*, the header's value.

    Raises:
        EncodingError: an encoding is unknown or there are too many, or the body is malformed, truncated, or
            exceeds *at_most* bytes at any step.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name.removeprefix("x-") for name in names if name not in ("", "identity")]
    if len(names) > ENCODINGS_MAX or not set(names) <= {"gzip", "deflate"}:
        raise EncodingError("encoding", f"content encoding {content_encoding[:60]!r}")
    for name in reversed(names):
        chunks = _limit(_gunzip(chunks) if name == "gzip" else _inflate(chunks), at_most)
    return _limit(chunks, at_most)


def _limit(chunks: Iterable[bytes], at_most: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > at_most:
            raise EncodingError("too-large", f"more than {at_most} bytes")
        yield chunk


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Undo gzip; a body may have several members, and bytes after them are ignored, as browsers do."""
    stream = zlib.decompressobj(wbits=31)
    begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if stream.eof:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break  # the padding may go on in the next chunk, and another member may follow it
                if not rest.startswith(b"\x1f"):
                    return
                stream = zlib.decompressobj(wbits=31)
            begun = True
            yield from _decompress(stream, rest)
            rest = stream.unused_data
    if begun and not stream.eof:
        raise EncodingError("cut", "truncated gzip stream")


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Undo deflate, with the zlib wrapper of the standard or without, as some servers send it."""
    stream = None
    head = b""
    for chunk in chunks:
        if stream is None:
            head += chunk
            if len(head) < 2:
                continue
            is_wrapped = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
            stream = zlib.decompressobj(wbits=15 if is_wrapped else -15)
            chunk = head  # noqa: PLW2901 # the first bytes were held back
        if stream.eof:
            return
        yield from _decompress(stream, chunk)
    if head and (stream is None or not stream.eof):
        raise EncodingError("cut", "truncated deflate stream")


def _decompress(stream: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    rest = chunk
    while rest or not stream.eof:
        try:
            out = stream.decompress(rest, CHUNK_BYTES)
        except zlib.error as error:
            raise EncodingError("encoding", f"malformed: {error}") from error
        if out:
            yield out
        rest = stream.unconsumed_tail
        if not rest and len(out) < CHUNK_BYTES:
            return
