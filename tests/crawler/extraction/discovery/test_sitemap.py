"""Discovers pages in sitemaps, and nothing in other files."""

import gzip
import resource
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.extraction.discovery.sitemap import SITEMAP_BYTES_MAX, SITEMAP_URLS_MAX, discover_in_sitemap


def test_sitemap_links_to_pages_and_further_sitemaps() -> None:
    body = b"""<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>https://www.em.gov.lv/sitemap-2.xml</loc></sitemap></sitemapindex>"""
    assert discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml") == (
        (),
        ("https://www.em.gov.lv/sitemap-2.xml",),
        True,
    )
    body = b"""<urlset><url><loc> /lv/jaunums/a </loc><lastmod>2021-07-09T10:00:00+03:00</lastmod></url>
    <url><loc>javascript:alert(1)</loc></url><url><loc>/b</loc><lastmod>soon</lastmod></url></urlset>"""
    pages, nested, _ = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")
    assert [(page.url[-3:], page.lastmod) for page in pages] == [
        ("s/a", datetime(2021, 7, 9, 7, tzinfo=UTC)),
        ("v/b", None),
    ]
    assert nested == ()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2021-07-09T10:00:00+03:00", datetime(2021, 7, 9, 7, tzinfo=UTC)),
        ("2021-07-09T10:00:00Z", datetime(2021, 7, 9, 10, tzinfo=UTC)),
        # Without a zone, in that of Riga.
        ("2021-07-09T10:00", datetime(2021, 7, 9, 7, tzinfo=UTC)),
        ("2021-01-09T10:00", datetime(2021, 1, 9, 8, tzinfo=UTC)),
        ("2021-01-09", datetime(2021, 1, 8, 22, tzinfo=UTC)),
        ("0001-01-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_the_moment_of_a_change_is_read(written: str, moment: datetime | None) -> None:
    body = f"<urlset><url><loc>/a</loc><lastmod>{written}</lastmod></url></urlset>".encode()
    (page,), _, _ = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")
    assert page.lastmod == moment


@pytest.mark.parametrize("kind", ["url", "sitemap"])
def test_entries_without_an_address_are_left_out(kind: str) -> None:
    locations = ("<loc>javascript:alert(1)</loc>", "<loc/>", "", "<loc>/b.xml</loc>")
    body = "".join(f"<{kind}>{location}</{kind}>" for location in locations)
    pages, nested, _ = discover_in_sitemap(f"<x>{body}</x>".encode(), "https://www.em.gov.lv/sitemap.xml")
    assert [*(page.url for page in pages), *nested] == ["https://www.em.gov.lv/b.xml"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<!DOCTYPE html><html><body>404</body></html>",
        b"<!DOCTYPE x [<!ENTITY a '"
        + b"a" * 1_000
        + b"'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(8))
        + b"]><urlset><url><loc>&i;</loc></url></urlset>",
        b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><urlset><url><loc>&f;</loc></url></urlset>",
    ],
    ids=["empty", "text", "html", "bomb", "file"],
)
def test_other_files_have_no_pages(body: bytes) -> None:
    assert discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")[:2] == ((), ())


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_sitemap_may_be_a_plain_list_of_urls(pack: Callable[[bytes], bytes]) -> None:
    names = [f"https://www.em.gov.lv/lv/jaunums/{number}" for number in range(5_000)]
    text = "\ufeff" + "\r\n".join([*names[:1], "no address", "", *names[1:]])
    pages, nested, is_whole = discover_in_sitemap(pack(text.encode()), "https://www.em.gov.lv/sitemap.txt")
    assert [page.url for page in pages] == names
    assert (nested, is_whole) == ((), True)


@pytest.mark.parametrize("filling", [b"\n", b"a"])
def test_endless_list_of_urls_is_cut(filling: bytes) -> None:
    body = gzip.compress(b"https://www.em.gov.lv/a\n" + filling * 40_000_000, compresslevel=1)
    pages, _, _ = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.txt")
    assert [page.url for page in pages] == ["https://www.em.gov.lv/a"]


def test_entries_before_a_syntax_error_are_kept() -> None:
    body = b"<urlset><url><loc>https://www.em.gov.lv/a</loc></url><url><loc>https://www.em.gov.lv/b"
    for sent in (body, gzip.compress(body)):
        pages, _, is_whole = discover_in_sitemap(sent, "https://www.em.gov.lv/sitemap.xml")
        assert ([page.url for page in pages], is_whole) == (["https://www.em.gov.lv/a"], False)


@pytest.mark.sweep
def test_element_with_an_undeclared_prefix_is_skipped() -> None:
    body = b"<urlset><url><loc>/a</loc><image:image/></url><image:image/><url><loc>/b</loc></url></urlset>"
    pages, _, _ = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")
    assert [page.url for page in pages] == ["https://www.em.gov.lv/a", "https://www.em.gov.lv/b"]


def test_other_elements_take_no_memory() -> None:
    body = gzip.compress(b"<urlset>" + b"<a b='c'/>" * 400_000 + b"<url><loc>/a</loc></url></urlset>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [page] = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")[0]
    assert page.url == "https://www.em.gov.lv/a"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


@pytest.mark.parametrize(("more", "count"), [(0, 50_000), (1, 50_000)])
def test_a_sitemap_has_as_many_addresses_as_its_protocol_allows(more: int, count: int) -> None:
    lines = "\n".join(f"https://a.lv/{number}" for number in range(50_000 + more))
    pages, nested, _ = discover_in_sitemap(lines.encode(), "https://a.lv/sitemap.txt")
    assert (len(pages), nested, pages[-1].url) == (count, (), "https://a.lv/49999")
    assert (SITEMAP_URLS_MAX, SITEMAP_BYTES_MAX) == (50_000, 50_000_000)


def test_each_entry_has_its_own_day_and_kind() -> None:
    body = b"""<urlset><url><loc> /a </loc><lastmod>2026-03-01</lastmod></url><url><loc>/b</loc></url>
    <sitemap><loc>/c.xml</loc><lastmod>2026-03-01</lastmod></sitemap><url><lastmod>2026-03-02</lastmod></url></urlset>"""
    pages, nested, is_whole = discover_in_sitemap(body, "https://a.lv/sitemap.xml")
    assert [(page.url, page.lastmod, page.title, page.published, page.source) for page in pages] == [
        ("https://a.lv/a", datetime(2026, 2, 28, 22, tzinfo=UTC), None, None, "sitemap"),
        ("https://a.lv/b", None, None, None, "sitemap"),
    ]
    assert (nested, is_whole) == (("https://a.lv/c.xml",), True)
