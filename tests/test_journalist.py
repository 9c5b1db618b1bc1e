"""A journalist does six tasks with what sites said before, in Chromium: by mouse, and by keyboard alone.

An action is a click or a key pressed; each task has the most that it may take, apart from the letters typed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from typer.testing import CliRunner

from crawler.store import Store
from index.reindex import app as reindex
from preses_relizes.shared.calendar import RIGA
from tests.support.chromium import MARKS, NO_SCRIPT, find, open_chromium, set_screen
from tests.support.library import build_library
from tests.support.person import Person
from tests.support.serving import serving

pytestmark = [*MARKS, pytest.mark.long_sweep]
MINISTRY = "Iekšlietu ministrija"


@dataclass
class Asker:
    """A person who goes to what they want by mouse or by keyboard."""

    person: Person
    by_keyboard: bool
    typed: int = 0
    """The letters typed, which any search needs."""

    def write(self, text: str) -> None:
        """Type *text* and press Enter."""
        self.person.type(text)
        self.typed += len(text)
        self.person.press(Keys.ENTER)

    def go(self, selector: str) -> None:
        """Follow a link, or press a button."""
        if self.by_keyboard:
            self.person.tab_to(selector)
            self.person.press(Keys.ENTER)
        else:
            self.person.click(selector)

    def focus(self, selector: str) -> None:
        if self.by_keyboard:
            self.person.tab_to(selector)
        else:
            self.person.click(selector)

    def ask(self, text: str) -> None:
        self.person.open("/")
        self.focus("#q")
        self.write(text)
        self.person.comes_to("q=")

    def go_from_results(self, selector: str) -> None:
        """Follow a link of a hit; with scripts a search ends at the hits."""
        find(self.person.browser, selector)
        if not self.person.has_scripts:
            self.skip()
        self.go(selector)

    def skip(self) -> None:
        """Skip to what the page is about."""
        if self.by_keyboard:
            self.person.press(Keys.TAB, Keys.ENTER)


def what_was_changed(asker: Asker) -> None:
    asker.ask("seminārs")
    asker.go_from_results(".hits h2 a[href*='iem-']")
    asker.person.sees("Labojumi pēc publicēšanas")
    assert "9.00" in find(asker.person.browser, "#versions del").text
    assert "10.00" in find(asker.person.browser, "#versions ins").text


def when_a_number_appeared(asker: Asker) -> None:
    asker.ask('versijas: "plkst. 10.00"')
    asker.person.sees("Pirmoreiz parādījās: Seminārs par drošību")
    asker.person.sees("parādījās starp 01.03.2026. un 03.03.2026.")


def whether_a_quote_still_stands(asker: Asker) -> None:
    asker.ask('versijas: "plkst. 9.00"')
    asker.person.sees("pēdējoreiz redzēta 01.03.2026., vairs nebija 03.03.2026.")


def prove_it(asker: Asker) -> None:
    asker.ask('versijas: "plkst. 9.00"')
    asker.go_from_results(".stood a")
    asker.person.sees("1. redakcija")
    if asker.by_keyboard:
        asker.person.tab_to("a[href*='/proof']")
    assert asker.person.read("a[href*='/proof']").startswith('{"checkpoint":')


def follow_a_ministry(asker: Asker) -> None:
    person = asker.person
    person.open("/labojumi")
    asker.skip()
    if asker.by_keyboard:
        person.tab_to("select[name=ministry]")
        person.press(Keys.ARROW_DOWN)
    else:
        Select(find(person.browser, "select[name=ministry]")).select_by_visible_text(MINISTRY)
        person.actions += 2
    asker.go(".apply button")
    person.comes_to("ministry=")
    feed = person.read("a[href^='/labojumi.atom']")
    assert feed.count("<entry") == 2  # the edit, and the release that vanished
    assert "Seminārs par drošību" in feed


def what_vanished(asker: Asker) -> None:
    person = asker.person
    person.open("/labojumi")
    asker.skip()
    asker.focus("input[name=from]")
    asker.write(f"{datetime.now(RIGA) - timedelta(30):%d.%m.%Y}")
    person.comes_to("from=")
    person.sees("Budžets pieņemts")


TASKS: dict[Callable[[Asker], None], tuple[int, int]] = {
    what_was_changed: (3, 20),
    when_a_number_appeared: (2, 12),
    whether_a_quote_still_stands: (2, 12),
    prove_it: (4, 36),
    follow_a_ministry: (4, 30),
    what_vanished: (2, 16),
}
"""The tasks, and the most actions by mouse and by keyboard, without what is typed."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("library")
    config, ids = build_library(folder)
    config.write_text(config.read_text(encoding="utf-8") + "answer_s = 60\n", encoding="utf-8")
    with Store(folder / "data" / "releases.sqlite3") as store:
        store.mark_gone(ids["budzets"], seen=datetime.now(UTC) - timedelta(3))
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    with serving(config) as served:
        yield served


@pytest.fixture(scope="module", params=[(), NO_SCRIPT], ids=["js", "no-js"])
def browser(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path_factory.mktemp("profile"), request.param) as driver:
        set_screen(driver, 1280, 900)
        yield driver


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_journalist_finds_what_was_said_before(
    browser: webdriver.Chrome, address: str, task: Callable[[Asker], None], *, by_keyboard: bool
) -> None:
    asker = Asker(Person(browser, address), by_keyboard)
    task(asker)
    taken = asker.person.actions - asker.typed
    assert taken <= TASKS[task][by_keyboard], taken
