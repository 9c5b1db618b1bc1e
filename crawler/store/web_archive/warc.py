"""Exports stored pages as a WARC file (ISO 28500), the format of web archives."""

import base64
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from typing import Protocol

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.page import Page
from crawler.store.log.log_rows import LogRows
from crawler.store.log.records import b64

# Bodies are stored decoded, so headers about their transfer no longer apply.
_TRANSFER_HEADERS = {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"}


LogHeaders = Callable[[str, bytes], Mapping[str, str]]


def no_headers(_url: str, _digest: bytes) -> Mapping[str, str]:
    """Return nothing: no log is kept."""
    return {}


def log_headers(rows: LogRows) -> LogHeaders:
    """Return what headers tell the leaf of a response in the log of *rows*, and open its commitment."""

    def headers(url: str, digest: bytes) -> Mapping[str, str]:
        opening = rows.response_opening(url, digest)
        if opening is None:
            return {}
        return {"Log-Leaf": str(opening.position), "Log-Response-Nonce": b64(opening.response_nonce)}

    return headers


class Output(Protocol):
    """What records are written to."""

    def write(self, content: bytes, /) -> int:
        """Write *content*."""

    def tell(self) -> int:
        """Return the number of bytes written."""


OnRecord = Callable[[Page, int, int], None]
"""Is called with each page, and the place and size of its record in bytes."""


def payload_digest(body: bytes) -> str:
    """Return the digest of a body as records have it."""
    return f"sha256:{base64.b32encode(sha256(body).digest()).decode()}"


def write_warc(
    pages: Iterable[Page],
    out: Output,
    *,
    name: str,
    headers_of: LogHeaders = no_headers,
    on_record: OnRecord = lambda _page, _offset, _length: None,
) -> int:
    """Write *pages* to *out* as compressed response records of a file named *name*; return their number.

    *headers_of* returns further headers of a record for the canonical URL and the digest of a response.
    """
    writer = WARCWriter(out, gzip=True)
    about = writer.create_warcinfo_record(name, {"format": "WARC File Format 1.0"})
    writer.write_record(about)
    about.raw_stream.close()
    count = 0
    for page in pages:
        kept = [
            (key, line)
            for key, value in page.headers.items()
            for line in value.split("\n")
            if key.lower() not in _TRANSFER_HEADERS
        ]
        headers = [*kept, ("content-length", str(len(page.body)))]
        status = f"{page.status} {HTTPStatus(page.status).phrase}"
        record = writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),  # else its digest is made anew, with SHA-1
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": page.fetched.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "WARC-Payload-Digest": payload_digest(page.body),
                **headers_of(page.requested_url, sha256(page.body).digest()),
            },
        )
        offset = out.tell()
        writer.write_record(record)
        on_record(page, offset, out.tell() - offset)
        record.raw_stream.close()  # a temporary file that warcio leaves open
        count += 1
    return count
