"""Somebody at Chromium, whose clicks, keys and letters are counted."""

from urllib.request import urlopen

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.support.chromium import find, wait_until

TABS_MAX = 40


class Person:
    """Somebody at the browser, whose actions are counted."""

    def __init__(self, browser: webdriver.Chrome, address: str) -> None:
        self.browser, self._address = browser, address
        self.actions = 0

    def open(self, path: str) -> None:
        self.browser.get(self._address + path)

    def click(self, selector: str) -> None:
        target = find(self.browser, selector)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", target)
        # The driver refuses to click in a closed `details`, though wide screens show the menu in it.
        ActionChains(self.browser).move_to_element(target).click().perform()
        self.actions += 1

    def apply(self) -> None:
        """Press the button of the open filter, if ticking it was not enough."""
        if not self.has_scripts:
            self.click(".filter[open] .apply button")

    @property
    def has_scripts(self) -> bool:
        """Whether the scripts of the search page run."""
        return bool(self.browser.execute_script("return 'live' in document.documentElement.dataset"))

    def type(self, text: str) -> None:
        self.browser.switch_to.active_element.send_keys(text)
        self.actions += len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.type(key)

    def tab_to(self, selector: str) -> None:
        for _ in range(TABS_MAX):
            self.press(Keys.TAB)
            if self.browser.execute_script("return document.activeElement.matches(arguments[0])", selector):
                return
        pytest.fail(f"{selector} is not reached by {TABS_MAX} tabs")

    def sees(self, text: str) -> None:
        """Wait until the page shows *text*."""
        wait_until(self.browser, lambda browser: text in browser.find_element(By.TAG_NAME, "body").text)

    def comes_to(self, address: str) -> None:
        """Wait until the page has an *address* with this in it."""
        wait_until(self.browser, lambda browser: address in browser.current_url)

    def read(self, selector: str) -> str:
        """Return what a program gets at the address of a link, without the actions of a person."""
        link = find(self.browser, selector).get_attribute("href")
        self.actions += 1
        with urlopen(str(link)) as answer:
            text: str = answer.read().decode()
        return text
