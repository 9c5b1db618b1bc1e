"""Discovers releases in feeds, and nothing in other files."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from crawler.config import Site
from crawler.extraction import DiscoveredUrl
from crawler.extraction.discovery.feed import FEED_ENTRIES_MAX, discover_in_feed

SITE = Site.model_validate(
    {
        "id": "em",
        "ministry": "Ekonomikas ministrija",
        "template": "tvp",
        "start": ["https://www.em.gov.lv/lv/jaunumi"],
    }
)


def _discover(body: bytes) -> tuple[DiscoveredUrl, ...]:
    return discover_in_feed(body, "https://www.em.gov.lv/lv/rss/articles", SITE)[0]


def test_feed_entries_are_releases_with_title_and_date() -> None:
    body = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>RSS jaunumi</title>
    <item><title>Cenas &amp;amp; algas</title><link>/lv/jaunums/a</link>
    <pubDate>Thu, 08 Jul 2021 23:30:00 +0000</pubDate></item>
    <item><title>Otra</title><guid>https://www.em.gov.lv/lv/jaunums/b</guid></item>
    <item><title>Cita vietne</title><link>https://evil.example/x</link></item>
    </channel></rss>"""
    assert _discover(body) == (
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
    assert _discover(body) == ()


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &amp;amp; B</title>
<link rel="self" href="/lv/api/a"/><link href="/lv/jaunums/a"/><published>2021-07-08T10:00:00Z</published>
<updated>2022-01-01T10:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><title>A &amp; B</title>
<link>https://www.em.gov.lv/lv/jaunums/a</link><dc:date>2021-07-08</dc:date></item></rdf:RDF>"""
UNESCAPED = """<rss version="2.0"><channel><item><title>A & B</title><link>/lv/jaunums/a</link>
<pubDate>Thu, 08 Jul 2021 10:00:00 +0300</pubDate><description>a<br>&nbsp;b
</description></item></channel></rss>"""
BASED = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.em.gov.lv/lv/jaunums/"><entry>
<title>A &amp; B</title><link href="a"/><published>2021-07-08</published></entry></feed>"""


@pytest.mark.parametrize(
    "body",
    [
        ATOM.encode(),
        RDF.encode(),
        UNESCAPED.encode(),
        BASED.encode(),
        b"\xef\xbb\xbf\n<?xml version='1.0' encoding='utf-16'?>" + ATOM.encode(),
        f"<?xml version='1.0' encoding='windows-1257'?><!-- \u0101 -->{RDF}".encode("cp1257"),
    ],
)
def test_every_kind_of_feed_is_read(body: bytes) -> None:
    assert _discover(body) == (
        DiscoveredUrl(
            url="https://www.em.gov.lv/lv/jaunums/a",
            title="A & B",
            published=date(2021, 7, 8),
            source="feed",
        ),
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://www.em.gov.lv/r?id=1&amp;copy=2",
        "https://www.em.gov.lv/r?id=1&copy=2",
        "<![CDATA[https://www.em.gov.lv/r?id=1&copy=2]]>",
        "<![CDATA[https://www.em.gov.lv/r?id=1&amp;copy=2]]>",
    ],
)
@pytest.mark.parametrize("padding", [0, 65_450, 65_475, 65_500])
def test_a_link_is_the_same_however_its_ampersand_is_written(link: str, padding: int) -> None:
    body = f"<rss><!--{'x' * padding}--><channel><item><link>{link}</link></item></channel></rss>"
    assert [found.url for found in _discover(body.encode())] == ["https://www.em.gov.lv/r?id=1&copy=2"]


def _feed_of(days: Sequence[date]) -> bytes:
    items = "".join(
        f"<item><title>{day}</title><link>/lv/jaunums/{number}</link><pubDate>{day}</pubDate></item>"
        for number, day in enumerate(days)
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


@pytest.mark.parametrize("is_oldest_first", [True, False])
def test_the_newest_of_a_large_feed_are_kept(*, is_oldest_first: bool) -> None:
    days = [date(1995, 1, 1) + timedelta(number) for number in range(FEED_ENTRIES_MAX + 500)]
    newest = set(days[500:])
    body = _feed_of(days if is_oldest_first else days[::-1])
    found, is_whole = discover_in_feed(body, "https://www.em.gov.lv/lv/rss/articles", SITE)
    assert ({link.published for link in found}, is_whole) == (newest, False)


@pytest.mark.parametrize("is_oldest_first", [True, False])
def test_entries_are_ordered_by_publication_whatever_was_updated_since(*, is_oldest_first: bool) -> None:
    entries = [
        f"<entry><title>{title}</title><link href='/lv/jaunums/{title}'/>{dates}</entry>"
        for title, dates in (
            ("vecā", "<updated>2026-01-01</updated><published>2020-01-01</published>"),
            ("atjaunota", "<updated>2021-01-01</updated>"),
            ("jaunā", "<updated>2022-01-01</updated><published>2022-01-01</published>"),
        )
    ]
    feed = "".join(entries if is_oldest_first else entries[::-1])
    found = _discover(f"<feed xmlns='http://www.w3.org/2005/Atom'>{feed}</feed>".encode())
    # An update only orders an entry that has no other day.
    assert [(one.title, one.published) for one in found] == [
        ("jaunā", date(2022, 1, 1)),
        ("atjaunota", None),
        ("vecā", date(2020, 1, 1)),
    ]


def test_a_feed_within_the_limit_is_whole() -> None:
    found, is_whole = discover_in_feed(_feed_of([date(2020, 1, 1)] * 20), "https://www.em.gov.lv/", SITE)
    assert (len(found), is_whole) == (20, True)
