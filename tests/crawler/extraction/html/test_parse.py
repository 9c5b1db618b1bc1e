"""Parsing is bounded, selectors work like CSS, and text comes in reading order."""

from itertools import pairwise
from pathlib import Path

import lxml.html.defs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.charset import decode
from crawler.config import load
from crawler.extraction.html import parse
from crawler.extraction.html.parse import (
    DEPTH_MAX,
    Within,
    base_url_of,
    blocks,
    elements_in,
    has_ancestor,
    is_read_whole,
    parse_html,
    read_beginning,
    resolve_link,
    slices_of,
    text_of,
    tidy,
)

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*/*.html"))
SELECTORS = {
    selector
    for template in load(Path(__file__).parents[4] / "config.toml")[1].templates.values()
    for field, value in template
    if isinstance(value, tuple) and field != "paths"
    for selector in value
} | {
    "div > p",
    "p:first-child",
    "ul li a",
    "html body div p",
    "a[href].x, nav a",
    "[class*=caption]",
    "div div div p",
    "a:not([href])",
    "p:not([class], .x)",
}


@pytest.mark.oracle
@pytest.mark.parametrize("page", PAGES, ids=[f"{page.parent.name}/{page.stem}" for page in PAGES])
def test_selectors_find_what_soupsieve_finds(page: Path) -> None:
    elements = parse_html(decode(page.read_bytes(), ""))
    for selector in SELECTORS:
        assert list(map(id, elements.select(selector))) == list(map(id, elements.soup.select(selector))), (
            selector
        )


def lines(markup: str) -> list[str]:
    return [block.text for block in blocks(parse_html(markup).soup)]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Viens</p><p>Divi</p>", ["Viens", "Divi"]),
        ("<p>Viens<br>rinda</p>", ["Viens\nrinda"]),
        ("<div>Viens<br><br>Divi<br> <br/>Trīs</div>", ["Viens", "Divi", "Trīs"]),
        ("<p>Mi<b>nist</b>rija</p>", ["Ministrija"]),
        ("<ul><li>Viens</li><li>Divi <ul><li>Trīs</li></ul></li></ul>", ["Viens", "Divi", "Trīs"]),
        (
            "<table><tr><th>Gads</th><td>2021</td></tr><tr><td><p>A</p></td><td></td></tr></table>",
            ["Gads | 2021", "A"],
        ),
        ("<table><tr><td><p>Viens</p><p>Divi</p><p>Trīs</p></td></tr></table>", ["Viens", "Divi", "Trīs"]),
        ("Teksts <div>blokā</div> pēc", ["Teksts", "blokā", "pēc"]),
        ("<p>a\u00adb\u200bc &nbsp; d</p>", ["abc d"]),
        ("<p>a</p><!-- b --><p></p>", ["a"]),
    ],
)
def test_text_is_split_into_blocks(markup: str, text: list[str]) -> None:
    assert lines(markup) == text


def test_share_of_linked_text() -> None:
    [block] = blocks(parse_html("<p>abcd <a href=x>efgh</a></p>").soup)
    assert 0.4 < block.linked < 0.6


@pytest.mark.parametrize("begin", ["<html>", "<html><head>", "<html><head></head><body>", "<html><body>", ""])
@pytest.mark.parametrize("end", ["", "<p>Kājene</p>", "<img alt=x><footer>Kājene</footer>"])
def test_text_is_found_without_a_body_tag(begin: str, end: str) -> None:
    elements = parse_html(f"{begin}<title>T</title><main><h1>Virsraksts</h1><p>Teksts</p></main>{end}")
    found = [block.text for block in blocks(elements.body)]
    assert found[found.index("Virsraksts") :][:2] == ["Virsraksts", "Teksts"]


def test_stray_less_than_signs_do_not_count_as_tags() -> None:
    assert lines("<" * 50_000 + "<p>Teksts</p>")[-1] == "Teksts"


@pytest.mark.parametrize("depth", [200, 5_000, 20_000])
def test_text_below_the_depth_limit_is_kept(depth: int) -> None:
    markup = "<div>" * depth + "<p>dziļi</p>" + "</div>" * depth + "<p>pēc</p>"
    assert is_read_whole(markup)
    elements = parse_html(markup)
    assert [block.text for block in blocks(elements.soup)] == ["dziļi", "pēc"]
    assert max(len(list(tag.parents)) for tag in elements.all) < DEPTH_MAX + 10


@pytest.mark.sweep
@pytest.mark.parametrize("name", sorted({*lxml.html.defs.tags, "template", "main", "x-y"}))
def test_no_element_exceeds_the_depth_limit(name: str) -> None:
    elements = parse_html("<body><p>pirms</p>" + f"<{name}>" * 2_000 + "<h1>pēc</h1>")
    assert max(len([*tag.parents]) for tag in elements.all) <= DEPTH_MAX
    assert elements.soup.get_text().startswith("pirms")


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_parser_accepts_any_text(text: str) -> None:
    for block in blocks(parse_html(text).soup):
        assert all(tidy(line) == line for line in block.text.split("\n"))


@pytest.mark.parametrize(
    ("markup", "linked"),
    [
        ("<p>abcd <a href=x>efgh</a></p>", 4 / 9),
        ("<p><a href=x> efgh </a></p>", 1),
        ("<p><a href=x>ef<b>gh</b></a>ij</p>", 4 / 6),
        ("<p>abcd</p>", 0),
    ],
)
def test_share_of_linked_text_is_that_of_its_characters(markup: str, linked: float) -> None:
    [block] = blocks(parse_html(markup).soup)
    assert block.linked == pytest.approx(linked)


def test_blocks_have_their_innermost_elements_and_leave_out_what_is_skipped() -> None:
    elements = parse_html("<div>a<h2 id=x>b</h2>c<p>d<span>e</span></p><ul><li>f</ul></div>")
    found = [(block.text, block.element.name, block.is_heading) for block in blocks(elements.soup)]
    assert found == [
        ("a", "div", False),
        ("b", "h2", True),
        ("c", "div", False),
        ("de", "p", False),
        ("f", "li", False),
    ]
    skipped = elements.select("h2", "span")
    assert [block.text for block in blocks(elements.soup, skipped)] == ["ac", "d", "f"]
    assert [
        block.is_heading for block in blocks(parse_html("<h1>a</h1><h6>b</h6><header>c</header>").soup)
    ] == [
        True,
        True,
        False,
    ]
    assert text_of(elements.select("div")[0]) == "a b c de f"
    assert [tag.name for tag in elements_in(elements.select("div")[0])] == ["h2", "p", "span", "ul", "li"]
    assert [tag.name for tag in elements_in(elements.select("div")[0], {"p", "li"})] == ["p", "li"]


@pytest.mark.parametrize(
    ("inside", "is_cell"),
    [
        ("<p>a</p><p>b</p>", True),
        ("<p>a</p><p>b</p><p>c</p>", False),
        ("<p>a</p><div>b</div><li>c</li>", False),
        (f"<p>{'a' * 299}</p>", True),
        (f"<p>{'a' * 300}</p>", False),
        ("<span>a</span><b>b</b><i>c</i>", True),
    ],
)
def test_a_cell_of_a_few_words_is_in_a_row(inside: str, *, is_cell: bool) -> None:
    found = lines(f"<table><tr><td>x</td><td>{inside}</td></tr></table>")
    assert found[0].startswith("x")
    assert (" | " in found[0]) == is_cell


def test_an_element_is_within_a_holder_or_not() -> None:
    elements = parse_html("<main><div id=a><p><b>x</b></p></div><p>y</p></main>")
    [holder] = elements.select("#a")
    within = Within({id(holder)})
    for _ in range(2):  # answers are kept
        assert [tag.name for tag in elements.all if within(tag)] == ["div", "p", "b"]
    assert not within(None)
    [bold] = elements.select("b")
    assert [has_ancestor(bold, {name}) for name in ("p", "div", "main", "b", "table")] == [True] * 3 + [
        False
    ] * 2


@pytest.mark.parametrize(
    ("markup", "base"),
    [
        ("", "https://a.lv/x/y"),
        ("<base href='/z/'>", "https://a.lv/z/"),
        ("<base target=a><base href='/z/'><base href='/u/'>", "https://a.lv/z/"),
        ("<base href='#'>", "https://a.lv/x/y"),
        ("<base href=''>", "https://a.lv/x/y"),
        ("<base href='https://b.lv/'>", "https://b.lv/"),
    ],
)
def test_base_of_links_is_declared_or_the_page(markup: str, base: str) -> None:
    assert base_url_of(parse_html(f"<head>{markup}</head><p>a"), "https://a.lv/x/y") == base


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("b", "https://a.lv/x/b"),
        (" b ", "https://a.lv/x/b"),
        ("#b", None),
        (" #b", None),
        ("", None),
        ("?b", "https://a.lv/x/y?b"),
    ],
)
def test_links_lead_elsewhere(href: str, target: str | None) -> None:
    assert resolve_link("https://a.lv/x/y", href) == target


def test_the_beginning_of_a_page_is_read_up_to_both_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MARKUP_CHARS_MAX", 20)
    monkeypatch.setattr(parse, "TAGS_MAX", 3)
    for text, kept in (
        ("<p>a</p>" + "b" * 12, "<p>a</p>" + "b" * 12),
        ("<p>a</p>" + "b" * 13, "<p>a</p>" + "b" * 12),
        ("<p>a</p><b>c", "<p>a</p><b>c"),
        ("<p>a</p><b>c<", "<p>a</p><b>c "),
        ("<p>a</p><b>c<i>d", "<p>a</p><b>c"),
    ):
        assert read_beginning(text) == kept
        assert is_read_whole(text) == (len(kept) == len(text))


@pytest.mark.parametrize("count", [1, 3, 4, 9, 60])
def test_slices_of_a_long_list_overlap_and_end(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(parse, "TAGS_MAX", 4)
    monkeypatch.setattr(parse, "SLICE_OVERLAP_TAGS", 2)
    monkeypatch.setattr(parse, "SLICES_MAX", 8)
    text = "".join(f"<li>{number:02}" for number in range(count))
    slices = [*slices_of(text)]
    assert [is_end for _, is_end in slices[:-1]] == [False] * (len(slices) - 1)
    assert slices[-1][1] == (len(slices) <= 8 and slices[-1][0].endswith(f"{count - 1:02}"))
    assert all(1 <= piece.count("<li>") <= 4 for piece, _ in slices)
    assert slices[0][0] == text[: 6 * 4]
    for (one, _), (other, _) in pairwise(slices):
        assert other.startswith(one[-6 * 1 :])  # a row of two tags is whole in one of them
    if count < 20:
        assert slices[-1][1]
        assert {piece[at : at + 6] for piece, _ in slices for at in range(0, len(piece), 6)} == {
            text[at : at + 6] for at in range(0, len(text), 6)
        }
    else:
        assert (len(slices), slices[-1][1]) == (8, False)
