import contextlib
import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.content_encoding import EncodingError, decode_body
from tests.support.bombs import gzip_of_zeros

LIMIT = 1_000_000


def body(raw: bytes, encoding: str, *, piece_bytes: int = 1000, at_most: int = LIMIT) -> bytes:
    pieces = (raw[at : at + piece_bytes] for at in range(0, len(raw), piece_bytes))
    return b"".join(decode_body(pieces, encoding, at_most=at_most))


def raw_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text) + packer.flush()


@pytest.mark.parametrize("piece_bytes", [1, 2, 7, 100_000])
@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        (b"abc", "", b"abc"),
        (b"abc", "identity", b"abc"),
        (b"", "gzip", b""),
        (b"", "deflate", b""),
        (gzip.compress(b"abc" * 9000, mtime=0), "gzip", b"abc" * 9000),
        (gzip.compress(b"", mtime=0), " GZIP ,", b""),
        (gzip.compress(b"ab", mtime=0) + gzip.compress(b"c", mtime=0), "x-gzip", b"abc"),
        (gzip.compress(b"abc", mtime=0) + b"\0" * 2000, "gzip", b"abc"),
        (gzip.compress(b"ab", mtime=0) + b"\0" * 9 + gzip.compress(b"c", mtime=0), "gzip", b"abc"),
        (gzip.compress(b"abc", mtime=0) + b"trailing", "gzip", b"abc"),
        (zlib.compress(b"abc" * 9000), "deflate", b"abc" * 9000),
        (raw_deflate(b"abc" * 9000), "deflate", b"abc" * 9000),
        (zlib.compress(b"abc") + b"trailing", "deflate", b"abc"),
        (gzip.compress(zlib.compress(b"abc"), mtime=0), "deflate, gzip", b"abc"),
    ],
)
def test_known_encodings_are_decoded(raw: bytes, encoding: str, text: bytes, piece_bytes: int) -> None:
    assert body(raw, encoding, piece_bytes=piece_bytes) == text


@pytest.mark.parametrize(
    ("raw", "encoding", "reason"),
    [
        (b"abc", "br", "encoding"),
        (b"abc", "zstd", "encoding"),
        (b"abc", "gzip, br", "encoding"),
        (b"abc", "gzip, gzip, gzip", "encoding"),
        (b"abc", "\x1b[31m", "encoding"),
        (b"plain text", "gzip", "encoding"),
        (b"plain text", "deflate", "encoding"),
        (gzip.compress(b"abc", mtime=0)[:8], "gzip", "cut"),
        (gzip.compress(b"abc" * 9000, mtime=0)[:-1], "gzip", "cut"),
        (gzip.compress(b"ab", mtime=0) + gzip.compress(b"c", mtime=0)[:-3], "gzip", "cut"),
        (gzip.compress(b"abc", mtime=0)[:-5] + b"12345", "gzip", "encoding"),
        (zlib.compress(b"abc" * 9000)[:-1], "deflate", "cut"),
        (raw_deflate(b"abc" * 9000)[:-3], "deflate", "cut"),
        (b"x", "deflate", "cut"),
        (b"x" * (LIMIT + 1), "", "too-large"),
        (gzip.compress(bytes(LIMIT + 1), mtime=0), "gzip", "too-large"),
        (zlib.compress(bytes(LIMIT + 1)), "deflate", "too-large"),
        (gzip.compress(gzip_of_zeros(300), mtime=0), "gzip, gzip", "too-large"),
        # Much after the first step, nothing in the end.
        (gzip.compress(gzip.compress(b"", mtime=0) * (LIMIT // 10), mtime=0), "gzip, gzip", "too-large"),
    ],
)
def test_malformed_or_excessive_body_is_refused(raw: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(EncodingError) as caught:
        body(raw, encoding)
    assert caught.value.reason == reason
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_body_may_be_as_large_as_the_limit(encoding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress}.get(encoding, bytes)
    assert body(pack(bytes(LIMIT)), encoding) == bytes(LIMIT)


def test_compression_bomb_takes_little_memory() -> None:
    bomb = gzip_of_zeros(100)
    tracemalloc.start()
    with pytest.raises(EncodingError, match="more than"):
        body(bomb, "gzip", piece_bytes=65_536)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * LIMIT


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "gzip, deflate", "deflate, gzip"]))
def test_any_bytes_end_well_or_with_a_reason(raw: bytes, encoding: str) -> None:
    with contextlib.suppress(EncodingError):
        body(raw, encoding)
