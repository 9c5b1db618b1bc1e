import json
import re

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
