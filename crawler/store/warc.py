"""Exports stored pages as a WARC file (ISO 28500), the format of web archives."""

import base64
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.page import Page

# Bodies are stored decoded, so headers about their transfer no longer apply.
_TRANSFER_HEADERS = {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"}


def write_warc(pages: Iterable[Page], out: BinaryIO, *, name: str) -> int:
    """Write *pages* to *out* as compressed response records of a file named *name*; return their number."""
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
                # The digest of a response in the log of versions, which has it in base64.
                "WARC-Payload-Digest": f"sha256:{base64.b32encode(sha256(page.body).digest()).decode()}",
            },
        )
        writer.write_record(record)
        record.raw_stream.close()  # a temporary file that warcio leaves open
        count += 1
    return count
