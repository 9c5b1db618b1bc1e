import re

import pytest
from lxml import html

from index.query import FILTERS
from preses_relizes.shared.calendar import today
from searcher.search_page.panel import GROUPS, presets
from tests.searcher.pages.conftest import Page


def test_a_period_until_today_has_as_many_days_as_its_name() -> None:
    lengths = {preset.label: (today() - preset.first).days + 1 for preset in presets()}
    assert lengths == {"Last 7 days": 7, "Last 30 days": 30, "Last 12 months": 365}


@pytest.mark.parametrize(
    ("typed", "shown", "rest"),
    [
        ("drošība pēc 2023. gada", "no 01.01.2024.", "drošība"),
        ("drošība pirms 2025. gada", "līdz 31.12.2024.", "drošība"),
        ("starp 2023 un 2024 drošība", "2023–2024", "drošība"),
        ("drošība kopš:2024-01-01", "no 01.01.2024.", "drošība"),
        ("drošība gads:2024", "2024", "drošība"),
    ],
)
def test_a_typed_time_is_a_chip_that_can_be_removed(page: Page, typed: str, shown: str, rest: str) -> None:
    chips = html.fromstring(page(f"/?q={typed}")).xpath("//ul[@class='chosen']//button")
    assert [chip.text_content() for chip in chips] == [f"Noņemt filtru: {shown}"]
    without = html.fromstring(page(f"/?q={typed}&{chips[0].get('name')}={chips[0].get('value')}"))
    assert without.xpath("//input[@id='q']/@value") == [rest]


def test_a_typed_time_and_a_chosen_one_are_two_chips(page: Page) -> None:
    found = re.findall(r"Noņemt filtru: </span>([^<]+)<", page("/?q=drošība pēc 2023. gada&to=2024-12"))
    assert found == ["līdz 31.12.2024.", "2024"]


def test_a_time_that_is_only_offered_is_no_chip(page: Page) -> None:
    assert "Noņemt filtru" not in page("/?q=drošība 2024. gadā")


def test_a_chip_says_how_many_of_its_values_are_in_use(page: Page) -> None:
    shown = html.fromstring(
        page("/?q=droš*&ministry=Iekšlietu+ministrija&ministry=Finanšu+ministrija&from=2024")
    )
    used = {
        one.text_content().split()[0]: one.xpath("string(span/text())")
        for one in shown.xpath("//details[@class='filter']/summary")
    }
    assert {label: number for label, number in used.items() if number} == {"Iestāde": "2", "Laiks": "1"}


def test_every_filter_is_in_a_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(one.name for one in FILTERS)
