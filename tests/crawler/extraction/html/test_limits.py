"""A page over the size limit loses its code and inlined data before its text."""

import pytest

from crawler.extraction.html.limits import INLINED_CHARS_MIN, MARKUP_CHARS_MAX, strip_bulk
from crawler.extraction.html.parse import blocks, is_read_whole, parse_html, read_beginning

CODE = "if (a<b) c--;" * (MARKUP_CHARS_MAX // 12)


@pytest.mark.parametrize(
    "code",
    [
        f"<script>{CODE}</script>",
        f"<SCRIPT src=x>{CODE}</SCRIPT>",
        f"<style>{CODE}</style>",
        f"<script><!--\n{CODE}\n--></script>",
        f"<!-- {CODE} -->",
        f"<!-- {'a-b ' * MARKUP_CHARS_MAX}-->",
        f"<script>{CODE}</script><!-- {CODE} -->",
        f'<script type="application/ld+json">[{"1," * MARKUP_CHARS_MAX}1]</script>',
    ],
)
def test_page_with_mostly_code_is_read_whole(code: str) -> None:
    markup = f"<head>{code}</head><h1>Virsraksts</h1>"
    assert is_read_whole(markup)
    assert [block.text for block in blocks(parse_html(markup).soup)] == ["Virsraksts"]


def test_json_ld_of_a_large_page_is_kept() -> None:
    said = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    assert said in read_beginning(f"<script>{CODE}</script>{said}")
    assert said in read_beginning(f"<script>{CODE}</script><!-- {CODE} -->{said}")


def test_comment_within_a_script_removes_no_text() -> None:
    markup = f"<script>'<!--'; {CODE}</script><h1>Virsraksts</h1><!-- x -->{'<p>a' * 4000}"
    assert "Virsraksts" in read_beginning(markup)


@pytest.mark.parametrize(
    ("markup", "stripped"),
    [
        ("<img src=data:image/png;base64,{long}>", "<img src==_>"),
        ("<img src=data:image/png;base64,AAAA>", "<img src=data:image/png;base64,AAAA>"),
        ("<p title='{long}{long}'>x", "<p title=_>x"),
        ("<script>{long}</script>x", "<script></script>x"),
        ("<style>{long}</style>x", "<style></style>x"),
        ("<!-- {long} -->x", "x"),
        ("<script type=application/ld+json>{long}</script>x", "<script type=application/ld+json></script>x"),
        ("<p>{long}", "<p>{long}"),
    ],
)
def test_bulk_is_stripped_from_a_page_over_the_limit(markup: str, stripped: str) -> None:
    long = "A" * 10 * INLINED_CHARS_MIN
    assert strip_bulk(markup.format(long=long), 100) == stripped.format(long=long)


@pytest.mark.parametrize("kept", ["<script>x</script>", "<!-- x -->", "<style>x</style>"])
def test_code_of_a_page_within_the_limit_stays(kept: str) -> None:
    assert strip_bulk(kept, 100) == kept


@pytest.mark.parametrize(
    ("markup", "length", "is_kept"),
    [
        ("<img src=data:{}>", 999 - len("data:"), True),
        ("<img src=data:{}>", 1_000 - len("data:"), False),
        ("<p title='{}'>", 9_999, True),
        ("<p title='{}'>", 10_000, False),
        ('<p title="{}">', 9_999, True),
        ('<p title="{}">', 10_000, False),
    ],
)
def test_long_attributes_are_stripped_from_any_page(markup: str, length: int, is_kept: bool) -> None:
    whole = markup.format("A" * length)
    assert (strip_bulk(whole, MARKUP_CHARS_MAX) == whole) == is_kept


@pytest.mark.parametrize("bulk", ["<script>x</script>", "<!-- x -->", "<script>ld+json;x</script>"])
def test_a_page_as_long_as_the_limit_stays(bulk: str) -> None:
    assert strip_bulk(bulk, len(bulk)) == bulk
    assert len(strip_bulk(bulk, len(bulk) - 1)) < len(bulk)
