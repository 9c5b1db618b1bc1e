"""A text is shown with the structure that it had, and nothing of its page but that."""

import random
from collections.abc import Sequence

import pytest
from lxml import html
from lxml.html import HtmlElement

from crawler.store.structure import Span, Structure
from index.results import Passage
from searcher.pages.release_text import MarkedText, TextLabels, text_html
from tests.support.structured_pages import NO_LINKS, write_page

LABELS = TextLabels(
    related="%(word)s", paragraph="Saite uz %(number)s. rindkopu", image="Attēls", table="Tabula"
)
SHOWN = {
    *(
        "p",
        "ul",
        "ol",
        "li",
        "blockquote",
        "div",
        "table",
        "tr",
        "th",
        "td",
        "a",
        "em",
        "strong",
        "br",
        "span",
    ),
    *("h2", "h3", "h4", "h5", "h6", "mark"),
}
ATTRIBUTES = {
    *("id", "dir", "href", "rel", "class", "aria-label", "start", "type", "colspan", "rowspan", "scope"),
    *("tabindex", "role", "title"),
}


def marked(text: str, marks: Sequence[tuple[int, int]] = ()) -> MarkedText:
    """Return *text* with *marks*, which are within its paragraphs."""
    paragraphs, start = [], 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        own = tuple((a - start, b - start) for a, b in marks if start <= a and b <= end)
        paragraphs.append(Passage(paragraph, own))
        start = end + 2
    return MarkedText(title=Passage("", ()), lead=Passage("", ()), paragraphs=tuple(paragraphs))


def show(text: str, spans: Sequence[Span] = (), marks: Sequence[tuple[int, int]] = ()) -> HtmlElement:
    shown = text_html(marked(text, marks), Structure(body=tuple(spans)), LABELS)
    return html.fragment_fromstring(shown.body, create_parent="article")


def letters(text: str) -> str:
    """Return *text* without spaces and what separates cells."""
    return "".join(text.replace("|", "").split())


def without_images(shown: HtmlElement) -> HtmlElement:
    for image in shown.xpath("//*[@class='image']"):
        image.drop_tree()
    return shown


def kind_of(element: HtmlElement) -> str:
    return "heading" if element.tag[0] == "h" else str(element.tag)


def shown_kind(span: Span) -> str:
    if span.kind == "th" and span.start == span.end:
        return "td"
    return "heading" if span.kind[0] == "h" else span.kind


@pytest.mark.parametrize("seed", range(60))
def test_structure_of_an_invented_page_is_shown_exactly(seed: int) -> None:
    _, text, spans = write_page(seed)
    shown = without_images(show(text, spans))
    assert letters(shown.text_content()) == letters(text)
    expected = [
        (shown_kind(span), letters(text[span.start : span.end])) for span in spans if span.kind != "img"
    ]
    elements = (one for one in shown.iterdescendants() if one.get("class") not in ("anchor", "scrolled"))
    found = [
        (kind_of(one), letters(one.text_content()))
        for one in elements
        if one.tag not in ("p", "br", "article")
    ]
    assert found == expected


@pytest.mark.parametrize("seed", range(60))
def test_only_our_own_tags_and_attributes_are_written(seed: int) -> None:
    _, text, spans = write_page(seed)
    hostile = [
        Span(
            start=span.start,
            end=span.end,
            kind=span.kind,
            href="https://a.example/\"><script>'",
            text="<img src=x onerror=y>",
        )
        for span in spans
    ]
    shown = show(text.replace("Grozījumi", "<b onclick="), hostile)
    assert {one.tag for one in shown.iterdescendants()} <= SHOWN
    assert {name for one in shown.iterdescendants() for name in one.attrib} <= ATTRIBUTES


@pytest.mark.parametrize(
    "href",
    [*(href for href in NO_LINKS if href != "https://"), "//evil.example", "HTTPS\t://x", "\x01https://x"],
)
def test_other_addresses_are_no_links(href: str) -> None:
    shown = show("Skat. noteikumus.", [Span(start=6, end=16, kind="a", href=href)])
    assert shown.xpath(".//a[not(@class)]") == []
    assert letters(shown.text_content()) == "Skat.noteikumus."


@pytest.mark.parametrize("seed", range(20))
def test_matches_are_marked_across_links_and_cells(seed: int) -> None:
    _, text, spans = write_page(seed)
    chance, marks, at = random.Random(seed), [], 0
    for paragraph in text.split("\n\n"):
        bounds = sorted(chance.sample(range(at, at + len(paragraph) + 1), 2))
        marks.append((bounds[0], bounds[1]))
        at += len(paragraph) + 2
    shown = without_images(show(text, spans, marks))
    assert letters(shown.text_content()) == letters(text)
    found = "".join(mark.text_content() for mark in shown.iter("mark"))
    assert letters(found) == letters("".join(text[start:end] for start, end in marks))
    [target] = shown.xpath("//*[@id='match']")
    assert target.getparent().xpath(".//mark")


def test_paragraphs_have_addresses_and_headings_no_gaps() -> None:
    text = "Pirmā.\n\nNodaļa\n\nOtrā.\n\nSīkāk\n\nCita"
    places = (("h4", "Nodaļa"), ("h6", "Sīkāk"), ("h2", "Cita"))
    starts = [(kind, text.index(words), len(words)) for kind, words in places]
    shown = show(text, [Span(start=at, end=at + chars, kind=kind) for kind, at, chars in starts])  # type: ignore[arg-type] # kinds
    assert [(one.tag, one.get("id")) for one in shown] == [
        *(("p", "p1"), ("h2", "p2"), ("p", "p3"), ("h3", "p4"), ("h2", "p5")),
    ]
    assert [one.get("href") for one in shown.iter("a")] == ["#p1", "#p3"]


def test_numbering_and_width_are_kept() -> None:
    spans = [
        *(Span(start=0, end=1, kind="ol", first=3, numbering="a"), Span(start=0, end=1, kind="li")),
        *(Span(start=3, end=4, kind="table"), Span(start=3, end=4, kind="tr")),
        *(Span(start=3, end=4, kind="th", columns=2, rows=3), Span(start=4, end=4, kind="th")),
    ]
    shown = show("A\n\nB", spans)
    [numbered] = shown.iter("ol")
    assert dict(numbered.attrib) == {"start": "3", "type": "a"}
    assert [dict(cell.attrib) for cell in shown.iter("th")] == [
        {"colspan": "2", "rowspan": "3", "scope": "col"}
    ]
    assert [dict(cell.attrib) for cell in shown.iter("td")] == [{}]


def test_lines_are_lines() -> None:
    assert "Pirmā<br>\notrā" in str(text_html(marked("Pirmā\notrā"), None, LABELS).body)


def test_lead_has_its_links() -> None:
    text = MarkedText(title=Passage("", ()), lead=Passage("Skat. šeit", ((6, 8),)), paragraphs=())
    link = Span(start=6, end=10, kind="a", href="https://www.iem.example/?a=1&b=2")
    assert text_html(text, Structure(lead=(link,)), LABELS).lead == (
        'Skat. <a href="https://www.iem.example/?a=1&amp;b=2" rel="nofollow noopener"><mark>še</mark>it</a>'
    )


def test_texts_beside_each_other_have_no_addresses() -> None:
    shown = text_html(marked("Pirmā.\n\nOtrā."), None, TextLabels()).body
    assert shown == '<p dir="auto">Pirmā.</p>\n<p dir="auto">Otrā.</p>\n'
