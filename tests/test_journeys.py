"""Four kinds of users do six tasks each in Chromium, and need no more actions than at the best peers.

An action is a click, a key pressed or a letter typed. The peers are the finder of GOV.UK
(`/search/news-and-communications`) and the search of the Federal Register (`/documents/search`). Their flows
are written out step by step, from that page on and without cookie banners, so that a reader can follow them;
the shortest way counts. A task that a peer does not offer has no steps.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.support.chromium import MARKS, NO_SCRIPT, find, open_chromium, set_screen
from tests.support.library import build_library
from tests.support.person import Person
from tests.support.serving import serving

pytestmark = [*MARKS, pytest.mark.long_sweep]
Steps = tuple[str, ...]


@dataclass(frozen=True)
class Task:
    do: Callable[[Person], None]
    gov_uk: Steps = ()
    federal_register: Steps = ()
    needs_script: bool = False


def actions_of(steps: Steps) -> int:
    """Return the number of actions of a flow; `type drosiba` is as many as it has letters."""
    return sum(len(step.removeprefix("type ")) if step.startswith("type ") else 1 for step in steps)


# --- A journalist -------------------------------------------------------------------------------


def find_a_subject(person: Person) -> None:
    person.open("/")
    person.click("#q")
    person.type("drosiba")
    person.press(Keys.ENTER)
    person.sees("4 rezultāti")


def narrow_to_an_institution(person: Person) -> None:
    person.open("/?q=drosiba")
    person.click(".hits .meta button")
    person.comes_to("ministry=")


def sort_by_date(person: Person) -> None:
    person.open("/?q=drosiba")
    person.click(".sort button[value*=newest]")
    person.comes_to("sort=newest")


def see_what_was_edited(person: Person) -> None:
    person.open("/?q=seminārs")
    person.click(".hits h2 a[href*='iem-']")
    person.click(".flag[href='#versions']")
    assert find(person.browser, "#versions ins").is_displayed()


def follow_a_search(person: Person) -> None:
    person.open("/?q=drosiba")
    assert person.read(".bar .feed").count("<entry ") == 4


def copy_a_citation(person: Person) -> None:
    person.open("/?q=seminārs")
    person.click(".hits h2 a")
    person.click(".citation button")
    person.sees("Nokopēts")


def quote_a_sentence(person: Person) -> None:
    person.open("/?q=seminārs")
    person.click(".hits h2 a")
    person.browser.execute_script(
        "const range = document.createRange(); range.selectNodeContents(document.querySelector('#p1'));"
        "getSelection().removeAllRanges(); getSelection().addRange(range)"
    )
    person.click("[data-quote] > button")
    person.sees("Nokopēts")


# --- A press officer ----------------------------------------------------------------------------


def see_that_all_is_covered(person: Person) -> None:
    person.open("/")
    person.click("header nav a[href='/iestades']")
    person.sees("vietnes pēdējoreiz pārbaudītas")


def list_the_releases_of_a_ministry(person: Person) -> None:
    person.open("/")
    person.click("header nav a[href='/iestades']")
    person.click(".places a[href*='ministry=Vesel']")
    person.sees("jaunākās vispirms")


def list_what_was_edited(person: Person) -> None:
    person.open("/?q=drosiba")
    person.click("#filter-features > summary")
    person.click("input[name=has][value=edited]")
    person.apply()
    person.sees("1 rezultāts")


def filter_by_category(person: Person) -> None:
    person.open("/?q=drosiba")
    person.click("#filter-category > summary")
    person.click("input[name=category][value=Notikumi]")
    person.apply()
    person.sees("1 rezultāts")


def see_who_else_published_it(person: Person) -> None:
    person.open("/?q=seminārs")
    person.click(".hits h2 a")
    person.sees("Publicēja arī")


def export_a_table(person: Person) -> None:
    person.open("/?q=drosiba")
    assert person.read("a[href*='search.csv']").count("\n") >= 4


# --- A citizen with a magnifier and a keyboard --------------------------------------------------


def search_by_keyboard(person: Person) -> None:
    person.open("/")
    person.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    person.type("drosiba")
    person.press(Keys.ENTER)
    person.sees("4 rezultāti")


def open_the_first_hit_by_keyboard(person: Person) -> None:
    person.open("/?q=drosiba")
    person.press(Keys.TAB, Keys.ENTER)
    person.tab_to(".hits h2 a")
    person.press(Keys.ENTER)
    person.sees("Atpakaļ pie rezultātiem")


def open_the_next_page_by_keyboard(person: Person) -> None:
    person.open("/?q=drosiba")
    person.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
    person.tab_to(".pages .next")
    person.press(Keys.ENTER)
    person.sees("2. lapa")


def leave_an_empty_answer_by_keyboard(person: Person) -> None:
    person.open("/?q=seminārs&from=2022&to=2022")
    person.press(Keys.TAB, Keys.ENTER)
    person.tab_to(".relaxed button")
    person.press(Keys.ENTER)
    find(person.browser, "#hits")


def read_the_next_hit_by_keyboard(person: Person) -> None:
    open_the_first_hit_by_keyboard(person)
    person.actions = 0
    person.press(Keys.TAB, Keys.ENTER)
    person.tab_to(".trail [rel=next]")
    person.press(Keys.ENTER)
    person.sees("2. no 4")


def search_again_by_keyboard(person: Person) -> None:
    person.open("/?q=seminārs")
    person.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    if not person.has_scripts:
        person.press(Keys.CONTROL + "a")
    person.type("budžets")
    person.press(Keys.ENTER)
    person.sees("Budžets pieņemts")


def change_the_language_by_keyboard(person: Person) -> None:
    person.open("/?q=drosiba")
    person.tab_to(".languages [lang=en]")
    person.press(Keys.ENTER)
    person.sees("Sort by")


def correct_a_wrong_date(person: Person) -> None:
    person.open("/?q=drosiba&from=2025&to=2024")
    person.press(Keys.TAB, Keys.ENTER)
    person.tab_to(".errors a")
    person.press(Keys.ENTER)
    assert person.browser.switch_to.active_element.get_attribute("id") == "to"
    person.sees("nedrīkst būt pirms sākuma datuma")


# --- A developer --------------------------------------------------------------------------------


def open_the_documentation(person: Person) -> None:
    person.open("/")
    person.click("footer a[href='/api']")
    person.sees("/api/v1/search?q=")


def try_an_endpoint(person: Person) -> None:
    person.open("/api/v1/")
    assert json.loads(person.read("a[href^='/api/v1/search?']"))["total"] >= 0


def get_the_description(person: Person) -> None:
    person.open("/api/v1/")
    assert json.loads(person.read("a[href='/openapi.json']"))["openapi"].startswith("3.1")


def get_a_release_as_json(person: Person) -> None:
    person.open("/?q=seminārs")
    person.click(".hits h2 a")
    assert json.loads(person.read("a[type='application/json']"))["title"] == "Seminārs par drošību"


def read_what_a_field_means(person: Person) -> None:
    person.open("/api/v1/")
    person.click(".section summary")
    person.click(".section[open] a[href='#SearchAnswer']")
    assert find(person.browser, "#SearchAnswer dt").is_displayed()


def get_all_hits_as_lines(person: Person) -> None:
    person.open("/?q=drosiba")
    assert len(person.read("a[href*='search.ndjson']").splitlines()) == 4


def get_the_hits_as_json_feed(person: Person) -> None:
    person.open("/?q=drosiba")
    assert len(json.loads(person.read("a[href*='feed.json']"))["items"]) == 4


# Skip links are pressed with Tab and Enter. On GOV.UK, the first link of the main part is the search box.
_SKIP = ("Tab to “Skip to main content”", "Enter")
_GOV_UK_CONTROLS = ("Tab: field", "Tab: Search", "Tab: Filter and sort")
TASKS = (
    Task(
        find_a_subject,
        gov_uk=("click the search field", "type drosiba", "Enter"),
        federal_register=("click the search field", "type drosiba", "Enter"),
    ),
    Task(
        narrow_to_an_institution,
        gov_uk=("Filter and sort", "Organisation", "tick the organisation", "Apply"),
        federal_register=("click the agency beside the results",),
    ),
    Task(
        sort_by_date,
        gov_uk=("Filter and sort", "Sort by", "Updated (newest)", "Apply"),
        federal_register=("open the list Sort by", "choose Newest"),
    ),
    Task(see_what_was_edited, gov_uk=("click the hit", "See all updates")),
    Task(
        follow_a_search,
        gov_uk=("Subscribe to feed",),
        federal_register=("Subscribe", "RSS"),
    ),
    Task(copy_a_citation, needs_script=True),
    Task(quote_a_sentence, needs_script=True),
    Task(see_that_all_is_covered),
    Task(
        list_the_releases_of_a_ministry,
        gov_uk=("Menu", "Departments", "click the department", "See all latest"),
        federal_register=("Browse", "Agencies", "click the agency"),
    ),
    Task(list_what_was_edited),
    Task(
        filter_by_category,
        gov_uk=("Filter and sort", "Topic", "choose the topic", "Apply"),
        federal_register=("More filters: Topics", "click the topic"),
    ),
    Task(see_who_else_published_it),
    Task(export_a_table, federal_register=("CSV/Excel",)),
    Task(
        search_by_keyboard,
        gov_uk=(*_SKIP, "Tab to the search field", "type drosiba", "Enter"),
        federal_register=(*_SKIP, "Tab to the search field", "type drosiba", "Enter"),
    ),
    Task(
        open_the_first_hit_by_keyboard,
        gov_uk=(*_SKIP, *_GOV_UK_CONTROLS, "Tab: the hit", "Enter"),
    ),
    Task(
        open_the_next_page_by_keyboard,
        gov_uk=(*_SKIP, *_GOV_UK_CONTROLS, *["Tab: a hit"] * 20, "Tab: Next page", "Enter"),
    ),
    Task(leave_an_empty_answer_by_keyboard),
    Task(read_the_next_hit_by_keyboard),
    Task(
        search_again_by_keyboard,
        gov_uk=(*_SKIP, "Tab to the search field", "type budžets", "Enter"),
        federal_register=(*_SKIP, "Tab to the search field", "type budžets", "Enter"),
    ),
    Task(change_the_language_by_keyboard),
    Task(correct_a_wrong_date),
    Task(
        open_the_documentation,
        federal_register=("Reader Aids", "Developer Resources", "API Documentation"),
    ),
    Task(try_an_endpoint, federal_register=("open the endpoint", "Try it out", "Execute")),
    Task(get_the_description),
    Task(get_a_release_as_json, federal_register=("click the hit", "Developer Tools", "JSON")),
    Task(read_what_a_field_means, federal_register=("open the endpoint", "Schema", "open the model")),
    Task(get_all_hits_as_lines),
    Task(get_the_hits_as_json_feed, federal_register=("JSON",)),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config, _ = build_library(tmp_path_factory.mktemp("library"))
    config.write_text(config.read_text(encoding="utf-8") + "answer_s = 60\n", encoding="utf-8")
    with serving(config) as served:
        yield served


@pytest.fixture(scope="module", params=[(), NO_SCRIPT], ids=["js", "no-js"])
def arguments(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return the arguments of Chromium, with and without scripts."""
    chosen: tuple[str, ...] = request.param
    return chosen


@pytest.fixture(scope="module")
def browser(
    arguments: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path_factory.mktemp("profile"), arguments) as driver:
        set_screen(driver, 1280, 900)
        yield driver


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.do.__name__)
def test_no_task_takes_more_actions_than_at_a_peer(
    browser: webdriver.Chrome, arguments: tuple[str, ...], address: str, task: Task
) -> None:
    if task.needs_script and arguments:
        pytest.skip("only a script can copy; without it the text is selected by hand")
    person = Person(browser, address)
    task.do(person)
    for steps in (task.gov_uk, task.federal_register):
        # The flows of the peers need scripts; without them a task need only be possible.
        assert arguments or not steps or person.actions <= actions_of(steps)
