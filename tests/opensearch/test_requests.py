"""How many requests a search costs, counted at a proxy before the cluster."""

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.natural_corpus import releases
from benchmarks.parity import build_index, delete_indices, settings_of
from benchmarks.random_queries import TODAY
from crawler.config import Storage
from crawler.store import Store
from index.analysis import Analyzer, default_analyzer
from index.engines import ServingEngine, open_engine
from index.query import parse
from tests.opensearch.nonsense_proxy import NonsenseProxy, before

RELEASES = 400
QUERIES = (
    "gads",
    "valsts",
    "latvija",
    "cilvēks",
    "valsts gads",
    "Latvijas valsts",
    "liels darbs",
    "gads laiks",
)
"""Each matches more releases than a page, so none is broadened."""


@pytest.fixture
def proxy(opensearch_urls: tuple[str, ...]) -> Iterator[NonsenseProxy]:
    with before(opensearch_urls[0]) as proxy:
        yield proxy


@pytest.fixture
def analyzer() -> Analyzer:
    return default_analyzer()


@pytest.fixture
def server(
    proxy: NonsenseProxy, analyzer: Analyzer, opensearch_urls: tuple[str, ...], tmp_path: Path
) -> Iterator[ServingEngine]:
    """Yield the engine of a server before which the proxy counts."""
    path, prefix = tmp_path / "releases.sqlite3", f"requests-{uuid.uuid4().hex[:8]}"
    with Store(path) as store, store.transaction():
        for release in releases(RELEASES):
            store.save(release, seen=datetime(2026, 1, 1, tzinfo=UTC))
    settings = settings_of("opensearch", [proxy.address], prefix=prefix, shards=2, replicas=0)
    build_index(settings, tmp_path, path, analyzer)
    engine = open_engine(Storage(data_dir=tmp_path), settings, analyzer)
    stopped = threading.Event()
    stopped.set()
    engine.keep_verified(60, stopped)
    engine.info()
    yield engine
    delete_indices(opensearch_urls[0], prefix)


def count(proxy: NonsenseProxy, engine: ServingEngine, analyzer: Analyzer, text: str) -> int:
    """Return how many requests a search sends, but for those that ask which index is in use."""
    proxy.paths.clear()
    assert engine.search(parse(text, analyzer=analyzer, today=TODAY)).total >= 10
    in_use = [path for path in proxy.paths if "_mapping" in path]
    assert all("local=true" in path for path in in_use)
    return len(proxy.paths) - len(in_use)


def test_a_search_takes_three_requests_and_one_that_is_known_fewer(
    proxy: NonsenseProxy, server: ServingEngine, analyzer: Analyzer
) -> None:
    # Terms and words, hits and counts, the texts of a page.
    new = [count(proxy, server, analyzer, text) for text in QUERIES]
    again = [count(proxy, server, analyzer, text) for text in QUERIES]
    assert sum(new) <= 3 * len(new), new
    assert again == [1] * len(again)
