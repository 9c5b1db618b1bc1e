import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.store.sightings import Sighting
from index.release_view import ArchivedRelease, Edit
from searcher.pages.news_article import describe, news_article
from tests.searcher.pages.conftest import Page


def article(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    read = json.loads(found[1])
    assert isinstance(read, dict)
    return read


def test_a_release_is_a_news_article_of_its_institution(page: Page) -> None:
    shown = article(page("/releases/{seminars}"))
    assert shown["@type"] == "NewsArticle"
    assert shown["headline"] == "Seminārs par drošību"
    assert shown["datePublished"] == "2024-03-05"
    assert shown["dateModified"] == "2026-03-03T09:00:00+00:00"
    assert shown["mainEntityOfPage"] == "https://www.iem.example/seminars"
    assert shown["publisher"] == {"@type": "GovernmentOrganization", "name": "Iekšlietu ministrija"}


def test_an_undated_release_has_no_date(page: Page) -> None:
    assert {"datePublished", "dateModified"} & article(page("/releases/{bez_datuma}")).keys() == set()


ARTICLE = ArchivedRelease(
    id="iem-1",
    url="https://iem.example/x",
    site="iem",
    ministry="Iekšlietu ministrija",
    language="ru",
    published=date(2024, 3, 5),
    published_confidence="high",
    category="Drošība",
    machine_translated=False,
    gone=False,
    first_seen=datetime(2026, 1, 1, tzinfo=UTC),
    sighting=Sighting(fetched=None, last_seen=None, is_asked=True),
    missed=None,
    title="Seminārs",
    lead="",
    paragraphs=("Viens\ndivi.", "Trīs.", "Četri."),
    is_cut=False,
    structure=None,
    attachments=(),
    translations=(),
    copies=(),
    aliases=(),
    revisions=(),
    version=1,
    has_older=False,
    dropped=0,
)


def test_an_article_has_each_of_its_properties() -> None:
    edits = tuple(
        Edit(
            number=number,
            release="iem-1",
            version=number,
            since=None,
            until=datetime(2026, 3, number, tzinfo=UTC),
            title="",
            changes=None,
        )
        for number in (2, 1)
    )
    publisher = {"@type": "GovernmentOrganization", "name": "Iekšlietu ministrija"}
    assert news_article(replace(ARTICLE, revisions=edits)) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Seminārs",
        "description": "Viens divi. Trīs.",
        "inLanguage": "ru",
        "author": publisher,
        "publisher": publisher,
        "url": "https://iem.example/x",
        "mainEntityOfPage": "https://iem.example/x",
        "isAccessibleForFree": True,
        "datePublished": "2024-03-05",
        "dateModified": "2026-03-02T00:00:00+00:00",
        "articleSection": "Drošība",
    }
    plain = news_article(replace(ARTICLE, published=None, category=None))
    assert {"datePublished", "dateModified", "articleSection"} & plain.keys() == set()


@pytest.mark.parametrize(
    ("lead", "description"),
    [
        ("Ievads.", "Ievads."),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 200 + "…"),
        ("a" * 150 + " " + "b" * 49, "a" * 150 + " " + "b" * 49),
        ("a" * 150 + " " + "b" * 50, "a" * 150 + "…"),
    ],
)
def test_a_description_is_cut_before_a_word(lead: str, description: str) -> None:
    assert describe(replace(ARTICLE, lead=lead)) == description
