"""Metadata is read if it is plausible."""

from datetime import date

import pytest

from crawler.extraction.fields.metadata import Metadata, metadata
from crawler.extraction.html.parse import parse_html

URL = "https://www.iem.gov.lv/lv/jaunums/x"


def metadata_of(head: str) -> Metadata:
    return metadata(
        parse_html(f"<html lang='lv'><head>{head}</head><body></body></html>"), URL, latest=date(2026, 11, 25)
    )


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def test_the_first_of_each_name_counts() -> None:
    repeated = "".join(
        f'<meta property="{name}" content="{number} {name}">'
        for number in (1, 2)
        for name in ("og:title", "og:site_name", "OG:TITLE")
    )
    found = metadata_of(f'<meta property="og:title" content="">{repeated}')
    assert (found.title, found.site_name) == ("1 og:title", "1 og:site_name")


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        (ld('{"@type": "NewsArticle", "datePublished": "2021-07-08T21:30:00Z"}'), "json-ld datePublished"),
        (ld('{"@graph": [{"@type": ["WebPage"]}, {"@type": ["Article"], "datePublished": "2021-07-09"}]}'),
         "json-ld datePublished"),
        (ld('[{"@type": "PressRelease", "datePublished": "2021-07-09T09:00Z"}]'), "json-ld datePublished"),
        ('<meta property="article:published_time" content="2021-07-09T09:00+03:00">',
         "meta article:published_time"),
        ('<meta name="DCTERMS.issued" content="2021-07-09">', "meta dcterms.issued"),
        ('<meta name="date" content="2021-07-09">', "meta date"),
        ('<meta itemprop="datePublished" content="2021-07-09">', "meta datepublished"),
    ],
)  # fmt: skip
def test_publication_date_is_found(head: str, rule: str) -> None:
    found = metadata_of(head).published
    assert found is not None
    assert (found.day, found.rule) == (date(2021, 7, 9), rule)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2027-07-09">',
        '<meta property="article:published_time" content="1970-01-01T00:00:00Z">',
        '<meta property="article:published_time" content="">',
        '<meta property="article:modified_time" content="2021-07-09">',
        ld('{"@type": "Event", "datePublished": "2021-07-09"}'),
        ld('{"@type": "NewsArticle", "datePublished": null}'),
        ld('{"@type": "NewsArticle", "datePublished": '),
        ld("[" * 20_000),
        ld('"text"'),
        ld("17"),
    ],
)
def test_implausible_publication_date_is_ignored(head: str) -> None:
    assert metadata_of(head).published is None


def test_update_title_site_and_type_are_read() -> None:
    found = metadata_of(
        '<title>Budžets | IeM</title><meta property="og:title" content="Budžets">'
        '<meta property="og:site_name" content="IeM"><meta property="og:type" content="article">'
        '<meta property="article:modified_time" content="2021-07-10">'
    )
    assert (found.title, found.head_title, found.site_name, found.is_article) == (
        "Budžets",
        "Budžets | IeM",
        "IeM",
        True,
    )
    assert found.updated is not None
    assert found.updated.day == date(2021, 7, 10)


def test_urls_are_absolute_or_none() -> None:
    found = metadata_of(
        '<link rel="canonical" href="/lv/jaunums/y"><link rel="alternate" hreflang="EN" href="../article/z">'
        '<link rel="alternate" hreflang="ru" href="javascript:void(0)">'
    )
    assert found.canonical == "https://www.iem.gov.lv/lv/jaunums/y"
    assert found.alternates == (("en", "https://www.iem.gov.lv/lv/article/z"),)


@pytest.mark.parametrize(
    ("link", "alternates"),
    [
        ('<a href="/en/article/z">ENG</a>', (("en", "https://www.iem.gov.lv/en/article/z"),)),
        ('<a href="/ru/article/z"> По-русски </a>', (("ru", "https://www.iem.gov.lv/ru/article/z"),)),
        ('<a href="/en/article/z">English lessons</a>', ()),
        ('<a href="#">EN</a>', (("en", URL),)),
    ],
)
def test_link_that_names_a_language_leads_to_the_translation(
    link: str, alternates: tuple[tuple[str, str], ...]
) -> None:
    assert metadata_of(f"</head><body>{link}").alternates == alternates
