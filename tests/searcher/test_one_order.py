"""One order of hits: pages, cursors, feeds and exports agree, also where hits tie."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.store import Store
from searcher import create_app
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.shelf import RELEASES, SEEN, index

SEARCHES = ("", "drošība", "ministrs", "drošība VAI ministrs", "drošība -ministrs")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of forty releases of a few days and texts, some undated, indexed in two steps."""
    folder = tmp_path_factory.mktemp("ties")
    config = folder / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nanswer_s = 60\n', encoding="utf-8")
    for first in (0, 20):
        fill(folder / "data" / "releases.sqlite3", first)
        index(config)
    return browse(create_app(config))


def fill(path: Path, first: int) -> None:
    with new_store(path) if first == 0 else Store(path) as store:
        for number in range(first, first + 20):
            day = None if number % 5 == 0 else date(2026, 1, 1 + number % 3)
            said = ("Drošība", "Ministrs", "Drošība un ministrs")[number % 3]
            release = replace(
                RELEASES[0],
                url=f"https://www.iem.example/{number}",
                title=said,
                lead="",
                body=f"{said} {number}",
                published=day,
                published_source="time" if day else "none",
                published_confidence="high" if day else "none",
            )
            store.save(release, seen=SEEN)


def by_page(client: FlaskClient, search: str, size: int) -> Iterator[str]:
    for page in range(1, 60):
        hits = client.get(f"/api/v1/search?{search}&per_page={size}&page={page}").get_json()["hits"]
        if not hits:
            return
        yield from (hit["id"] for hit in hits)


def by_cursor(client: FlaskClient, search: str, size: int) -> Iterator[str]:
    cursor = "*"
    while cursor:
        answer = client.get(f"/api/v1/search?{search}&per_page={size}&cursor={cursor}").get_json()
        yield from (hit["id"] for hit in answer["hits"])
        cursor = answer.get("next_cursor")


def by_export(client: FlaskClient, search: str) -> list[str]:
    return [
        json.loads(line)["id"] for line in client.get(f"/api/v1/search.ndjson?{search}").text.splitlines()
    ]


def by_feed(client: FlaskClient, text: str, size: int) -> Iterator[str]:
    for page in range(1, 60):
        found = client.get(f"/feed.json?q={text}&page={page}&per_page={size}").get_json()["items"]
        if not found:
            return
        yield from (entry["url"] for entry in found)


def address_of(client: FlaskClient, id_: str) -> str:
    return str(client.get(f"/api/v1/releases/{id_}").get_json()["url"])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.sampled_from(SEARCHES),
    sort=st.sampled_from(("relevance", "newest", "oldest")),
    size=st.integers(1, 17),
)
def test_all_forms_of_a_search_have_one_order(client: FlaskClient, text: str, sort: str, size: int) -> None:
    search = f"q={text}&sort={sort}"
    pages = [*by_page(client, search, size)]
    assert len(pages) == len({*pages})
    assert [*by_cursor(client, search, size)] == pages
    assert by_export(client, search) == pages
    if sort == "newest":
        assert [*by_feed(client, text, size)] == [address_of(client, id_) for id_ in pages]
