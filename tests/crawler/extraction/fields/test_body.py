"""The body is the text that a selector finds, else the densest text, else what trafilatura extracts."""

import time

import pytest

from crawler.extraction.fields.body import (
    BREAKS_MAX,
    PROSE_CHARS_MIN,
    densest_elements,
    general_text,
    load,
    select_outermost,
)
from crawler.extraction.html.limits import MARKUP_CHARS_MAX
from crawler.extraction.html.parse import blocks, parse_html

PROSE = "<p>Valsts policija atgādina, ka no pirmdienas mainās kārtība, kā piesaka pasākumus.</p>"


@pytest.mark.parametrize(
    ("markup", "ids"),
    [
        (f"<div class=a id=1>{PROSE}</div><div class=b id=2>{PROSE}</div>", ["1"]),
        (f"<div class=a id=1>Īss</div><div class=b id=2>{PROSE}</div>", ["2"]),
        (f"<div class=a id=1><div class=a id=2>{PROSE}</div></div>", ["1"]),
        (f"<div class=a id=1>{PROSE}</div><p>x</p><div class=a id=2>{PROSE}</div>", ["1", "2"]),
        (f"<div class=c id=1>{PROSE}</div>", None),
    ],
)
def test_first_selector_with_enough_text_finds_the_body(markup: str, ids: list[str] | None) -> None:
    found = select_outermost(parse_html(markup), [".a", ".b"], 40)
    assert (found and [tag["id"] for tag in found[0]]) == ids


@pytest.mark.parametrize(
    ("markup", "ids"),
    [
        (f"<div id=1>{PROSE}{PROSE}</div><div id=2>{PROSE}</div>", ["1"]),
        (f"<div id=1>{PROSE}</div><div id=2><a href=/x>{PROSE * 3}</a></div>", ["1"]),
        (f"<div id=1>{'<p>12.03.2024.</p>' * 9}</div><div id=2>{PROSE}</div>", ["2"]),
        (f"<div class=text id=1>{PROSE}</div><div class=text id=2>{PROSE}</div>", ["1", "2"]),
        (f"<div class=text id=1>{PROSE * 2}</div><div class=text id=2>{PROSE}<h2><a>x</a></h2></div>", ["1"]),
        (f"<div class=col-6 id=1>{PROSE * 2}</div><div class=col-6 id=2>{PROSE}</div>", ["1"]),
        ("<div id=1><p>Īss</p></div>", []),
    ],
)
def test_densest_element_is_the_body(markup: str, ids: list[str]) -> None:
    found = densest_elements(list(blocks(parse_html(f"<main id=main>{markup}</main>").body)))
    assert [tag["id"] for tag in found] == ids


def test_trafilatura_gives_the_paragraphs() -> None:
    paragraphs = [
        f"{number}. pants: no pirmdienas mainās kārtība, kā piesaka pasākumus." for number in range(9)
    ]
    markup = "".join(f"<p>{text}</p>" for text in paragraphs)
    text = general_text(f"<html><body><main><h1>Virsraksts</h1>{markup}</main></body></html>")
    assert [line for line in text if "pants" in line] == paragraphs
    assert general_text("") == ()


def test_text_after_the_last_line_break_that_counts_is_kept() -> None:
    lines = [f"Rinda par {number}. darbu novadā" for number in range(2 * BREAKS_MAX)]
    text = general_text(f"<html><body><main><h1>Virsraksts</h1>{PROSE}<p>{'<br>'.join(lines)}</p></main>")
    assert text[-1].endswith(lines[-1])
    assert set(lines[:BREAKS_MAX]) <= set(text)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("before", "piece"),
    [
        ("<table><tr><td>", "Rinda par darbu<br>"),
        ("<table><tr><td>", "a<BR />"),
        ("", "Rinda par darbu<br><br>"),
        ("<table><tr><td>", "<div>Rinda<br></div>"),
        ("", "<p>Rinda<br>"),
    ],
)
def test_time_of_trafilatura_grows_like_the_page(before: str, piece: str) -> None:
    def seconds(share: float) -> float:
        page = f"<h1>Virsraksts</h1>{PROSE}{before}{piece * int(share * MARKUP_CHARS_MAX / len(piece))}"
        began = time.process_time()
        general_text(page)
        return time.process_time() - began

    load()
    # With every line break the first page takes ten times as long.
    assert any(seconds(0.95) < 7 * max(seconds(0.24), 0.05) for _ in range(3))


@pytest.mark.parametrize(
    ("names", "is_like"),
    [
        ("paragraph", True),
        ("MyText", True),
        ("field-x", True),
        ("wysiwyg", True),
        ("component", True),
        ("content", True),
        ("col-6", False),
        ("teaser", False),
    ],
)
def test_siblings_are_one_text_if_they_share_a_name_for_text(names: str, *, is_like: bool) -> None:
    markup = f"<div class={names} id=1>{PROSE * 2}</div><div class={names} id=2>{PROSE}</div>"
    found = densest_elements(list(blocks(parse_html(f"<main id=main>{markup}</main>").body)))
    assert [tag["id"] for tag in found] == (["1", "2"] if is_like else ["1"])


@pytest.mark.parametrize(
    "mark",
    ["<time></time>", "<h1><a>x</a></h1>", "<h2><a>x</a></h2>", "<h3><a>x</a></h3>", "<h4><a>x</a></h4>"],
)
def test_a_sibling_that_teases_another_release_is_no_text(mark: str) -> None:
    markup = f"<div class=text id=1>{PROSE * 2}</div><div class=text id=2>{PROSE}{mark}</div>"
    found = densest_elements(list(blocks(parse_html(f"<main id=main>{markup}</main>").body)))
    assert [tag["id"] for tag in found] == ["1"]


@pytest.mark.parametrize(("chars", "is_prose"), [(PROSE_CHARS_MIN, True), (PROSE_CHARS_MIN - 1, False)])
def test_prose_has_its_least_length(chars: int, *, is_prose: bool) -> None:
    markup = f"<div id=1><p>{'a' * chars}</p></div>"
    found = densest_elements(list(blocks(parse_html(f"<main id=main>{markup}</main>").body)))
    assert [tag["id"] for tag in found] == (["1"] if is_prose else [])
    assert PROSE_CHARS_MIN == 25


@pytest.mark.parametrize(("least", "is_found"), [(43, True), (44, False)])
def test_text_of_several_elements_is_counted_with_the_space_between_blocks(
    least: int, *, is_found: bool
) -> None:
    """Ten, a space and ten in each element, and one more character of a third."""
    one = f"<div class=a><p>{'x' * 10}</p><p>{'y' * 10}</p></div>"
    found = select_outermost(parse_html(f"{one}{one}<div class=a>z</div>"), [".a"], least)
    assert (found is not None) is is_found
