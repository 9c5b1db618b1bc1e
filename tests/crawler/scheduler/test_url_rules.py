"""Tests of the rules that decide which URLs are worth fetching."""

import pytest

from crawler.scheduler.url_rules import is_wanted
from tests.support.site_crawl import (
    Web,
    config_for,
)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/lv/jaunums/x", True),
        ("/lv/jaunums/" + "a" * 3000, False),
        ("/a/b/a/b/a/b/a/b", False),
        ("/" + "/".join(map(str, range(30))), False),
    ],
)
def test_urls_that_only_traps_have_are_not_wanted(web: Web, path: str, wanted: bool) -> None:
    site = config_for(web).sites[0]
    assert is_wanted(web.origin + path, web.origin, site) is wanted
