"""List pages, feeds and sitemaps name the releases, and nothing else."""

import gzip
import resource
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.config import Site, Template, load
from crawler.extraction import DiscoveredUrl
from crawler.extraction.discovery.feed import discover_in_feed
from crawler.extraction.discovery.list_page import discover_on_list
from crawler.extraction.discovery.sitemap import discover_in_sitemap
from samples.content import Content, load_content, load_sites
from samples.pages import respond

TEMPLATES = load(Path(__file__).parents[4] / "config.toml")[1].templates
SITE = Site.model_validate(
    {
        "id": "em",
        "ministry": "Ekonomikas ministrija",
        "template": "tvp",
        "start": ["https://www.em.gov.lv/lv/jaunumi"],
    }
)
LIST = "https://www.em.gov.lv/lv/jaunumi"


def listed(markup: str, url: str = LIST, template: Template = TEMPLATES["tvp"]) -> tuple[DiscoveredUrl, ...]:
    return discover_on_list(markup, url, SITE, template)[0]


def further(markup: str, url: str = LIST) -> tuple[str, ...]:
    return discover_on_list(markup, url, SITE, TEMPLATES["tvp"])[1]


# --- the sample sites ---

SITES = [(site, load_sites().markups[site.markup]) for site in load_sites().sites]


@pytest.mark.parametrize(
    "content", [load_content(*site, 1) for site in SITES], ids=[site[0].id for site in SITES]
)
def test_the_lists_of_a_sample_site_name_all_its_releases(content: Content) -> None:
    origin = f"http://127.0.0.1:{content.site.port}"
    starts = [origin + path for path in content.markup.lists.values()]
    site = SITE.model_copy(update={"start": starts})
    found = {one.url: (one.title, one.published) for one in walked(content, origin, starts, site)}
    assert found == {origin + one.path: (one.title, one.published) for one in content.releases.values()}


def walked(content: Content, origin: str, starts: list[str], site: Site) -> list[DiscoveredUrl]:
    """Return what the lists name, following their pages; a list without an end would fail by its length."""
    todo, seen, found = list(starts), set[str](), list[DiscoveredUrl]()
    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        page = respond(content, origin, url.removeprefix(origin))
        if page.status == 200:
            releases, pages = discover_on_list(page.body.decode(), url, site, TEMPLATES[content.site.markup])
            found += releases
            todo += pages
    assert len(seen) < 30
    return found


# --- lists ---


@pytest.mark.parametrize(
    "row",
    [
        '<div class="views-row"><div class="date">09.07.2021</div><div class="title"><h2>{}</h2></div></div>',
        "<li><span>09.07.2021.</span> {}</li>",
        "<tr><td>2021. gada 9. jūlijs</td><td>{}</td></tr>",
        "<tr><td>09.07.2021.</td><td>{}</td><td>Otrdien, 6. jūlijā, valdība lēma par skolām.</td></tr>",
        '<article><time datetime="2021-07-09T10:00:00Z"></time><h3>{}</h3><p>Kopsavilkums.</p></article>',
        "<p>{} <small>Publicēts: 09.07.2021</small></p>",
    ],
)
def test_a_row_is_known_by_its_link_and_date(row: str) -> None:
    links = [f'<a href="/lv/{name}">Pietiekami garš virsraksts {name}</a>' for name in ("viens", "otrs")]
    rows = "".join(row.format(link) for link in links)
    found = listed(
        f"<main><table>{rows}</table></main>" if "<tr>" in row else f"<main><div>{rows}</div></main>"
    )
    assert [(one.url[-5:], one.published) for one in found] == [
        ("viens", date(2021, 7, 9)),
        ("/otrs", date(2021, 7, 9)),
    ]


def test_a_month_first_list_is_read_so_in_english_only() -> None:
    markup = '<div class="views-row"><h2><a href="/x/y">Drone shot down</a></h2><div>04/05/2023</div></div>'
    for url, day in ((LIST.replace("/lv/", "/en/"), date(2023, 4, 5)), (LIST, date(2023, 5, 4))):
        assert listed(markup, url, TEMPLATES["mod"])[0].published == day


def test_menus_and_other_hosts_are_no_releases() -> None:
    markup = """<nav><li>01.01.2021 <a href="/lv/izvelne">Izvēlnes garais virsraksts</a></li></nav>
    <li>01.01.2021 <a href="https://facebook.com/x">Pietiekami garš virsraksts</a></li>
    <li>01.01.2021 <a href="mailto:x@em.gov.lv">Pietiekami garš virsraksts</a></li>
    <li>01.01.2021 <a href="http://[bad">Pietiekami garš virsraksts</a></li>"""
    assert listed(markup) == ()


