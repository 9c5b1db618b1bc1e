"""A page is divided into the text above its title, between title and body, in the body and below."""

from datetime import date

import pytest

from crawler.config import Template
from crawler.extraction.fields.metadata import metadata
from crawler.extraction.fields.regions import PageContext, Regions, find_regions, first_with_text
from crawler.extraction.html.parse import parse_html
from tests.support.release_pages import SITE, URL

TEMPLATE = Template(body=("div.text",), published=(".date",))
PROSE = "Valsts policija atgādina, ka no pirmdienas mainās kārtība, kā piesaka pasākumus."
TEXT = f"<div class=text><p>{PROSE}</p></div>"


def context(markup: str, template: Template = TEMPLATE) -> PageContext:
    elements = parse_html(f"<html><body>{markup}</body></html>")
    return PageContext(
        text=markup,
        elements=elements,
        url=URL,
        site=SITE,
        template=template,
        meta=metadata(elements, URL, latest=date(2026, 1, 1)),
        latest=date(2026, 1, 1),
        order="DMY",
        hints=None,
    )


def regions_of(markup: str, template: Template = TEMPLATE) -> Regions:
    page = context(markup, template)
    return find_regions(page, next(iter(page.elements.select("h1")), None))


def texts(regions: Regions) -> tuple[list[str], ...]:
    return tuple(
        [block.text for block in region]
        for region in (regions.above, regions.header, regions.body, regions.below)
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            f"<p>Augša</p><h1>Virsraksts</h1><p>Ievads</p>{TEXT}<p>Apakša</p>",
            (["Augša", "Virsraksts"], ["Ievads"], [PROSE], ["Apakša"]),
        ),
        (f"<p>Augša</p>{TEXT}<p>Apakša</p>", (["Augša"], [], [PROSE], ["Apakša"])),
        (
            f"{TEXT}<h1>Virsraksts</h1><p>Apakša</p>",
            ([PROSE, "Virsraksts"], [], [PROSE], ["Virsraksts", "Apakša"]),
        ),
        (
            f"<h1>Virsraksts</h1>{TEXT}<p>Starp</p>{TEXT}",
            (["Virsraksts"], [], [PROSE, PROSE], []),
        ),
    ],
    ids=["title above", "no title", "title below", "two bodies"],
)
def test_regions_lie_around_title_and_body(markup: str, expected: tuple[list[str], ...]) -> None:
    regions = regions_of(markup)
    assert (texts(regions), regions.body_rule) == (expected, "div.text")


@pytest.mark.parametrize(
    ("label", "value", "joined"),
    [
        ("<p>Publicēts:</p>", "<p>12.03.2024.</p>", ["Publicēts: 12.03.2024."]),
        ("<p>Kategorija:</p>", "<p>Drošība</p>", ["Kategorija: Drošība"]),
        ("<dt>Tēma</dt>", "<dd>Drošība</dd>", ["Tēma: Drošība"]),
        ("<p>Kontakti:</p>", "<p>Anna Ozola</p>", ["Kontakti:", "Anna Ozola"]),
        ("<p>Publicēts:</p>", "<p>Valdība šodien lēma</p>", ["Publicēts:", "Valdība šodien lēma"]),
    ],
)
def test_label_is_joined_with_its_date_or_category(label: str, value: str, joined: list[str]) -> None:
    assert texts(regions_of(f"<h1>Virsraksts</h1>{label}{value}{TEXT}"))[1] == joined


@pytest.mark.parametrize(
    "caption",
    [
        "<figcaption>Foto: Anna Ozola</figcaption>",
        "<p class=image-caption>Foto: Anna Ozola</p>",
        "<p class=photo-credit>Foto: Anna Ozola</p>",
    ],
)
def test_caption_is_not_text(caption: str) -> None:
    body = f"<div class=text><p>{PROSE}</p>{caption}</div>"
    assert texts(regions_of(f"<h1>Virsraksts</h1>{body}"))[2] == [PROSE]


def test_long_text_with_the_name_of_a_caption_is_text() -> None:
    body = f"<div class=text><p class=caption>{PROSE * 5}</p></div>"
    assert texts(regions_of(f"<h1>Virsraksts</h1>{body}"))[2] == [PROSE * 5]


def test_body_without_a_selector_is_the_densest_text() -> None:
    regions = regions_of(f"<h1>Virsraksts</h1><div><p>{PROSE}</p></div>")
    assert (texts(regions)[2], regions.body_rule) == ([PROSE], "densest text")


def test_general_template_leaves_the_body_to_trafilatura() -> None:
    page = f"<h1>Virsraksts</h1><p>Ievads</p><p>{PROSE}</p><p>{PROSE[:-1]}, un tā tālāk.</p>"
    regions = regions_of(page, Template(general=True))
    assert regions.body_rule == "trafilatura"
    assert PROSE in texts(regions)[2]


def test_element_without_text_is_skipped() -> None:
    elements = context("<p class=a></p><p class=b><i>x</i></p><time class=c datetime=2024></time>").elements
    found = [first_with_text(elements, selectors) for selectors in ([".a", ".b"], [".c"], [".a"])]
    assert [one and one[1] for one in found] == [".b", ".c", None]


def test_page_without_text_has_empty_regions() -> None:
    assert texts(regions_of("")) == ([], [], [], [])
