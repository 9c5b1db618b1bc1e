"""No tick and no text is lost, whichever button of the search page is pressed; without scripts."""

from dataclasses import dataclass
from random import Random
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html

from searcher.params import first_day, last_day, tidy
from searcher.search_page.form_buttons import NAME
from tests.searcher.pages.conftest import Library

STEPS = 8
TEXTS = (
    *("budžets", "droš*", "seminārs", "qxzw", '"par drošību"', "drošība 2024", "seminārz"),
    *("gads:2024 droš*", "vakar", "ministrija:iekšlietu droš*", "drošība pēc 2023. gada", "versijas: droš*"),
)
DAYS = ("2023", "nekad", "12.2024", "01.03.2024.", "2025-12-31")


@dataclass(frozen=True)
class Button:
    action: str
    sent: tuple[tuple[str, str], ...]

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What it says that it changes."""
        return parse_qsl(dict(self.sent).get(NAME, ""), keep_blank_values=True)


class Visitor:
    """Somebody without scripts, who ticks and types before pressing any button of the search form."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self._client = client
        self._come_to(path)

    def _come_to(self, path: str) -> None:
        self.path = path
        self._root = html.fromstring(self._client.get(path, follow_redirects=True).text)
        (self._form,) = self._root.xpath("//form[@id='search']")

    def _controls(self, kind: str) -> list[html.HtmlElement]:
        return [*self._root.xpath(f"//form[@id='search']//{kind}|//{kind}[@form='search']")]

    def boxes(self) -> dict[tuple[str, str], bool]:
        return {
            (one.get("name"), one.get("value")): "checked" in one.attrib
            for one in self._controls("input[@type='checkbox']")
        }

    def texts(self) -> dict[str, str]:
        fields = self._controls("input[not(@type='checkbox')]")
        return {one.get("name"): one.get("value", "") for one in fields}

    def buttons(self) -> list[Button]:
        return [
            Button(
                one.get("formaction", self._form.get("action")),
                ((one.get("name"), one.get("value")),) if one.get("name") else (),
            )
            for one in self._controls("button")
        ]

    def press(self, button: Button, texts: dict[str, str], ticked: set[tuple[str, str]]) -> None:
        self._come_to(f"{button.action}?{urlencode([*texts.items(), *sorted(ticked), *button.sent])}")


def day_of(name: str, text: str) -> object:
    """Return the day that *text* means in a field; what is no day stays as it is beside its error."""
    try:
        return (first_day if name == "from" else last_day)(text)
    except ValueError:
        return text


def walk(client: FlaskClient, seed: int) -> None:
    chance = Random(seed)
    visitor = Visitor(client, chance.choice(("/", "/?q=droš*", "/en/?q=droš*&sort=newest", "/ru/?q=drošība")))
    for _ in range(STEPS):
        boxes, texts = visitor.boxes(), visitor.texts()
        ticked = {box for box, is_checked in boxes.items() if is_checked}
        for box in chance.sample(sorted(boxes), min(len(boxes), chance.randint(0, 2))):
            ticked ^= {box}
        if chance.random() < 0.5:
            texts["q"] = chance.choice(TEXTS)
        if chance.random() < 0.3:
            texts[chance.choice(("from", "to"))] = chance.choice(DAYS)
        button = chance.choice(visitor.buttons())
        visitor.press(button, texts, ticked)
        check(visitor, button, texts, ticked)


def check(visitor: Visitor, button: Button, texts: dict[str, str], ticked: set[tuple[str, str]]) -> None:
    changes, shown = button.changes, visitor.texts()
    named = {name.removeprefix("-") for name, _ in changes}
    chooses_days = {name for name, value in changes if value} & {"from", "to", "-days", "-times"}
    if "q" not in named and not chooses_days:
        assert tidy(shown["q"]) == tidy(texts["q"]), visitor.path
    for name in {"from", "to"} - named:
        assert day_of(name, shown[name]) == day_of(name, texts[name]), visitor.path
    cleared = {name for name, value in changes if not value}
    removed = {(name[1:], value) for name, value in changes if name.startswith("-")}
    is_ticked = {box for box, is_checked in visitor.boxes().items() if is_checked}
    kept = {(name, value) for name, value in ticked if name not in cleared} - removed
    if "q" in named:  # another query has other related words
        kept = {box for box in kept if box[0] != "without"}
    assert kept <= is_ticked | {("without", value) for name, value in shown.items()}, visitor.path


@pytest.mark.parametrize("seed", range(60))
def test_no_tick_and_no_text_is_lost_on_a_walk(library: Library, seed: int) -> None:
    walk(library.client, seed)


@pytest.mark.long_sweep
@pytest.mark.parametrize("seed", range(60, 500))
def test_no_tick_and_no_text_is_lost_on_many_walks(library: Library, seed: int) -> None:
    walk(library.client, seed)


def test_dates_that_contradict_each_other_take_no_tick(library: Library) -> None:
    visitor = Visitor(library.client, "/?q=droš*&from=2025&to=2024&ministry=Finanšu+ministrija&has=edited")
    assert visitor.texts()["q"] == "droš*"
    assert {box for box, is_ticked in visitor.boxes().items() if is_ticked} == {
        ("ministry", "Finanšu ministrija"),
        ("has", "edited"),
    }