def test_allowed_and_denied_paths_are_kept_to() -> None:
    rows = "".join(
        f'<li>01.01.2021 <a href="/{path}">Pietiekami garš virsraksts</a></li>'
        for path in ("a/1", "b/1", "a/x")
    )
    site = SITE.model_copy(update={"allow": ("^/a/",), "deny": ("/x$",)})
    assert [one.url[-4:] for one in discover_on_list(rows, LIST, site, TEMPLATES["tvp"])[0]] == ["/a/1"]


@pytest.mark.parametrize(
    ("link", "pages"),
    [
        ('<a href="?page=1">2</a>', (f"{LIST}?page=1",)),
        ('<ul class="pager"><a href="/lv/jaunumi?page=1">2</a></ul>', (f"{LIST}?page=1",)),
        ('<a rel="next" href="/lv/jaunumi/lapa/2">Nākamā</a>', (f"{LIST}/lapa/2",)),
        ('<a href="?category[657]=657&page=1">2</a>', ()),
        ('<a href="?month=2021-01">Janvāris</a>', ()),
        ('<a href="?page=99999999999">∞</a>', ()),
        ('<a href="/lv/cita?page=1">2</a>', ()),
        ('<a href="https://evil.example/lv/jaunumi?page=1">2</a>', ()),
    ],
)
def test_only_the_same_list_with_another_number_is_a_further_page(link: str, pages: tuple[str, ...]) -> None:
    assert further(link) == pages


def test_a_full_list_without_a_pager_is_asked_for_its_next_page() -> None:
    rows = "".join(
        f'<li>01.01.2021 <a href="/lv/r{n}">Pietiekami garš virsraksts</a></li>' for n in range(10)
    )
    assert further(f"<ul>{rows}</ul>", f"{LIST}?page=3") == (f"{LIST}?page=4",)


# --- feeds ---


def test_a_feed_names_releases_with_title_and_day() -> None:
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
def test_what_is_no_feed_names_nothing(body: bytes) -> None:
    assert discover_in_feed(body, "https://www.em.gov.lv/lv/rss/articles", SITE) == ()


# --- sitemaps ---


def test_a_sitemap_names_pages_and_further_sitemaps() -> None:
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
def test_what_is_no_sitemap_names_nothing(body: bytes) -> None:
    assert discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")[:2] == ((), ())


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap_may_be_a_list_of_addresses(pack: Callable[[bytes], bytes]) -> None:
    names = [f"https://www.em.gov.lv/lv/jaunums/{number}" for number in range(5_000)]
    text = "\ufeff" + "\r\n".join([*names[:1], "no address", "", *names[1:]])
    pages, nested, is_whole = discover_in_sitemap(pack(text.encode()), "https://www.em.gov.lv/sitemap.txt")
    assert [page.url for page in pages] == names
    assert (nested, is_whole) == ((), True)


@pytest.mark.parametrize("filling", [b"\n", b"a"])
def test_list_of_addresses_without_end_ends(filling: bytes) -> None:
    body = gzip.compress(b"https://www.em.gov.lv/a\n" + filling * 40_000_000)
    pages, _, _ = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.txt")
    assert [page.url for page in pages] == ["https://www.em.gov.lv/a"]


def test_what_stands_before_a_fault_is_kept() -> None:
    body = b"<urlset><url><loc>https://www.em.gov.lv/a</loc></url><url><loc>https://www.em.gov.lv/b"
    for sent in (body, gzip.compress(body)):
        pages, _, is_whole = discover_in_sitemap(sent, "https://www.em.gov.lv/sitemap.xml")
        assert ([page.url for page in pages], is_whole) == (["https://www.em.gov.lv/a"], False)


@pytest.mark.sweep
def test_sitemap_full_of_something_else_takes_no_memory() -> None:
    body = gzip.compress(b"<urlset>" + b"<a b='c'/>" * 400_000 + b"<url><loc>/a</loc></url></urlset>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [page] = discover_in_sitemap(body, "https://www.em.gov.lv/sitemap.xml")[0]
    assert page.url == "https://www.em.gov.lv/a"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


def test_a_list_without_rows_has_its_days_on_the_lines_of_its_links() -> None:
    lines = [
        f'<br>{day} <a href="/lv/jaunums/zina-{at}">Ministrija informē par ziņu numur {at}</a>'
        for at, day in enumerate(("21.11.2006", "20.11.2006"))
    ]
    days = [one.published for one in listed(f"<body><b>Arhīvs 2006</b>{''.join(lines)}</body>")]
    assert days == [date(2006, 11, 21), date(2006, 11, 20)]
