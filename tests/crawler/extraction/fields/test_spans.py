"""The structure of a page is kept exactly, whatever form it has; the text stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.store import Release
from crawler.store.structure import Span, load_structure
from crawler.urls import ADDRESS_CHARS_MAX
from tests.support.effort import calls
from tests.support.release_pages import BODY, SITE, extract_page
from tests.support.structured_pages import LINKS, NO_LINKS, write_page

GENERAL = SITE.model_copy(update={"template": "general"})
TOP = '<h1>Mainās kārtība</h1><time datetime="2021-03-01">1.3.2021.</time>'


def read(body: str) -> Release:
    return extract_page(f'{TOP}<div class="field--name-body">{BODY}{body}</div>')


def spans_of(release: Release) -> tuple[Span, ...]:
    structure = load_structure(release.structure)
    assert structure is not None
    return structure.body


def kept(body: str) -> list[tuple[str, str]]:
    """Return the kind and the characters of each span of the text after the first paragraph."""
    release = read(body)
    return [(span.kind, release.body[span.start : span.end]) for span in spans_of(release)]


@pytest.mark.parametrize("seed", range(60))
def test_structure_of_an_invented_page_is_kept_exactly(seed: int) -> None:
    markup, text, spans = write_page(seed)
    release = extract_page(markup)
    assert (release.body, spans_of(release)) == (text, spans)


@pytest.mark.parametrize(("written", "target"), LINKS)
def test_link_leads_where_it_leads_on_its_page(written: str, target: str) -> None:
    [span] = spans_of(read(f'<p>Skat. <a href="{written}">noteikumus</a>.</p>'))
    assert (span.kind, span.href) == ("a", target)


@pytest.mark.parametrize("href", NO_LINKS)
def test_what_no_reader_can_open_safely_is_no_link(href: str) -> None:
    assert kept(f"<p>Skat. <a href='{href}'>noteikumus</a> par kārtību.</p>") == []


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p><b>Par kārtību</b></p>", [("strong", "Par kārtību")]),
        ("<p><b>Par</b> <b>kārtību</b></p>", [("strong", "Par"), ("strong", "kārtību")]),
        ("<a href=/x><div>Par skolu</div><div>Par to</div></a>", [("a", "Par skolu"), ("a", "Par to")]),
        ("<p><b>Par<br>kārtību</b></p>", [("strong", "Par"), ("strong", "kārtību")]),
        ("<p><b>Par <strong>kārtību</strong></b></p>", [("strong", "Par kārtību")]),
        ("<li>Par kārtību</li>", []),
        ("<ul>Par kārtību</ul>", []),
        ("<ul><ul><li>Par kārtību</li></ul></ul>", [("ul", "Par kārtību"), ("li", "Par kārtību")]),
        (
            "<ul><li>Par kārtību</li>Starp<li>Par darbu</li></ul>",
            [("ul", "Par kārtību"), ("li", "Par kārtību"), ("ul", "Par darbu"), ("li", "Par darbu")],
        ),
        # Of cells, only what is within the line; a heading in a cell is a part of its line.
        (
            "<table><tr><td><h3>Par</h3> darbu<td>1<tr><td>Cits<td>2</table>",
            [
                *(("table", "Par darbu | 1\n\nCits | 2"), ("tr", "Par darbu | 1"), ("td", "Par darbu")),
                *(("td", "1"), ("tr", "Cits | 2"), ("td", "Cits"), ("td", "2")),
            ],
        ),
        ("<table><tr><td>Rinda par darbu</td></tr></table>", []),
        (
            "<table><tr><td><p>Par darbu</p><p>Par skolu</p><p>Par to</p></td><td>Jā</td></tr></table>",
            [],
        ),
    ],
)
def test_structure_follows_the_elements(markup: str, expected: list[tuple[str, str]]) -> None:
    assert kept(markup) == expected


def test_caption_of_an_image_is_kept_beside_the_text() -> None:
    left_out = '<img src="data:x"><img src="/i.png" width=16>'
    release = read(f'<p>Par darbu.</p><img src="/a.jpg" alt="Skola"><p>Par skolu.</p>{left_out}')
    [image] = spans_of(release)
    assert "Skola" not in release.body
    assert (image.href, image.text) == ("https://www.iem.gov.lv/a.jpg", "Skola")
    assert release.body[image.start :] == "Par skolu."


def images_of(markup: str) -> list[Span]:
    return [span for span in spans_of(read(markup)) if span.kind == "img"]


@pytest.mark.parametrize(
    ("size", "is_kept"),
    [
        ("width=50", True),
        ("width=49", False),
        ("height=49px", False),
        ("width=50px height=50px", True),
        ("width=600 height=10", False),
        ("width=auto", True),
        ("width=49%", True),
    ],
)
def test_small_images_are_icons(size: str, is_kept: bool) -> None:
    assert bool(images_of(f'<img src="/a.jpg" {size}><p>Par skolu.</p>')) == is_kept


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ('<img src="/a.jpg">', ""),
        (f'<img src="/a.jpg" alt="{"a" * 301}">', "a" * 300),
        ('<figure><img src="/a.jpg" alt="Skola"><figcaption>Jauna <b>skola</b></figcaption></figure>',
         "Jauna skola"),
        ('<figure><img src="/a.jpg" alt="Skola"><figcaption> </figcaption></figure>', "Skola"),
        ('<figure><a><i><b><img src="/a.jpg"></b></i></a><figcaption>Jauna</figcaption></figure>', "Jauna"),
        ('<figure><a><i><b><u><img src="/a.jpg" alt="Skola"></u></b></i></a><figcaption>Jauna</figcaption>'
         "</figure>", "Skola"),
    ],
)  # fmt: skip
def test_a_caption_is_that_of_the_figure_or_what_stands_for_the_image(markup: str, caption: str) -> None:
    assert [image.text for image in images_of(f"{markup}<p>Par skolu.</p>")] == [caption]


def test_an_image_is_before_the_text_that_follows_it_or_last() -> None:
    release = read('<ul><li><img src="/a.jpg">Par skolu</li></ul><p>Par darbu</p><img data-src="/b.jpg">')
    (first, listed, item, last) = spans_of(release)
    assert [first.href, last.href] == ["https://www.iem.gov.lv/a.jpg", "https://www.iem.gov.lv/b.jpg"]
    assert [span.kind for span in (first, listed, item, last)] == ["img", "ul", "li", "img"]
    assert (first.start, last.start, last.end) == (item.start, len(release.body), len(release.body))


def test_at_most_fifty_images_are_kept() -> None:
    kept_images = images_of("".join(f'<img src="/{number}.jpg">' for number in range(51)) + "<p>Beigas</p>")
    assert [image.href.rpartition("/")[2] for image in kept_images] == [f"{i}.jpg" for i in range(50)]


@pytest.mark.parametrize(
    ("written", "columns", "rows"),
    [
        ("", 1, 1),
        ("colspan=2 rowspan=3", 2, 3),
        ("colspan=0 rowspan=x", 1, 1),
        ("colspan=1000 rowspan=65534", 1_000, 65_534),
        ("colspan=1001 rowspan=65535", 1_000, 65_534),
        ("colspan=1234567890 rowspan=999999999", 1, 65_534),
        ("colspan=' 2 '", 2, 1),
    ],
)
def test_a_cell_has_the_size_that_browsers_give_it(written: str, columns: int, rows: int) -> None:
    cells = [span for span in spans_of(read(f"<table><tr><th {written}>Gads</table>")) if span.kind == "th"]
    assert [(cell.columns, cell.rows) for cell in cells] == [(columns, rows)]


@pytest.mark.parametrize(
    ("written", "first", "numbering"),
    [
        ("", 1, "1"),
        ("start=5 type=a", 5, "a"),
        ("type=I", 1, "I"),
        ("type=x start=-3", 1, "1"),
        ("start=1000000", 1_000_000, "1"),
        ("start=1000001", 1_000_000, "1"),
    ],
)
def test_a_numbered_list_keeps_its_numbers(written: str, first: int, numbering: str) -> None:
    listed, _ = spans_of(read(f"<ol {written}><li>Par skolu</li></ol>"))
    assert (listed.first, listed.numbering) == (first, numbering)


@pytest.mark.parametrize("chars", [ADDRESS_CHARS_MAX, ADDRESS_CHARS_MAX + 1])
def test_a_long_address_loses_its_fragment_first(chars: int) -> None:
    target = "https://likumi.lv/ta"
    fragment = "p" * (chars - len(target) - 1)
    (link,) = spans_of(read(f'<p>Skat. <a href="{target}#{fragment}">noteikumus</a>.</p>'))
    assert link.href == (f"{target}#{fragment}" if chars <= ADDRESS_CHARS_MAX else target)


def test_links_of_a_lead_are_kept() -> None:
    lead = (
        "Valdība <a href='/a'>otrdien</a> apstiprināja jaunu kārtību, kā skolām piešķir papildu finansējumu."
    )
    release = extract_page(f'{TOP}<p class="lead">{lead}</p><div class="field--name-body">{BODY}</div>')
    structure = load_structure(release.structure)
    assert structure is not None
    assert [release.lead[span.start : span.end] for span in structure.lead] == ["otrdien"]


def test_structure_is_found_where_another_library_finds_the_text() -> None:
    listed = "<ul><li>Par darbu un skolu.</li><li>Par valsti.</li></ul>"
    release = extract_page(f"<main><h1>Mainās kārtība</h1>{BODY * 3}{listed}</main>", site=GENERAL)
    assert "Par valsti." in release.body
    assert [span.kind for span in spans_of(release)] == ["ul", "li", "li"]


NAMES = (
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "b",
    "i",
    "a href=/x",
    "h2",
    "blockquote",
    "br",
    "img src=/a.png",
)
TAGS = [f"<{name}>" for name in NAMES] + [f"</{name.split()[0]}>" for name in NAMES]
SOUP = st.lists(
    st.sampled_from([*TAGS, "Par darbu", " skolām ", "pa\u00ads", "\u0301", "|", "e", "<!--x-->", "&nbsp;"]),
    max_size=40,
)


@given(SOUP)
def test_spans_of_any_markup_form_a_tree_within_the_text(pieces: list[str]) -> None:
    release = read("".join(pieces))
    spans = spans_of(release)
    around: list[Span] = []
    for span in spans:
        assert 0 <= span.start <= span.end <= len(release.body)
        while around and not (
            around[-1].start <= span.start and span.end <= around[-1].end and may_hold(around[-1], span)
        ):
            around.pop()
        if span.kind in PARENTS:
            assert around, span
            assert around[-1].kind in PARENTS[span.kind], span
        around.append(span)


PARENTS = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr",), "th": ("tr",)}


def may_hold(outer: Span, inner: Span) -> bool:
    return outer.kind in PARENTS.get(inner.kind, (outer.kind,))


@pytest.mark.parametrize(
    "piece",
    [
        "<ul><ul>",
        "<td>1",
        "<tr><td>1<td>",
        "<b>a</b>",
        "<a href=/x>a<br>",
        "<blockquote>a",
        "<img src=/a.png>",
        "<table><th>1",
    ],
)
def test_work_grows_like_the_page(piece: str) -> None:
    def work(count: int) -> int:
        return calls(lambda: read(f"<table><tr>{piece * count}"))

    work(10)
    assert work(2_000) < 6 * work(500)
