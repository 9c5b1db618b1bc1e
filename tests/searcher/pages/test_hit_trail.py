import re

import pytest

from tests.searcher.pages.conftest import Library, Page


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


@pytest.mark.parametrize("per_page", [1, 2, 3, 10])
def test_the_hits_can_be_walked_to_the_end_and_back(library: Library, per_page: int) -> None:
    search = f"q=droš*&sort=newest&per_page={per_page}"
    hits = re.findall(r'<li id="([^"]+)">', library.page("/?q=droš*&sort=newest&per_page=10"))
    assert len(hits) == 4
    for number, id_ in enumerate(hits):
        shown = library.page(f"/releases/{id_}?{search}&hit={number + 1}")
        ways = dict(WAY.findall(shown))
        for rel, other in (("prev", number - 1), ("next", number + 1)):
            leads_on = 0 <= other < len(hits)
            assert (rel in ways) is leads_on
            if leads_on:
                assert f"/releases/{hits[other]}?" in ways[rel]
                assert ways[rel].endswith(f"hit={other + 1}")
        back = re.search(r'<a class="back" href="([^"]+)"', shown)
        assert back is not None
        page = re.search(r"[?;]page=(\d+)", back[1])
        assert int(page[1] if page else 1) == number // per_page + 1


WAY = re.compile(r'<a rel="(prev|next)" href="([^"]+)"')
