import re

import pytest

from tests.searcher.pages.conftest import Page


@pytest.mark.parametrize(
    ("hit", "place"),
    [
        ("1", "1. no 4"),
        ("2", "1. no 4"),  # it moved within its page
        ("3", None),  # it is not on that page of results
        ("500", None),
    ],
)
def test_the_place_among_the_hits_is_looked_up_again(page: Page, hit: str, place: str | None) -> None:
    newest = re.search(r'<li id="([^"]+)">', page("/?q=droš*&sort=newest"))
    assert newest is not None
    shown = page(f"/releases/{newest[1]}?q=droš*&sort=newest&hit={hit}")
    found = re.search(r'<span class="count">(\d+\. no \d+)</span>', shown)
    assert (found and found[1]) == place
    assert "Atpakaļ pie rezultātiem" in shown
