"""The page as a user sees it, in headless Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expected

from tests.conftest import Walk
from tests.support.chromium import MARKS, NO_SCRIPT, find, open_chromium, set_screen, wait_until
from tests.support.serving import serving

pytestmark = [*MARKS, pytest.mark.long_sweep]


@pytest.fixture(scope="module")
def address(walked: Walk) -> Iterator[str]:
    with serving(walked.lean_config) as served:
        yield served


@pytest.fixture
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path, getattr(request, "param", ())) as driver:
        yield driver


def marked(browser: webdriver.Chrome) -> list[str]:
    return [element.text for element in browser.find_elements(By.TAG_NAME, "mark")]


@pytest.mark.parametrize("browser", [(), NO_SCRIPT], indirect=True, ids=["js", "no-js"])
def test_a_search_highlights_the_words_of_the_query(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address)
    browser.find_element(By.ID, "q").send_keys("drosibas izaicinajumi", Keys.ENTER)
    wait_until(browser, expected.url_contains("q=drosibas"))
    assert "rezultāt" in find(browser, ".bar [role=status]").text
    assert "drošības izaicinājumiem" in marked(browser)


def test_a_filter_narrows_the_hits_and_can_be_removed(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=ministrija&ministry=Finanšu+ministrija")
    shown = browser.find_elements(By.CSS_SELECTOR, ".hits .meta time + span")
    assert {element.text for element in shown} == {"Finanšu ministrija"}
    browser.find_element(By.CSS_SELECTOR, ".chosen button").click()
    wait_until(browser, lambda page: "ministry=" not in page.current_url)


def test_filters_keep_words_taken_away_and_another_query_does_not(
    browser: webdriver.Chrome, address: str
) -> None:
    set_screen(browser, 360)
    browser.get(f"{address}/?q=ministrija&without=līksme")
    find(browser, "#filter-institution > summary").click()
    find(browser, ".value input").click()
    wait_until(browser, expected.url_contains("ministry="))
    assert find(browser, ".left-out :checked").get_attribute("value") == "līksme"
    box = find(browser, "#q")
    box.clear()
    box.send_keys("drošība", Keys.ENTER)
    wait_until(browser, expected.url_contains("q=dro"))
    assert "without=" not in browser.current_url


def test_the_sign_of_an_addition_stays_with_its_text(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/palidziba")
    lines = """
        const text = document.createElement("p"), ins = document.createElement("ins");
        ins.textContent = "(precizēts)";
        text.append("Valsts policijā apvienos ", ins);
        document.querySelector("main").append(text);
        const counts = new Set();
        for (let width = 200; width < 500; width++) {
            text.style.width = `${width}px`;
            counts.add(ins.getClientRects().length);
        }
        return [...counts];
    """
    assert browser.execute_script(lines) == [1]


def test_a_script_in_the_query_does_not_run(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=%22%3E%3Cscript%3Edocument.title%3D%27owned%27%3C%2Fscript%3E")
    assert "owned" not in browser.title.partition("<")[0]
    assert all(script.get_attribute("src") for script in browser.find_elements(By.TAG_NAME, "script"))


# --- Suggestions ------------------------------------------------------------------------------


def box_with_suggestions(browser: webdriver.Chrome, address: str, typed: str) -> WebElement:
    """Open the start page and type until suggestions are open; return the search box."""
    browser.get(address)
    box = browser.find_element(By.ID, "q")
    box.send_keys(typed)
    wait_until(browser, lambda _: box.get_attribute("aria-expanded") == "true")
    return box


def is_open(box: WebElement) -> bool:
    return box.get_attribute("aria-expanded") == "true"


def active(browser: webdriver.Chrome, box: WebElement) -> str | None:
    """Return the text of the active suggestion."""
    id_ = box.get_attribute("aria-activedescendant")
    return browser.find_element(By.ID, id_).text if id_ else None


def test_a_completion_is_chosen_by_keyboard(browser: webdriver.Chrome, address: str) -> None:
    box = box_with_suggestions(browser, address, "drosib")
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    wait_until(browser, expected.url_contains("q=dro%C5%A1%C4%ABb"))


def test_arrows_walk_in_a_circle_and_the_typed_text_stays(browser: webdriver.Chrome, address: str) -> None:
    box = box_with_suggestions(browser, address, "drosib")
    options = [option.text for option in browser.find_elements(By.CSS_SELECTOR, "#completions li")]
    box.send_keys(Keys.ARROW_UP)
    assert active(browser, box) == options[-1]
    box.send_keys(Keys.ARROW_DOWN)
    assert active(browser, box) == options[0]
    box.send_keys(Keys.HOME)
    assert (active(browser, box), box.get_attribute("value")) == (None, "drosib")


def test_escape_closes_then_clears_and_alt_down_opens_again(browser: webdriver.Chrome, address: str) -> None:
    box = box_with_suggestions(browser, address, "drosib")
    box.send_keys(Keys.ESCAPE)
    assert (is_open(box), box.get_attribute("value")) == (False, "drosib")
    box.send_keys(Keys.ALT, Keys.ARROW_DOWN)
    assert (is_open(box), active(browser, box)) == (True, None)
    box.send_keys(Keys.NULL, Keys.ESCAPE, Keys.ESCAPE)
    assert (is_open(box), box.get_attribute("value")) == (False, "")


def test_the_number_of_suggestions_is_announced_in_words(browser: webdriver.Chrome, address: str) -> None:
    box_with_suggestions(browser, address, "drosib")
    announced = browser.find_element(By.CSS_SELECTOR, "form > [role=status]").get_attribute("textContent")
    assert re.fullmatch(r"\d+ ieteikum(s|i|u)", str(announced))


def test_only_the_main_button_takes_a_suggestion(browser: webdriver.Chrome, address: str) -> None:
    box_with_suggestions(browser, address, "drosib")
    option = browser.find_element(By.CSS_SELECTOR, "#completions li")
    ActionChains(browser).context_click(option).perform()
    assert browser.current_url.rstrip("/") == address
    option.click()
    wait_until(browser, expected.url_contains("q="))


def test_an_institution_becomes_a_filter(browser: webdriver.Chrome, address: str) -> None:
    box_with_suggestions(browser, address, "aizsardzības min")
    options = browser.find_elements(By.CSS_SELECTOR, "#completions li")
    next(option for option in options if option.text.endswith("iestāde")).click()
    wait_until(browser, expected.url_contains("ministry=Aizsardz"))
    assert find(browser, "#q").get_attribute("value") == ""


def test_a_title_opens_its_release(browser: webdriver.Chrome, address: str) -> None:
    box_with_suggestions(browser, address, "valsts policijā apvienos")
    options = browser.find_elements(By.CSS_SELECTOR, "#completions li")
    next(option for option in options if option.text.startswith("Valsts policijā")).click()
    wait_until(browser, expected.url_contains("/releases/"))
    assert "Valsts policijā apvienos" in find(browser, "h1").text


# --- Filters ----------------------------------------------------------------------------------


def test_an_institution_is_found_within_the_folded_list(browser: webdriver.Chrome, address: str) -> None:
    set_screen(browser, 360)
    browser.get(f"{address}/?q=ministrija")
    browser.find_element(By.CSS_SELECTOR, "#filter-institution > summary").click()
    more = browser.find_element(By.CSS_SELECTOR, "details.more[data-within]")
    more.find_element(By.TAG_NAME, "summary").click()
    wanted = more.find_elements(By.CSS_SELECTOR, "label span:first-of-type")[-1].text
    more.find_element(By.CSS_SELECTOR, "input.within").send_keys(wanted[:6].lower())
    shown = [label.text for label in more.find_elements(By.CSS_SELECTOR, "label") if label.is_displayed()]
    assert shown
    assert all(label.startswith(wanted[:6]) for label in shown)
    assert len(shown) < len(more.find_elements(By.CSS_SELECTOR, "label"))


@pytest.mark.parametrize("browser", [(), NO_SCRIPT], indirect=True, ids=["js", "no-js"])
@pytest.mark.parametrize("width", [360, 1440])
def test_a_filter_opens_and_applies_within_reach(browser: webdriver.Chrome, address: str, width: int) -> None:
    set_screen(browser, width)
    browser.get(f"{address}/?q=ministrija&language=lv")
    assert find(browser, "#filter-language > summary").text.split()[:2] == ["Valoda", "1"]
    assert not find(browser, "#filter-institution .apply button").is_displayed()
    find(browser, "#filter-institution > summary").click()
    find(browser, ".value input").click()
    wait_until(browser, lambda _: 0 < find(browser, "#filter-institution .apply button").rect["y"] < 800)


def test_a_tick_is_applied_in_place(browser: webdriver.Chrome, address: str) -> None:
    """The focus, the open filter and what is typed stay; the number is announced, and Back undoes it."""
    browser.get(f"{address}/?q=ministrija")
    browser.execute_script("window.isSamePage = true")
    all_of_them = find(browser, ".bar [role=status]").text
    find(browser, "#q").send_keys(" valsts", Keys.TAB)  # closes the completions
    find(browser, "#filter-institution > summary").click()
    find(browser, "[name=ministry][value^=Aizs]").send_keys(Keys.SPACE)
    wait_until(browser, expected.url_contains("ministry=Aizs"))
    focused = browser.switch_to.active_element
    assert (focused.get_attribute("name"), focused.is_selected()) == ("ministry", True)
    assert "q=ministrija+valsts" in browser.current_url
    found = find(browser, ".bar [role=status]").text
    announced = [
        str(one.get_attribute("textContent")) for one in browser.find_elements(By.CSS_SELECTOR, "form > .sr")
    ]
    assert found in announced
    assert found != all_of_them
    browser.back()
    wait_until(
        browser, lambda page: page.find_element(By.CSS_SELECTOR, ".bar [role=status]").text == all_of_them
    )
    assert find(browser, "#q").get_attribute("value") == "ministrija"
    assert not find(browser, "[name=ministry][value^=Aizs]").is_selected()
    assert browser.execute_script("return window.isSamePage")


def test_what_is_typed_goes_with_a_press(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=ministrija")
    find(browser, "#q").send_keys(" valsts", Keys.TAB)  # closes the completions
    find(browser, ".sort button[value*=oldest]").click()
    wait_until(browser, expected.url_contains("sort=oldest"))
    assert "q=ministrija+valsts" in browser.current_url
    assert browser.switch_to.active_element.get_attribute("aria-current") == "true"


def test_the_next_page_begins_at_its_top(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=ministrija")
    find(browser, ".pages .next").click()
    wait_until(browser, expected.url_contains("page=2"))
    assert browser.switch_to.active_element.get_attribute("id") == "results"
    assert (
        browser.execute_script("return document.getElementById('results').getBoundingClientRect().top") > -5
    )


def test_escape_closes_a_filter_and_returns_to_its_chip(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address)
    find(browser, "#filter-time > summary").click()
    find(browser, "#from").send_keys("2020", Keys.ESCAPE)
    wait_until(browser, lambda page: page.switch_to.active_element.text.startswith("Laiks"))
    wait_until(browser, lambda _: find(browser, "#filter-time").get_attribute("open") is None)


@pytest.mark.parametrize("browser", [(), NO_SCRIPT], indirect=True, ids=["js", "no-js"])
def test_a_release_leads_to_the_next_hit_and_back(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=ministrija")
    find(browser, ".hits h2 a").click()
    following = find(browser, ".trail [rel=next]")
    assert "ministrija" in [text.lower() for text in marked(browser)]
    following.click()
    wait_until(browser, lambda page: "2. no" in page.find_element(By.CSS_SELECTOR, ".trail .count").text)
    find(browser, ".trail .back").click()
    find(browser, ".hits > :target")


# --- Layout -----------------------------------------------------------------------------------

# Returns each shift of the layout that no input caused, with what moved.
SHIFTS = """
const done = arguments[0], shifts = [];
const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
observer.observe({ type: "layout-shift", buffered: true });
requestAnimationFrame(() => setTimeout(() => {
  shifts.push(...observer.takeRecords());
  done(shifts.filter((one) => !one.hadRecentInput)
    .map((one) => `${one.value}: ${one.sources.map(({ node }) => node?.outerHTML?.slice(0, 90))}`));
}, 0));
"""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_loads(browser: webdriver.Chrome, address: str, width: int) -> None:
    set_screen(browser, width)
    shifts = {}
    for page in ("/", "/?q=ministrija", "/?q=budžets&from=2023", "/iestades", "/palidziba", "/api/v1/"):
        browser.get(address + page)
        shifts[page] = browser.execute_async_script(SHIFTS)
    browser.get(f"{address}/?q=ministrija")
    find(browser, "#hits h2 a").click()
    find(browser, ".citation button")
    shifts["a release"] = browser.execute_async_script(SHIFTS)
    assert {page: found for page, found in shifts.items() if found} == {}
