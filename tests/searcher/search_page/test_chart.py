import csv
import io
import re
from html import unescape

import pytest
from lxml import etree, html

from tests.searcher.pages.conftest import Library, Page

BAR = re.compile(r"([^:]+): (\d+) relīz")


def bars(page: str) -> dict[str, int]:
    """Return the number of each bar that can be pressed, the oldest first."""
    labels = html.fromstring(page).xpath("//figure[@class='chart']//button/@aria-label")
    return {found[1]: int(found[2]) for label in reversed(labels) if (found := BAR.match(label))}


def periods(page: str) -> list[str]:
    """Return what stands below the bars, the oldest first."""
    found = html.fromstring(page).xpath("//figure[@class='chart']//li/*/span[1]/text()")
    return [text.replace("\xa0", " ") for text in reversed(found)]


def chosen(page: str) -> list[str]:
    return html.fromstring(page).xpath("//figure[@class='chart']//button[@aria-current]/span[1]/text()")


def test_years_without_hits_are_shown_but_cannot_be_pressed(page: Page) -> None:
    shown = page("/?q=seminārs")
    assert periods(shown) == ["2022", "2023", "2024"]
    assert list(bars(shown)) == ["2024"]


@pytest.mark.parametrize("dates", ["from=2024&to=2024", "from=2024-03&to=2024-03"])
def test_the_months_of_the_chosen_year_stay_while_one_is_chosen(page: Page, dates: str) -> None:
    shown = page(f"/?q=droš*&{dates}")
    assert len(periods(shown)) == 12
    assert list(bars(shown)) == ["marts"]


def test_a_few_years_are_shown_by_quarters(page: Page) -> None:
    shown = page("/?q=droš*&from=2023&to=2024")
    assert periods(shown) == [f"{quarter}. cet. {year}" for year in (2023, 2024) for quarter in range(1, 5)]
    assert sum(bars(shown).values()) == int(re.findall(r'role="status">(\d+) ', shown)[0])


@pytest.mark.parametrize(
    ("dates", "marked"),
    [
        ("from=2024-03&to=2024-03", ["marts"]),
        ("from=2024-03-02&to=2024-12", []),
        ("from=2024&to=2024", ["marts"]),
    ],
)
def test_the_bars_within_the_chosen_days_are_marked(page: Page, dates: str, marked: list[str]) -> None:
    assert chosen(page(f"/?q=droš*&{dates}")) == marked


def test_the_chosen_period_can_be_removed_at_its_bar_and_as_a_chip(page: Page) -> None:
    shown = html.fromstring(page("/?q=droš*&from=2024-03&to=2024-03"))
    (bar,) = shown.xpath("//figure//button[contains(@aria-label, 'noņemt filtru')]/@value")
    (chip,) = shown.xpath("//ul[@class='chosen']//button/@value")
    assert bar == chip == "from=&to="


def test_the_table_and_the_files_have_the_numbers_of_the_bars(library: Library) -> None:
    shown = library.page("/?q=droš*")
    table = html.fromstring(shown).xpath("//figure//tbody/tr")
    numbers = {row[0].text: int(row[1].text) for row in table}
    assert numbers == bars(shown)
    (address,) = re.findall(r'href="(/grafiks\.csv[^"]*)"', shown)
    text = library.client.get(unescape(address)).get_data(as_text=True)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert {row["from"][:4]: int(row["releases"]) for row in rows if row["releases"] != "0"} == numbers
    drawn = etree.fromstring(library.client.get(address.replace(".csv", ".svg")).data)
    assert {one.text for one in drawn.iter("{*}text")} >= {*numbers, *map(str, numbers.values())}


def test_a_file_of_a_chart_with_a_wrong_date_says_so(library: Library) -> None:
    assert library.client.get("/grafiks.csv?q=droš*&from=nekad").status_code == 400


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", '"><b>'])
def test_a_query_is_only_text_in_an_image(library: Library, query: str) -> None:
    drawn = etree.fromstring(library.client.get("/grafiks.svg", query_string={"q": query}).data)
    assert {etree.QName(one).localname for one in drawn.iter()} <= {"svg", "title", "rect", "text"}
