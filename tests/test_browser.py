"""The page as a user sees it, in headless Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

from tests.conftest import Walk
from tests.support.serving import serving

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver on the PATH"),
]
# Runs as root and offline: no sandbox, no background requests.
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NO_SCRIPT = ("--blink-settings=scriptEnabled=false",)


@pytest.fixture(scope="module")
def address(walked: Walk) -> Iterator[str]:
    with serving(walked.config) as served:
        yield served


@pytest.fixture
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path}", *getattr(request, "param", ())):
        options.add_argument(argument)
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


def marked(browser: webdriver.Chrome) -> list[str]:
    return [element.text for element in browser.find_elements(By.TAG_NAME, "mark")]


@pytest.mark.parametrize("browser", [(), NO_SCRIPT], indirect=True, ids=["js", "no-js"])
def test_a_search_highlights_the_words_of_the_query(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address)
    browser.find_element(By.ID, "q").send_keys("drosibas izaicinajumi", Keys.ENTER)
    WebDriverWait(browser, 10).until(expected.url_contains("q=drosibas"))
    assert "rezultāt" in browser.find_element(By.CSS_SELECTOR, ".bar [role=status]").text
    assert "drošības izaicinājumiem" in marked(browser)


def test_a_filter_narrows_the_hits_and_can_be_removed(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=ministrija&ministry=Finanšu+ministrija")
    shown = browser.find_elements(By.CSS_SELECTOR, ".hits .meta span:first-of-type")
    assert {element.text for element in shown} == {"Finanšu ministrija"}
    browser.find_element(By.CSS_SELECTOR, ".chosen a").click()
    WebDriverWait(browser, 10).until_not(expected.url_contains("ministry="))


def test_pages_fit_a_phone(browser: webdriver.Chrome, address: str) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    for path in ("/?q=ministrija", "/palidziba"):
        browser.get(address + path)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= phone["width"]


def test_a_script_in_the_query_does_not_run(browser: webdriver.Chrome, address: str) -> None:
    browser.get(f"{address}/?q=%22%3E%3Cscript%3Edocument.title%3D%27owned%27%3C%2Fscript%3E")
    assert "owned" not in browser.title.partition("<")[0]
    assert all(script.get_attribute("src") for script in browser.find_elements(By.TAG_NAME, "script"))


def test_a_completion_is_chosen_by_keyboard(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address)
    box = browser.find_element(By.ID, "q")
    box.send_keys("drosib")
    WebDriverWait(browser, 10).until(lambda _: box.get_attribute("aria-expanded") == "true")
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    WebDriverWait(browser, 10).until(expected.url_contains("q=dro%C5%A1%C4%ABb"))
