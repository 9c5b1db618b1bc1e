"""Discovers releases in feeds, and nothing in other files."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from crawler.config import Site
from crawler.extraction import DiscoveredUrl
from crawler.extraction.discovery import feed
from crawler.extraction.discovery.feed import discover_in_feed

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
def test_the_newest_of_a_large_feed_are_kept(
    monkeypatch: pytest.MonkeyPatch, *, is_oldest_first: bool
) -> None:
    monkeypatch.setattr(feed, "FEED_ENTRIES_MAX", 1_000)
    days = [date(1995, 1, 1) + timedelta(number) for number in range(1_500)]
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


Row = tuple[str, str | None, date | None]
"""The end of an address, a title and a day."""


def _rows(inside: str, root: str = "feed") -> list[Row]:
    found = _discover(f"<{root}>{inside}</{root}>".encode())
    assert all(one.url.startswith("https://www.em.gov.lv/lv/") for one in found)
    return [(one.url.removeprefix("https://www.em.gov.lv/lv/"), one.title, one.published) for one in found]


DAY, OTHER_DAY = date(2021, 7, 8), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("entry", "row"),
    [
        # Of elements of a name, the first counts, though it is empty.
        ("<title>A</title><title>B</title><link>a</link><link>b</link>", ("rss/a", "A", None)),
        ("<title/><title>B</title><link/><link>b</link>", ("rss/b", None, None)),
        ("<date>2021-07-08</date><date>2020-01-01</date><link>a</link>", ("rss/a", None, DAY)),
        # An entry inside another, as a source or a quotation, is none.
        (
            "<source><entry><link>b</link><title>B</title></entry></source><link>a</link><title>A</title>",
            ("rss/a", "A", None),
        ),
        ("<link>a</link><item><link>b</link></item><title>A</title>", ("rss/a", "A", None)),
        # A link is written as text or as an attribute; others than of the page itself do not count.
        ("<link href='/lv/b'/><link>/lv/a</link>", ("a", None, None)),
        ("<link rel='alternate' href='/lv/a'/><link href='/lv/b'/>", ("a", None, None)),
        (
            "<link rel='enclosure' href='/lv/b'/><link rel='self' href='/lv/c'/><id>/lv/a</id>",
            ("a", None, None),
        ),
        ("<link rel='related' href='/lv/b'/><link href='/lv/a'/><id>/lv/c</id>", ("a", None, None)),
        ("<id>/lv/b</id><guid>/lv/a</guid>", ("a", None, None)),
        ("<guid>tag:b</guid><id>https://www.em.gov.lv/lv/a</id>", ("a", None, None)),
        ("<guid>lv/b</guid><id>/lv/a</id>", ("a", None, None)),
        (
            "<!-- <link>b</link> --><?pi?><link> \n /lv/a \n </link><title> A \n B </title>",
            ("a", "A B", None),
        ),
        ("<link>/lv/a</link><title type='xhtml'><div>A <b>B</b>C</div></title>", ("a", "A BC", None)),
        ("<link>/lv/a</link><title>&amp;lt;A&amp;gt; &amp;amp;quot;</title>", ("a", "<A> &quot;", None)),
        # A base of an entry is itself relative to that of the feed.
        ("<link>a</link>", ("rss/a", None, None)),
        ("<link>../a</link>", ("a", None, None)),
    ],
)
def test_an_entry_is_read_by_its_own_elements(entry: str, row: Row) -> None:
    for name in ("entry", "item", "ENTRY"):
        assert _rows(f"<{name}>{entry}</{name}>") == [row]
        following = f"<{name}><link>/lv/z</link></{name}>"
        assert _rows(f"<{name}>{entry}</{name}>{following}") == sorted(
            [row, ("z", None, None)], key=lambda row: -(row[2] or date.min).toordinal()
        )


def test_a_base_of_an_entry_is_relative_to_that_of_the_feed() -> None:
    entry = "<entry xml:base='jaunums/'><link href='a'/></entry><entry><link href='b'/></entry>"
    body = f"<feed xml:base='/lv/x/'>{entry}</feed>".encode()
    assert [one.url for one in _discover(body)] == [
        "https://www.em.gov.lv/lv/x/jaunums/a",
        "https://www.em.gov.lv/lv/x/b",
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("pubDate", "published"),
        ("published", "issued"),
        ("issued", "dc:date"),
        ("date", "created"),
        ("CREATED", "updated"),
        ("created", "modified"),
        ("created", "lastBuildDate"),
    ],
)
def test_the_best_day_of_an_entry_counts(better: str, worse: str) -> None:
    dates = [f"<{better}>2021-07-08</{better}>", f"<{worse}>2020-01-01</{worse}>"]
    for order in (dates, dates[::-1], [*dates, f"<{better}/>"]):
        assert _rows(f"<item><link>/lv/a</link>{''.join(order)}</item>") == [("a", None, DAY)]
    known = None if worse in ("updated", "modified", "lastBuildDate") else OTHER_DAY
    assert _rows(f"<item><link>/lv/a</link><{better}/>{dates[1]}</item>") == [("a", None, known)]
    assert _rows(f"<item><link>/lv/a</link><{better}>?</{better}></item>") == [("a", None, None)]


@pytest.mark.parametrize(("better", "worse"), [("updated", "modified"), ("modified", "lastBuildDate")])
def test_the_best_update_orders_entries(better: str, worse: str) -> None:
    def entry(name: str, of_better: str, of_worse: str) -> str:
        dates = f"<{worse}>{of_worse}</{worse}><{better}>{of_better}</{better}>"
        return f"<item><link>/lv/{name}</link>{dates}</item>"

    entries = entry("a", "2020-01-01", "2023-01-01") + entry("b", "2021-01-01", "2019-01-01")
    assert _rows(entries) == [("b", None, None), ("a", None, None)]


def test_entries_of_a_day_are_in_the_order_of_the_feed_and_undated_ones_last() -> None:
    items = "".join(
        f"<item><link>/lv/{name}</link><title>{name}</title>{day and f'<date>{day}</date>'}</item>"
        for name, day in (("a", ""), ("b", "2020-01-01"), ("c", ""), ("d", "2020-01-01"), ("e", "2021-07-08"))
    )
    again = "<item><link>/lv/b</link><title>again</title><date>2020-01-01</date></item>"
    assert [row[0] for row in _rows(items + again)] == ["e", "b", "d", "a", "c"]
    assert _rows(again + items)[1] == ("b", "again", OTHER_DAY)


@pytest.mark.parametrize(
    ("count", "names", "is_whole"), [(2, "ab", True), (3, "abc", True), (4, "abc", False)]
)
def test_no_more_entries_than_the_limit_are_kept(
    monkeypatch: pytest.MonkeyPatch, count: int, names: str, *, is_whole: bool
) -> None:
    monkeypatch.setattr(feed, "FEED_ENTRIES_MAX", 3)
    items = "".join(f"<item><link>/lv/{name}</link></item>" for name in "abcd"[:count])
    found, whole = discover_in_feed(f"<rss>{items}</rss>".encode(), "https://www.em.gov.lv/", SITE)
    assert ("".join(one.url[-1] for one in found), whole) == (names, is_whole)


@pytest.mark.parametrize(
    ("root", "is_feed"),
    [("rss", True), ("RSS", True), ("rdf", True), ("feed", True), ("html", False), ("channel", False)],
)
def test_only_a_feed_has_entries(root: str, *, is_feed: bool) -> None:
    assert bool(_rows("<item><link>/lv/a</link></item>", root)) == is_feed
