"""Two engines on the same releases: what differs is found, and between ours nothing does."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from benchmarks.build import write_store
from benchmarks.parity import build_index, compare, delete_indices, institutions, report, settings_of
from benchmarks.random_queries import KINDS, random_queries
from crawler.store import Store
from index.analysis import Analyzer, default_analyzer
from index.engines import Engine
from index.query import Everything, Query

pytestmark = pytest.mark.sweep

RELEASES = 200


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return default_analyzer()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parity")
    write_store(made / "releases.sqlite3", RELEASES)
    return made


@pytest.fixture(scope="module")
def whoosh(folder: Path, analyzer: Analyzer) -> Engine:
    return build_index(settings_of("whoosh", ()), folder / "whoosh", folder / "releases.sqlite3", analyzer)


def made_queries(folder: Path, engine: Engine, analyzer: Analyzer, count: int) -> list[Query]:
    with Store.open_readonly(folder / "releases.sqlite3") as store:
        made = random_queries(store, count)
        return [query.parsed(analyzer, institutions(engine)) for query in made]


def test_a_missing_release_is_found_in_totals_facets_and_hits(
    folder: Path, whoosh: Engine, analyzer: Analyzer
) -> None:
    write_store(folder / "fewer.sqlite3", RELEASES - 1)
    fewer = build_index(settings_of("whoosh", ()), folder / "fewer", folder / "fewer.sqlite3", analyzer)
    everything = Query(text="", clause=Everything(), reading="")
    parity = compare((whoosh, fewer), [everything])
    assert not parity.is_reached
    assert all(parity.count(kind) == 1 for kind in ("total", "facets", "histogram", "found"))
    assert f"{RELEASES} and {RELEASES - 1}" in "\n".join(report("query", parity, shown=1))


def test_the_random_queries_are_of_all_kinds_and_most_find_something(
    folder: Path, whoosh: Engine, analyzer: Analyzer
) -> None:
    parity = compare((whoosh, whoosh), made_queries(folder, whoosh, analyzer, 3 * len(KINDS)))
    assert parity.is_reached
    assert parity.with_hits > parity.queries / 2
    assert parity.differences == {}


@pytest.fixture
def prefix(opensearch_urls: tuple[str, ...]) -> Iterator[str]:
    name = f"parity-{uuid.uuid4().hex[:8]}"
    yield name
    delete_indices(opensearch_urls[0], name)
    left = requests.get(f"{opensearch_urls[0]}/_cat/indices/{name}*", {"format": "json"}, timeout=60).json()
    assert left == []


def test_opensearch_answers_as_the_embedded_engine_does(
    folder: Path, whoosh: Engine, analyzer: Analyzer, opensearch_urls: tuple[str, ...], prefix: str
) -> None:
    settings = settings_of("opensearch", opensearch_urls, prefix=prefix, shards=3)
    cluster = build_index(settings, folder / prefix, folder / "releases.sqlite3", analyzer)
    parity = compare((whoosh, cluster), made_queries(folder, whoosh, analyzer, 5 * len(KINDS)))
    assert parity.is_reached, "\n".join(report("random queries", parity, shown=3))
    assert parity.first_share == 1
