"""Discovers releases in feeds, and nothing in other files."""

from datetime import date

import pytest

from crawler.config import Site
from crawler.extraction import DiscoveredUrl
from crawler.extraction.discovery.feed import discover_in_feed

SITE = Site.model_validate(
    {
        "id": "em",
        "ministry": "Ekonomikas ministrija",
        "template": "tvp",
        "start": ["https://www.em.gov.lv/lv/jaunumi"],
    }
)


def test_feed_entries_are_releases_with_title_and_date() -> None:
    body = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>RSS jaunumi</title>
    <item><title>Cenas &amp;amp; algas</title><link>/lv/jaunums/a</link>
    <pubDate>Thu, 08 Jul 2021 23:30:00 +0000</pubDate></item>
    <item><title>Otra</title><guid>https://www.em.gov.lv/lv/jaunums/b</guid></item>
    <item><title>Cita vietne</title><link>https://evil.example/x</link></item>
    </channel></rss>"""
    assert discover_in_feed(body, "https://www.em.gov.lv/lv/rss/articles", SITE) == (
        DiscoveredUrl(
            url="https://www.em.gov.lv/lv/jaunums/a",
            title="Cenas & algas",
            published=date(2021, 7, 9),
            source="feed",
        ),
        DiscoveredUrl(url="https://www.em.gov.lv/lv/jaunums/b", title="Otra", published=None, source="feed"),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"<!DOCTYPE html><html><body><h1>RSS</h1><p>No RSS feeds avalible right now</p></body></html>",
        b"<rss version='2.0'><channel><item><title>torn",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><rss><channel/></rss>",
    ],
)
def test_other_files_have_no_entries(body: bytes) -> None:
    assert discover_in_feed(body, "https://www.em.gov.lv/lv/rss/articles", SITE) == ()
