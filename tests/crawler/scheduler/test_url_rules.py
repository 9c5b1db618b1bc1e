"""Tests of the rules that decide which URLs are worth fetching."""

import pytest

from crawler.scheduler.url_rules import (
    FOLDER_REPEATS_MAX,
    FOLDERS_MAX,
    URL_CHARS_MAX,
    is_front_page,
    is_of_other_language,
    is_wanted,
    redirects_home,
)
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


def test_bounds_of_an_address_are_these(web: Web) -> None:
    assert (URL_CHARS_MAX, FOLDERS_MAX, FOLDER_REPEATS_MAX) == (2_000, 15, 3)
    site, start = config_for(web).sites[0], f"{web.origin}/lv/"
    for chars, wanted in ((2_000, True), (2_001, False)):
        assert is_wanted(start.ljust(chars, "a"), web.origin, site) is wanted


def test_what_is_on_another_site_or_denied_is_not_wanted(web: Web) -> None:
    site = config_for(web, site={"deny": ["^/en/"]}).sites[0]
    assert is_wanted(f"{web.origin}/lv/x", web.origin, site)
    assert not is_wanted(f"{web.origin}/en/x", web.origin, site)
    assert not is_wanted("https://other.lv/lv/x", web.origin, site)
    assert is_wanted("https://other.lv/lv/x", "https://other.lv/", site)


@pytest.mark.parametrize(
    ("path", "is_front"),
    [
        *((f"/{name}", True) for name in ("", "lv", "en", "ru", "lat", "eng", "rus")),
        *((f"/{name}", True) for name in ("index.php", "index.html", "lv/jaunumi")),
        ("/lv?x=1", False),
        ("/lv/jaunumi?page=1", False),
        ("/de", False),
        ("/lv/x", False),
    ],
)
def test_front_pages_are_known_by_their_path(web: Web, path: str, *, is_front: bool) -> None:
    assert is_front_page(web.origin + path, config_for(web).sites[0]) is is_front


def test_an_answer_at_the_same_address_is_no_redirect(web: Web) -> None:
    site = config_for(web).sites[0]
    asked = f"{web.origin}/lv/"
    assert not redirects_home(f"{web.origin}/lv", asked, f"{web.origin}/lv", site)
    assert redirects_home(f"{web.origin}/lv/a/b", f"{web.origin}/lv/a/b", f"{web.origin}/lv/a", site)


@pytest.mark.parametrize(
    ("asked", "path", "is_home"),
    [
        ("/lv/jaunums/x", "/en", False),
        ("/zinas/x", "/rus", False),
        ("/en/news/x", "/ru", False),
        ("/en/news/x", "/eng", True),
        ("/en/news/x", "/lv", True),
        ("/en/news/x", "/", True),
    ],
)
def test_front_page_of_another_language_is_no_home(web: Web, asked: str, path: str, *, is_home: bool) -> None:
    url, home = web.origin + asked, web.origin + path
    assert redirects_home(url, url, home, config_for(web).sites[0])
    assert is_of_other_language(url, home) is not is_home
