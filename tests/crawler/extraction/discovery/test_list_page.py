"""List pages lead to their releases and further pages, and to nothing else."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.config import Site, Template, load
from crawler.extraction import DiscoveredUrl
from crawler.extraction.discovery.list_page import LINKS_MAX, ROW_CHARS_MAX, ROW_NODES_MAX, discover_on_list
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


def releases_in(
    markup: str, url: str = LIST, template: Template = TEMPLATES["tvp"]
) -> tuple[DiscoveredUrl, ...]:
    return discover_on_list(markup, url, SITE, template).releases


def next_pages(markup: str, url: str = LIST) -> tuple[str, ...]:
    return discover_on_list(markup, url, SITE, TEMPLATES["tvp"]).next_pages


# --- the sample sites ---

SITES = [(site, load_sites().markups[site.markup]) for site in load_sites().sites]


@pytest.mark.parametrize(
    "content", [load_content(*site, 1) for site in SITES], ids=[site[0].id for site in SITES]
)
def test_list_pages_of_a_sample_site_link_to_all_its_releases(content: Content) -> None:
    origin = f"http://127.0.0.1:{content.site.port}"
    starts = [origin + path for path in content.markup.lists.values()]
    site = SITE.model_copy(update={"start": starts})
    found = {one.url: (one.title, one.published) for one in follow_pages(content, origin, starts, site)}
    assert found == {origin + one.path: (one.title, one.published) for one in content.releases.values()}


def follow_pages(content: Content, origin: str, starts: list[str], site: Site) -> list[DiscoveredUrl]:
    """Return the releases on all pages of the lists; fail if a list has no end."""
    todo, seen, found = list(starts), set[str](), list[DiscoveredUrl]()
    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        page = respond(content, origin, url.removeprefix(origin))
        if page.status == 200:
            links = discover_on_list(page.body.decode(), url, site, TEMPLATES[content.site.markup])
            found += links.releases
            todo += links.next_pages
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
def test_row_has_a_link_and_a_date(row: str) -> None:
    links = [f'<a href="/lv/{name}">Pietiekami garš virsraksts {name}</a>' for name in ("viens", "otrs")]
    rows = "".join(row.format(link) for link in links)
    found = releases_in(
        f"<main><table>{rows}</table></main>" if "<tr>" in row else f"<main><div>{rows}</div></main>"
    )
    assert [(one.url[-5:], one.published) for one in found] == [
        ("viens", date(2021, 7, 9)),
        ("/otrs", date(2021, 7, 9)),
    ]


def test_month_first_dates_apply_to_english_only() -> None:
    markup = '<div class="views-row"><h2><a href="/x/y">Drone shot down</a></h2><div>04/05/2023</div></div>'
    for url, day in ((LIST.replace("/lv/", "/en/"), date(2023, 4, 5)), (LIST, date(2023, 5, 4))):
        assert releases_in(markup, url, TEMPLATES["mod"])[0].published == day


def test_menus_and_other_hosts_are_skipped() -> None:
    markup = """<nav><li>01.01.2021 <a href="/lv/izvelne">Izvēlnes garais virsraksts</a></li></nav>
    <li>01.01.2021 <a href="https://facebook.com/x">Pietiekami garš virsraksts</a></li>
    <li>01.01.2021 <a href="mailto:x@em.gov.lv">Pietiekami garš virsraksts</a></li>
    <li>01.01.2021 <a href="http://[bad">Pietiekami garš virsraksts</a></li>"""
    assert releases_in(markup) == ()


def test_allowed_and_denied_paths_are_respected() -> None:
    rows = "".join(
        f'<li>01.01.2021 <a href="/{path}">Pietiekami garš virsraksts</a></li>'
        for path in ("a/1", "b/1", "a/x")
    )
    site = SITE.model_copy(update={"allow": ("^/a/",), "deny": ("/x$",)})
    assert [one.url[-4:] for one in discover_on_list(rows, LIST, site, TEMPLATES["tvp"]).releases] == ["/a/1"]


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
def test_next_page_is_the_same_list_with_another_number(link: str, pages: tuple[str, ...]) -> None:
    assert next_pages(link) == pages


def test_full_list_without_a_pager_has_a_next_page() -> None:
    rows = "".join(
        f'<li>01.01.2021 <a href="/lv/r{n}">Pietiekami garš virsraksts</a></li>' for n in range(10)
    )
    assert next_pages(f"<ul>{rows}</ul>", f"{LIST}?page=3") == (f"{LIST}?page=4",)


def test_dates_are_on_the_lines_of_links_without_rows() -> None:
    lines = [
        f'<br>{day} <a href="/lv/jaunums/zina-{at}">Ministrija informē par ziņu numur {at}</a>'
        for at, day in enumerate(("21.11.2006", "20.11.2006"))
    ]
    days = [one.published for one in releases_in(f"<body><b>Arhīvs 2006</b>{''.join(lines)}</body>")]
    assert days == [date(2006, 11, 21), date(2006, 11, 20)]


# --- large pages ---


def _long_list(releases: int) -> str:
    links = "".join(f"<a href=/lv/lapa/{number}>saite uz lapu {number}</a> " for number in range(30_000))
    rows = "".join(
        f"<div class=row><a href=jaunums/{number}>Paziņojums par darbiem {number}</a> 09.07.2021</div>"
        for number in range(releases)
    )
    return f"<base href=/lv/><main><h1>Jaunumi</h1>{links}{rows}<a href='?page=1'>2</a></main>"


def test_releases_after_thirty_thousand_links_are_found() -> None:
    found = discover_on_list(_long_list(300), LIST, SITE, Template())
    assert {link.published for link in found.releases} == {date(2021, 7, 9)}
    assert [urlsplit(link.url).path for link in found.releases] == [f"/lv/jaunums/{n}" for n in range(300)]
    assert (found.next_pages, found.is_whole) == ((f"{LIST}?page=1",), True)


@pytest.mark.parametrize("releases", [LINKS_MAX, 3 * LINKS_MAX])
def test_a_list_of_more_releases_than_are_read_says_so(releases: int) -> None:
    found = discover_on_list(_long_list(releases), LIST, SITE, Template())
    assert (len(found.releases), found.is_whole) == (LINKS_MAX, releases == LINKS_MAX)


def row_with(filler: str, template: Template = TEMPLATES["tvp"]) -> tuple[DiscoveredUrl, ...]:
    """Return what is found in a row whose date is outside of it if *filler* makes it too large."""
    link = "<a href=/lv/jaunums/a>Ministrija atklāj ceļu</a>"
    return releases_in(
        f"<main><section><div>{link}{filler}</div><p>12.03.2024.</p></section></main>", template=template
    )


OWN = Template(links=("a",))
LINK_CHARS = len("Ministrija atklāj ceļu") + len("12.03.2024.")


@pytest.mark.parametrize(("more", "day"), [(0, date(2024, 3, 12)), (1, None)])
def test_a_row_has_a_thousand_characters(more: int, day: date | None) -> None:
    filler = f"<i>{'x' * (ROW_CHARS_MAX - LINK_CHARS + more)}</i>"
    [release] = row_with(filler, OWN)
    assert (release.published, ROW_CHARS_MAX) == (day, 1_000)


@pytest.mark.parametrize(("more", "day"), [(0, date(2024, 3, 12)), (1, None)])
def test_a_row_has_five_hundred_nodes(more: int, day: date | None) -> None:
    nodes = 5  # the link, its text, the row, the paragraph and its date
    [release] = row_with("<i></i>" * (ROW_NODES_MAX - nodes + more), OWN)
    assert (release.published, ROW_NODES_MAX) == (day, 500)


@pytest.mark.parametrize(
    ("href", "is_page"),
    [
        ("/lv/jaunumi?page=2", True),
        ("/lv/jaunumi/page/2", True),
        ("https://evil.example/lv/jaunumi/page/2", False),
        ("/lv/citi/2", False),
        ("/lv/jaunumi", False),
    ],
)
def test_a_next_page_of_the_template_is_a_part_of_the_list(href: str, *, is_page: bool) -> None:
    template = Template(next_page=(".next",))
    found = discover_on_list(f"<a class=next href='{href}'>2</a>", LIST, SITE, template).next_pages
    assert found == ((f"https://www.em.gov.lv{href}",) if is_page else ())


@pytest.mark.parametrize(("chars", "is_title"), [(15, True), (14, False)])
def test_a_link_beside_a_date_has_the_length_of_a_title(chars: int, *, is_title: bool) -> None:
    row = f"<p><a href=/lv/jaunums/a>{'x' * chars}</a> 12.03.2024.</p>"
    found = releases_in(row, template=Template())
    assert [one.published for one in found] == ([date(2024, 3, 12)] if is_title else [])


@pytest.mark.parametrize("rel", ["nofollow", "NOFOLLOW noopener"])
def test_a_link_not_to_be_followed_is_not(rel: str) -> None:
    row = f"<p><a rel='{rel}' href=/lv/jaunums/a>Ministrija atklāj ceļu</a> 12.03.2024.</p>"
    assert releases_in(row, template=Template()) == ()
    assert len(releases_in(row.replace("nofollow", "x").replace("NOFOLLOW", "x"), template=Template())) == 1


def test_the_row_after_one_that_is_not_to_be_followed_is_read() -> None:
    rows = "".join(
        f"<p><a rel='{rel}' href=/lv/jaunums/{name}>Ministrija atklāj ceļu {name}</a> 12.03.2024.</p>"
        for name, rel in (("a", "nofollow"), ("b", "bookmark"))
    )
    assert [one.url for one in releases_in(rows, template=Template())] == [
        "https://www.em.gov.lv/lv/jaunums/b"
    ]


@pytest.mark.parametrize(
    "outside",
    [
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        "<div class=breadcrumb>{}</div>",
        "<div class=main-menu>{}</div>",
        "<div class=cookie-note>{}</div>",
    ],
)
def test_rows_of_menus_and_notices_are_no_releases(outside: str) -> None:
    row = "<p><a href=/lv/jaunums/a>Ministrija atklāj ceļu</a> 12.03.2024.</p>"
    assert releases_in(outside.format(row), template=Template()) == ()
    assert len(releases_in(f"<div>{row}</div>", template=Template())) == 1
    assert len(releases_in(outside.format(f"<h1>Jaunumi</h1>{row}"), template=Template())) == (
        0 if outside.startswith(("<nav", "<footer")) else 1
    )


@pytest.mark.parametrize(("rows", "has_more"), [(9, False), (10, True)])
def test_a_full_list_has_ten_rows(rows: int, *, has_more: bool) -> None:
    row = "<p><a href=/lv/jaunums/{}>Ministrija atklāj ceļu</a> 12.03.2024.</p>"
    markup = "".join(row.format(number) for number in range(rows))
    assert (next_pages(markup) != ()) is has_more
