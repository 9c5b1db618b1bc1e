"""A page as its site sent it: what passes from who fetches to who reads."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler import charset

ROBOTS_TAG = "x-robots-tag"

PageKind = Literal["list", "feed", "sitemap", "release", "attachment"]
# What names the URL of a release.
DiscoverySource = Literal["list", "feed", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response as the site sent it: 200, or 304 without a body."""

    asked: str
    url: str
    """Answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case; several of X-Robots-Tag stand apart by a newline."""
    body: bytes
    """Decompressed."""
    fetched: datetime
    chain: tuple[str, ...]
    """Every address of the redirect chain, the asked one first."""
    is_whole: bool = True
    """False: the body was larger, and this is its beginning."""

    @property
    def text(self) -> str:
        """The body as NFC text."""
        decoded = charset.decoded(self.body, self.headers.get("content-type", ""))
        return unicodedata.normalize("NFC", decoded)
