"""Headless Chromium, for the tests of the pages as people see and use them."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver

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
