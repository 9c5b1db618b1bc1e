"""Walks through all hits, by cursors, by pages and as a list: each hit comes once, in one order."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks.natural_corpus import releases
from benchmarks.parity import build_index, delete_indices, settings_of
from benchmarks.random_queries import TODAY
from crawler.config import Storage
from crawler.store import Store
from index.analysis import Analyzer, default_analyzer
from index.config import IndexConfig
from index.engines import ServingEngine, open_engine
from index.engines.opensearch.search import ranked_walk
from index.query import Query, Sort, parse

RELEASES, EVERY = 1_500, 5
"""Releases, and of which one is a near-duplicate of the one before it."""
QUERIES = ("gads", "valsts", "Latvija gads", "latvijas valsts darbs")


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return default_analyzer()


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walks") / "releases.sqlite3"
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    with Store(path) as store, store.transaction():
        for release in releases(RELEASES):
            store.save(release, seen=seen)
        ids = [stored.id for stored in store.changes_since(0)]
        for first, second in zip(ids[::EVERY], ids[1::EVERY], strict=True):
            store.set_cluster(second, first, seen=seen)
    return path


@pytest.fixture(scope="module")
def embedded(store_path: Path, analyzer: Analyzer) -> ServingEngine:
    return build_index(settings_of("whoosh", ()), store_path.parent / "embedded", store_path, analyzer)


@pytest.fixture(scope="module")
def settings(store_path: Path, analyzer: Analyzer, opensearch_urls: tuple[str, ...]) -> Iterator[IndexConfig]:
    prefix = f"walks-{uuid.uuid4().hex[:8]}"
    settings = settings_of("opensearch", opensearch_urls, prefix=prefix, shards=3, replicas=0)
    build_index(settings, store_path.parent / "clustered", store_path, analyzer)
    yield settings
    delete_indices(opensearch_urls[0], prefix)


@pytest.fixture
def clustered(settings: IndexConfig, store_path: Path, analyzer: Analyzer) -> ServingEngine:
    """Return the engine of a server that has just been started."""
    return open_engine(Storage(data_dir=store_path.parent / "clustered"), settings, analyzer)


def asked(text: str, analyzer: Analyzer, sort: Sort) -> Query:
    return replace(parse(text, analyzer=analyzer, today=TODAY), sort=sort, per_page=100)


def walk(engine: ServingEngine, query: Query) -> tuple[list[str], int]:
    """Return the ids of all pages by cursor, and the total."""
    ids, cursor, total = list[str](), "*", 0
    while cursor:
        answer = engine.search(replace(query, cursor=cursor))
        ids += [hit.id for hit in answer.hits]
        cursor, total = answer.cursor or "", answer.total
    return ids, total


def listed(engine: ServingEngine, query: Query) -> list[str]:
    return [release.id for release in engine.listing(query).releases()]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("text", QUERIES)
def test_a_walk_is_that_of_one_machine(
    embedded: ServingEngine, clustered: ServingEngine, analyzer: Analyzer, text: str, sort: Sort
) -> None:
    query = asked(text, analyzer, sort)
    ids, total = walk(clustered, query)
    assert (len(ids), total) == (len(set(ids)), len(ids))
    assert (ids, total) == walk(embedded, query)
    assert ids == listed(clustered, query)


@pytest.mark.parametrize("text", QUERIES)
def test_beyond_what_is_ranked_a_walk_goes_on_in_the_order_of_the_cluster(
    clustered: ServingEngine, analyzer: Analyzer, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = asked(text, analyzer, "relevance")
    whole = listed(clustered, query)
    monkeypatch.setattr(ranked_walk, "_RANKED_MAX", 150)
    monkeypatch.setattr(ranked_walk, "_PENDING_MAX", 40)
    ids = listed(clustered, query)
    assert sorted(ids) == sorted(whole)
    by_page = [hit.id for page in range(1, 4) for hit in clustered.search(replace(query, page=page)).hits]
    assert by_page == ids[:300]
    assert walk(clustered, replace(query, per_page=70)) == (ids, len(whole))
