from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient

from crawler.store import Store
from searcher import create_app
from searcher.feeds.entries import published_at, urn
from tests.support.shelf import RELEASES, Shelf, build_shelf, index

SEEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 1), datetime(2026, 3, 1, 10, tzinfo=UTC)),  # noon in Riga
        (date(2026, 3, 2), SEEN),
        (date(2031, 1, 1), SEEN),
        (None, SEEN),
        (date(1, 1, 1), datetime(1, 1, 1, 10, 23, 26, tzinfo=UTC)),  # by local mean time
    ],
)
def test_the_moment_of_publication_is_never_in_the_future(day: date | None, expected: datetime) -> None:
    assert published_at(day, SEEN) == expected


def entries(
    client: FlaskClient, address: str = "/feed.atom?q=drošība"
) -> dict[str, feedparser.FeedParserDict]:
    """Return the entries of a feed as a reader has them, by the last part of their link."""
    found = feedparser.parse(client.get(address).data)
    assert not found.bozo, found.get("bozo_exception")
    return {entry.link.rpartition("/")[2]: entry for entry in found.entries}


def test_an_edit_updates_its_entry(shelf_client: FlaskClient) -> None:
    entry = entries(shelf_client)["labota"]
    assert entry.updated.startswith("2026-03-04T09:00:00.")
    assert entry.published == "2026-03-02T09:00:00.000000Z"
    assert "10.00" in entry.content[0].value


def test_releases_read_at_the_same_moment_are_told_apart(shelf_client: FlaskClient) -> None:
    moments = [entry.updated for entry in entries(shelf_client, "/feed.atom").values()]
    assert len({moment[:19] for moment in moments}) < len({*moments}) == len(moments)


def test_hidden_releases_are_left_out_before_the_next_reindex(shelf_client: FlaskClient) -> None:
    assert entries(shelf_client, "/feed.atom?q=noslēpums") == {}
    assert shelf_client.get("/feed.json?q=noslēpums").get_json()["items"] == []


def test_a_release_that_moved_keeps_the_id_of_its_entry(shelf: Shelf, shelf_client: FlaskClient) -> None:
    assert shelf.ids["jauna"] != shelf.ids["veca"]
    (moved,) = (entry for entry in entries(shelf_client).values() if entry.title == "Drošība jūrā")
    assert moved.id == urn(f"release {shelf.ids['veca']}")


def test_the_entry_of_a_release_that_is_gone_leads_to_our_page(
    shelf: Shelf, shelf_client: FlaskClient
) -> None:
    entry = entries(shelf_client)[shelf.ids["pazudusi"]]
    assert entry.link == f"https://relizes.example.lv/releases/{shelf.ids['pazudusi']}"
    assert "vietnē vairs nav pieejama" in entry.content[0].value


def test_no_address_of_a_person_is_in_a_feed(shelf_client: FlaskClient) -> None:
    assert "prese@" not in shelf_client.get("/feed.atom?q=saziņa").text


def test_the_feed_of_a_search_that_matches_only_in_part_has_its_hits(shelf_client: FlaskClient) -> None:
    answer = shelf_client.get("/api/v1/search?q=seminārs+jūrā+diena").get_json()
    assert answer["widened"]
    assert len(entries(shelf_client, "/feed.atom?q=seminārs+jūrā+diena")) == answer["total"]


def test_the_pages_of_a_feed_have_every_hit_once(shelf_client: FlaskClient) -> None:
    seen: list[str] = []
    address: str | None = "/feed.atom?q=drošība&per_page=2"
    while address:
        feed = feedparser.parse(shelf_client.get(address).data)
        seen += [entry.id for entry in feed.entries]
        links = {link.rel: link.href for link in feed.feed.links}
        address = links.get("next", "").removeprefix("https://relizes.example.lv")
    total = shelf_client.get("/api/v1/search?q=drošība").get_json()["total"]
    assert len(seen) == len({*seen}) == total


def test_a_recent_edit_of_an_old_release_is_on_the_first_page(tmp_path: Path) -> None:
    fresh = build_shelf(tmp_path)
    now = datetime.now(UTC) - timedelta(hours=1)
    old = RELEASES[-1]
    with Store(fresh.store) as store:
        store.save(replace(old, body="Par drošību, labots."), seen=now)
    index(fresh.config)
    client = create_app(fresh.config).test_client()
    assert "mail" in entries(client, "/feed.atom?q=dro%C5%A1%C4%ABba&per_page=1")
    assert "mail" not in entries(client, "/feed.atom?q=dro%C5%A1%C4%ABba&page=2&per_page=1")
