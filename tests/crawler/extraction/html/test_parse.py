"""Parsing is bounded, selectors work like CSS, and text comes in reading order."""

from pathlib import Path

import lxml.html.defs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.charset import decode
from crawler.config import load
from crawler.extraction.html.parse import (
    DEPTH_MAX,
    blocks,
    is_read_whole,
    parse_html,
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
