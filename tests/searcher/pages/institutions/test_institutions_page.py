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


def test_the_releases_of_an_institution_are_drawn_by_month(page: Page) -> None:
    shown = page("/iestades/iem")
    (bars,) = re.findall(r'<ol class="month-bars">(.*?)</ol>', shown, re.DOTALL)
    heights = [int(height) for height in re.findall(r'height="(\d+)"/>', bars)]
    counts = [int(count) for count in re.findall(r": (\d+)</span>", bars)]
    assert counts == [0] * 6 + [1] + [0] * 16 + [2]  # October 2022 and March 2024
    assert heights == [1] * 6 + [30] + [1] * 16 + [60]
    assert len(re.findall("<a href=", bars)) == 2
    assert 'title="2022. gada oktobris: 1"' in bars
