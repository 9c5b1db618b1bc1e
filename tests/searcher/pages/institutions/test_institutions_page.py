import re

from tests.searcher.pages.conftest import Page


def test_each_institution_has_its_releases_dates_and_state(page: Page) -> None:
    (places,) = re.findall(r'<ul class="places">(.*?)</ul>', page("/iestades"), re.DOTALL)
    rows = re.findall(r"<li>(.*?)</li>", places, re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert texts == [
        "Iekšlietu ministrija 4 relīzes 2022–2024 1 labojums sen nav nolasīta, 01.03.2026. plkst. 11:00",
        "Veselības ministrija 1 relīze 2024 sen nav nolasīta, 01.03.2026. plkst. 11:00",
    ]


def test_an_institution_leads_to_its_releases(page: Page) -> None:
    link = re.search(r'<a href="([^"]+)">4 релиза</a>', page("/ru/institutions"))
    assert link is not None
    assert "4 результата" in page(link[1].replace("&amp;", "&"))
