import re
from urllib.parse import parse_qs, urlsplit

import pytest

from preses_relizes.shared.calendar import today
from searcher.pages.drill_down import presets
from tests.searcher.pages.conftest import Page

CHOICE = re.compile(r"<li><(\w+)([^>]*)><span>([^<]+)<.*?class=\"count\">(\d+)<", re.DOTALL)


def choices(page: str, part: str) -> dict[str, tuple[str, int]]:
    """Return the tag and the count of each year or month."""
    found = re.search(rf'<ul class="years {part}">(.*?)</ul>', page, re.DOTALL)
    assert found is not None
    return {label: (tag, int(count)) for tag, _, label, count in CHOICE.findall(found[1])}


def test_years_without_hits_are_shown_but_lead_nowhere(page: Page) -> None:
    years = choices(page("/?q=seminārs"), "")
    assert list(years) == ["2024", "2023", "2022"]
    assert (years["2024"][0], years["2023"], years["2022"]) == ("a", ("span", 0), ("span", 0))


@pytest.mark.parametrize("dates", ["from=2024&to=2024", "from=2024-03&to=2024-03"])
def test_the_months_of_the_chosen_year_stay_while_one_is_chosen(page: Page, dates: str) -> None:
    months = choices(page(f"/?q=droš*&{dates}"), "months")
    assert len(months) == 12
    assert {name for name, (tag, _) in months.items() if tag == "a"} == {"marts"}


@pytest.mark.parametrize(
    ("dates", "marked"),
    [
        ("from=2024-03&to=2024-03", ["marts"]),
        ("from=2024-03&to=2024-12", []),
        ("from=2024-01&to=2024-03", []),
        ("from=2024&to=2024", []),
    ],
)
def test_only_a_month_that_is_the_whole_period_is_marked(page: Page, dates: str, marked: list[str]) -> None:
    part = re.search(r'<ul class="years months">(.*?)</ul>', page(f"/?q=droš*&{dates}"), re.DOTALL)
    assert part is not None
    found = CHOICE.findall(part[1])
    assert [label for _, attributes, label, _ in found if "aria-current" in attributes] == marked
    assert not any("inside" in attributes for _, attributes, _, _ in found)


def test_a_period_until_today_has_as_many_days_as_its_name() -> None:
    lengths = {preset.label: (today() - preset.first).days + 1 for preset in presets()}
    assert lengths == {"Last 7 days": 7, "Last 30 days": 30, "Last 12 months": 365}


def test_the_chosen_year_is_marked_and_can_be_removed(page: Page) -> None:
    shown = page("/?q=droš*&from=2024&to=2024")
    chosen = re.search(r'<a href="([^"]+)" aria-current="true"><span>2024', shown)
    assert chosen is not None
    assert "from" not in chosen[1]
    assert re.findall(r"Noņemt filtru: </span>(\w+)<", shown) == ["2024"]


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
    chips = re.findall(
        r'<a href="([^"]+)"><span class="sr">Noņemt filtru: </span>([^<]+)<', page(f"/?q={typed}")
    )
    assert [label for _, label in chips] == [shown]
    assert parse_qs(urlsplit(chips[0][0]).query)["q"] == [rest]


def test_a_typed_time_and_a_chosen_one_are_two_chips(page: Page) -> None:
    found = re.findall(r"Noņemt filtru: </span>([^<]+)<", page("/?q=drošība pēc 2023. gada&to=2024-12"))
    assert found == ["līdz 31.12.2024.", "2024"]


def test_a_time_that_is_only_offered_is_no_chip(page: Page) -> None:
    assert "Noņemt filtru" not in page("/?q=drošība 2024. gadā")
