"""Discovers releases in RSS and Atom feeds."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import unescape
from io import BytesIO

from crawler import charset
from crawler.config import Site
from crawler.extraction.discovery.list_page import site_url
from crawler.extraction.fields.dates import parse_timestamp, publication_date_in
from crawler.extraction.html.parse import tidy
from crawler.extraction.job import DiscoveredUrl

FEED_ENTRIES_MAX = 1_000


def discover_in_feed(body: bytes, url: str, site: Site) -> tuple[DiscoveredUrl, ...]:
    """Return the releases in the feed *body*; none if it is not a feed."""
    found: dict[str, DiscoveredUrl] = {}
    for entry in feed_entries(body, url):
        target = site_url(url, entry.get("link") or entry.get("id") or "", site)
        if target:
            day = _entry_day(entry.get("published") or entry.get("date") or "")
            title = tidy(unescape(entry.get("title") or "")) or None
            found.setdefault(target, DiscoveredUrl(url=target, title=title, published=day, source="feed"))
    return tuple(found.values())


def feed_entries(body: bytes, url: str) -> Sequence[Mapping[str, str]]:
    """Return the entries of the feed *body*; none if it is not a feed."""
    import feedparser  # noqa: PLC0415 (10 MB in each reader: only feeds need it)

    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    # A stream, since feedparser tries bytes as a file name first. In UTF-8, since it would try any Python
    # codec that the feed names.
    stream = BytesIO(charset.decode(body, "").encode("utf-8", "replace"))
    feed = feedparser.parse(stream, response_headers=headers, sanitize_html=False)
    entries: Sequence[Mapping[str, str]] = feed.entries if feed.get("version") else ()
    return entries[:FEED_ENTRIES_MAX]


def _entry_day(value: str) -> date | None:
    reading = publication_date_in(value, latest=date.max)
    return parse_timestamp(value, latest=date.max) or (reading.day if reading else None)
