"""Bodies as sent -> bodies as meant: gzip and deflate undone under caps; pure."""

import zlib
from collections.abc import Iterable, Iterator

# Asked for by name, so that nobody has a reason to send another.
ACCEPTED = "gzip, deflate"
# Two are a proxy that compresses again, more are an attack.
CHAINED_MAX = 2
PIECE_BYTES = 65_536


class EncodingError(Exception):
    """A body that cannot be decoded: ``reason`` is ``encoding``, ``cut`` or ``too-large``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def decoded(pieces: Iterable[bytes], content_encoding: str, *, at_most: int) -> Iterator[bytes]:
    """Yield the body that *pieces* hold, as *content_encoding* (the header's value) says, in small pieces.

    Raises:
        EncodingError: an unknown or too long chain of encodings, a body that is broken, ends before its end,
            or grows beyond *at_most* bytes in any step.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name.removeprefix("x-") for name in names if name not in ("", "identity")]
    if len(names) > CHAINED_MAX or not set(names) <= {"gzip", "deflate"}:
        raise EncodingError("encoding", f"content encoding {content_encoding[:60]!r}")
    for name in reversed(names):
        pieces = _capped(_gunzipped(pieces) if name == "gzip" else _inflated(pieces), at_most)
    return _capped(pieces, at_most)


def _capped(pieces: Iterable[bytes], at_most: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > at_most:
            raise EncodingError("too-large", f"more than {at_most} bytes")
        yield piece


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Undo gzip; a body may consist of several members, and what follows them is ignored, as browsers do."""
    stream = zlib.decompressobj(wbits=31)
    begun = False
    for piece in pieces:
        rest = piece
        while rest:
            if stream.eof:
                rest = rest.lstrip(b"\0")
                if not rest.startswith(b"\x1f"):
                    return
                stream = zlib.decompressobj(wbits=31)
            begun = True
            yield from _drained(stream, rest)
            rest = stream.unused_data
    if begun and not stream.eof:
        raise EncodingError("cut", "the gzip stream ends before its end")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Undo deflate, with the zlib wrapper that the standard asks for or without, as some servers send it."""
    stream = None
    head = b""
    for piece in pieces:
        if stream is None:
            head += piece
            if len(head) < 2:
                continue
            is_wrapped = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
            stream = zlib.decompressobj(wbits=15 if is_wrapped else -15)
            piece = head  # noqa: PLW2901 # the piece that was held back belongs to it
        if stream.eof:
            return
        yield from _drained(stream, piece)
    if head and (stream is None or not stream.eof):
        raise EncodingError("cut", "the deflate stream ends before its end")


def _drained(stream: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    rest = piece
    while rest or not stream.eof:
        try:
            out = stream.decompress(rest, PIECE_BYTES)
        except zlib.error as error:
            raise EncodingError("encoding", f"broken: {error}") from error
        if out:
            yield out
        rest = stream.unconsumed_tail
        if not rest and len(out) < PIECE_BYTES:
            return
