"""Tests of the rules that decide which URLs are worth fetching."""

import pytest

from crawler.scheduler.url_rules import FOLDER_REPEATS_MAX, FOLDERS_MAX, is_wanted, redirects_home
from tests.support.site_crawl import (
    Web,
    config_for,
)

REPEATS = (FOLDER_REPEATS_MAX, FOLDER_REPEATS_MAX + 1)
FOLDERS = (FOLDERS_MAX, FOLDERS_MAX + 1)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/lv/jaunums/x", True),
        ("/lv/jaunums/" + "a" * 3000, False),
        ("/a/b/a/b/a/b/a/b", False),
        *(("/" + "/".join(["a"] * count), count <= FOLDER_REPEATS_MAX) for count in REPEATS),
        *(("/" + "/".join(map(str, range(count))), count <= FOLDERS_MAX) for count in FOLDERS),
        ("/" + "/".join(map(str, range(30))), False),
    ],
)
def test_urls_that_only_traps_have_are_not_wanted(web: Web, path: str, wanted: bool) -> None:
    site = config_for(web).sites[0]
    assert is_wanted(web.origin + path, web.origin, site) is wanted


@pytest.mark.parametrize(
    ("path", "is_home"),
    [
        ("/", True),
        ("/lv", True),
        ("/lv/", True),
        ("/lv/jaunumi", True),  # a start page
        ("/lv/jaunums", True),  # the folder above
        ("/lv/jaunums?id=1", False),  # a page by its number
        ("/?id=1", False),
        ("/lv/jaunums/y", False),
        ("/lv/jaunums/x/", False),
        ("/lv/jaun", False),
    ],
)
def test_a_redirect_to_a_page_above_leads_home(web: Web, path: str, *, is_home: bool) -> None:
    site, asked = config_for(web).sites[0], f"{web.origin}/lv/jaunums/x"
    assert redirects_home(asked, asked, web.origin + path, site) is is_home
