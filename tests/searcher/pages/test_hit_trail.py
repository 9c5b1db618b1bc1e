import re

import pytest

from searcher.pages.hit_trail import HitTrail, Neighbour, find_trail
from searcher.params import SearchParams
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
    listed = library.page("/?q=droš*&sort=newest&per_page=10").partition('<h2 class="nearest">')[0]
    hits = re.findall(r'<li id="([^"]+)">', listed)
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


def trail_of(
    library: Library, hit: int, *, per_page: int | None = None, name: str | None = None
) -> HitTrail | None:
    service = library.client.application.extensions["service"]
    params = SearchParams(q="droš*", sort="newest", per_page=per_page)
    ids = [one.id for one in service.results(params.model_copy(update={"per_page": 10})).hits]
    return find_trail(service, params, hit, library.ids[name] if name else ids[hit - 1])


def test_a_trail_names_the_place_and_both_neighbours(library: Library) -> None:
    service = library.client.application.extensions["service"]
    hits = service.results(SearchParams(q="droš*", sort="newest", per_page=10)).hits
    second = trail_of(library, 2, per_page=1)
    assert second == HitTrail(
        hit=2,
        total=4,
        page=2,
        previous=Neighbour(id=hits[0].id, title=hits[0].title.text, hit=1),
        next=Neighbour(id=hits[2].id, title=hits[2].title.text, hit=3),
    )
    first, last = trail_of(library, 1), trail_of(library, 4)
    assert first is not None
    assert last is not None
    assert (first.previous, first.page, last.next, last.page) == (None, 1, None, 2)  # two are on a page


@pytest.mark.parametrize("hit", [-1, 0, 1_001])
def test_a_number_that_no_hit_has_leads_nowhere(library: Library, hit: int) -> None:
    assert trail_of(library, hit, name="seminars") is None
