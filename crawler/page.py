"""A page as its site sent it: made by the downloader, read by extraction and the store."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler import charset

ROBOTS_TAG = "x-robots-tag"
# What may follow the end tag of a document: comments of a cache, a script of a proxy.
END_BYTES = 4_096

PageKind = Literal["list", "feed", "sitemap", "release", "attachment"]
# The kinds of page that may name the URL of a release.
DiscoverySource = Literal["list", "feed", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response as the site sent it: 200, or 304 without a body."""

    requested_url: str
    url: str
    """The URL that answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case; several X-Robots-Tag headers are joined by newlines."""
    body: bytes
    """Decompressed."""
    fetched: datetime
    chain: tuple[str, ...]
    """All URLs of the redirect chain, the requested one first."""
    is_whole: bool = True
    """False: the body was larger; this is its beginning."""
    seconds: float = 0.0
    """The seconds from request to last byte, over all redirects and tries, without waits between requests."""

    @property
    def text(self) -> str:
        """The body as text in NFC."""
        text = charset.decode(self.body, self.headers.get("content-type", ""))
        return unicodedata.normalize("NFC", text)


def is_closed(body: bytes) -> bool:
    """Whether an HTML document ends with its end tag; comments and scripts may follow it.

    >>> is_closed(b"<html><p>Teksts</p></html> <!-- 0.2 s -->")
    True
    """
    return b"</html" in body[-END_BYTES:].lower()
