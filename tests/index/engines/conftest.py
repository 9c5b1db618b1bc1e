"""The engines that share one contract. A new engine adds a pair of functions to ``ENGINES``."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from index.analysis.latvian.hunspell import DICTIONARY
from index.config import ClusterSettings
from index.engines import IndexBuilder, ServingEngine
from index.engines.opensearch import ClusterBuilder, LiveClusterEngine
from index.engines.opensearch.connection import ClusterConnection
from index.engines.whoosh import LiveEngine, WhooshBuilder

URL = os.environ.get("OPENSEARCH_URL", "")


@dataclass(frozen=True)
class EngineUnderTest:
    """Opens both sides of an engine on the index in a folder."""

    builder: Callable[[Path], IndexBuilder]
    serving: Callable[[Path], ServingEngine]
    clean: Callable[[Path], None] = lambda _: None
    """Removes what is not in the folder."""


def cluster(root: Path) -> ClusterSettings:
    """Return the settings of an index of its own for each folder."""
    name = sha256(str(root).encode()).hexdigest()[:12]
    return ClusterSettings(urls=(URL,), prefix=f"test-{name}", shards=2, replicas=0)


def remove_indices(root: Path) -> None:
    settings = cluster(root)
    ClusterConnection(settings).request("DELETE", (f"{settings.prefix}-*",), ignore_unavailable="true")


ENGINES = {
    "whoosh": EngineUnderTest(
        builder=lambda root: WhooshBuilder(root, dictionary=DICTIONARY, processes=1), serving=LiveEngine
    ),
    "opensearch": EngineUnderTest(
        builder=lambda root: ClusterBuilder(cluster(root), root),
        serving=lambda root: LiveClusterEngine(cluster(root), root),
        clean=remove_indices,
    ),
}
MARKS = {
    "opensearch": (
        pytest.mark.sweep,
        pytest.mark.skipif(
            not URL, reason="needs a cluster: OPENSEARCH_URL=http://127.0.0.1:9200 pytest ..."
        ),
    )
}


@pytest.fixture(
    params=[pytest.param(engine, id=name, marks=MARKS.get(name, ())) for name, engine in ENGINES.items()]
)
def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EngineUnderTest]:
    tested: EngineUnderTest = request.param
    yield tested
    tested.clean(tmp_path / "index")


@pytest.fixture
def builder(under_test: EngineUnderTest, tmp_path: Path) -> IndexBuilder:
    return under_test.builder(tmp_path / "index")


@pytest.fixture
def serving(under_test: EngineUnderTest, tmp_path: Path) -> ServingEngine:
    return under_test.serving(tmp_path / "index")
