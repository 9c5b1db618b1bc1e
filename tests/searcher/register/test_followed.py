"""What follows what fell due is linked and quoted on the calendar, on a release's page and in the API."""

from collections.abc import Sequence

import pytest

from crawler.store import Release, Store
from tests.support.judged_followers import judged_releases
from tests.support.registered import SEEN, Registered, build_registered, id_of

ADDRESSES = ("/kalendars?from=2017-01-01&to=2017-12-31", "/releases/{due}")
GYM: Sequence[Release] = judged_releases()[:2]
DUE, LATER = map(id_of, GYM)
QUOTE = "Cēsīs pabeigta Bērzaines pamatskolas sporta zāles atjaunošana."
API = "/api/v1/due?from=2017-01-01&to=2017-12-31"


@pytest.fixture
def registered(tmp_path_factory: pytest.TempPathFactory) -> Registered:
    return build_registered(tmp_path_factory.mktemp("followed"), also=GYM)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_quotes_what_follows(registered: Registered, address: str) -> None:
    page = registered.client.get(address.format(due=DUE)).text
    assert page.count(QUOTE) == 1
    assert "Turpinājums" in page
    assert f"/releases/{LATER}" in page


def test_the_api_has_what_follows_byte_for_byte(registered: Registered) -> None:
    (due,) = registered.client.get(API).get_json()["due"]
    later = due["followed_by"]
    assert (later["id"], later["title"], later["published"]) == (LATER, GYM[1].title, "2017-08-29")
    assert GYM[1].body[later["start"] : later["end"]] == later["text"] == QUOTE
    (other,) = registered.client.get("/api/v1/due").get_json()["due"]
    assert other["followed_by"] is None


def test_a_follower_that_was_hidden_is_shown_nowhere(registered: Registered) -> None:
    with Store(registered.store) as store:
        store.hide(GYM[1].url, seen=SEEN)
    shown = [registered.client.get(address.format(due=DUE)).text for address in (*ADDRESSES, API)]
    assert [page for page in shown if QUOTE in page or "Turpinājums" in page] == []
