"""The engines that share one contract. A new engine adds an entry to ``PARAMS``."""

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


@dataclass(frozen=True)
class EngineUnderTest:
    """Opens both sides of an engine on the index in a folder."""

    builder: Callable[[Path], IndexBuilder]
    serving: Callable[..., ServingEngine]
    clean: Callable[[Path], None] = lambda _: None
    """Removes what is not in the folder."""
    is_in_folder: bool = True
    """Whether an index is in its folder alone, and may be kept for other tests."""


def whoosh(_: pytest.FixtureRequest) -> EngineUnderTest:
    return EngineUnderTest(
        builder=lambda root: WhooshBuilder(root, dictionary=DICTIONARY, processes=1), serving=LiveEngine
    )


def opensearch(request: pytest.FixtureRequest) -> EngineUnderTest:
    urls: tuple[str, ...] = request.getfixturevalue("opensearch_urls")

    def settings(root: Path) -> ClusterSettings:
        name = sha256(str(root).encode()).hexdigest()[:12]
        return ClusterSettings(urls=urls, prefix=f"test-{name}", shards=2, replicas=0)

    def clean(root: Path) -> None:
        of_test = settings(root)
        ClusterConnection(of_test).request("DELETE", (f"{of_test.prefix}-*",), ignore_unavailable="true")

    return EngineUnderTest(
        builder=lambda root: ClusterBuilder(settings(root), root),
        serving=lambda root, **options: LiveClusterEngine(settings(root), root, **options),
        clean=clean,
        is_in_folder=False,
    )


PARAMS = [
    pytest.param(whoosh, id="whoosh"),
    # The fixture of the cluster is requested by name at run time, so tests/conftest.py does not see it.
    pytest.param(opensearch, id="opensearch", marks=(pytest.mark.opensearch, pytest.mark.sweep)),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Search a cluster only through the engine of a server, which passes each call on to a generation."""
    items[:] = [item for item in items if not {"opensearch", "generation"} <= _params_of(item)]


def _params_of(item: pytest.Item) -> set[str]:
    call = getattr(item, "callspec", None)
    return set(call.id.split("-")) if call else set()


@pytest.fixture(params=PARAMS)
def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EngineUnderTest]:
    tested = request.param(request)
    yield tested
    tested.clean(tmp_path / "index")


@pytest.fixture
def builder(under_test: EngineUnderTest, tmp_path: Path) -> IndexBuilder:
    return under_test.builder(tmp_path / "index")


@pytest.fixture
def serving(under_test: EngineUnderTest, tmp_path: Path) -> ServingEngine:
    return under_test.serving(tmp_path / "index")
