"""Headless Chromium, for the tests of the pages as people see and use them."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver on the PATH"),
]
# Runs as root and offline: no sandbox, no background requests.
_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NO_SCRIPT = ("--blink-settings=scriptEnabled=false",)
LOADED_S = 120  # a busy machine takes long
# Right after a click the old page may still be there, or go while it is read.
_UNDER_WAY = (NoSuchElementException, StaleElementReferenceException)
# So the driver calls an element whose page goes between two of its own steps; the error has no class.
_GONE = "does not belong to the document"

T = TypeVar("T")


@contextmanager
def open_chromium(profile: Path, arguments: Sequence[str] = ()) -> Iterator[webdriver.Chrome]:
    """Start Chromium with its *profile* in an empty folder, and quit it when the block ends."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*_ARGUMENTS, f"--user-data-dir={profile}", *arguments):
        options.add_argument(argument)
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


def set_screen(browser: webdriver.Chrome, width: int, height: int = 800) -> None:
    """Give the pages a screen of *width* by *height* CSS pixels."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def set_media(browser: webdriver.Chrome, *, media: str = "", **features: str) -> None:
    """Emulate a medium ("print") and media features (`prefers_color_scheme="dark"`)."""
    named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": named})


def wait_until(browser: webdriver.Chrome, check: Callable[[webdriver.Chrome], T]) -> T:
    """Return what *check* returns once it is true, on whichever page the browser has by then."""

    def check_page(page: webdriver.Chrome) -> T:
        try:
            return check(page)
        except WebDriverException as error:
            if _GONE in str(error):
                raise StaleElementReferenceException(str(error)) from error
            raise

    return WebDriverWait(browser, LOADED_S, ignored_exceptions=_UNDER_WAY).until(check_page)


def find(browser: webdriver.Chrome, selector: str) -> WebElement:
    """Wait for an element of the page, which may still be on its way."""
    return wait_until(browser, lambda page: page.find_element(By.CSS_SELECTOR, selector))
