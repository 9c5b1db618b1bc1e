"""The engines that share one contract. A new engine adds a pair of functions to ``ENGINES``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.analysis.latvian.hunspell import DICTIONARY
from index.engines import IndexBuilder, ServingEngine
from index.engines.whoosh import LiveEngine, WhooshBuilder


@dataclass(frozen=True)
class EngineUnderTest:
    """Opens both sides of an engine on the index in a folder."""

    builder: Callable[[Path], IndexBuilder]
    serving: Callable[[Path], ServingEngine]


ENGINES = {
    "whoosh": EngineUnderTest(
        builder=lambda root: WhooshBuilder(root, dictionary=DICTIONARY, processes=1), serving=LiveEngine
    )
}


@pytest.fixture(params=ENGINES.values(), ids=ENGINES.keys())
def under_test(request: pytest.FixtureRequest) -> EngineUnderTest:
    tested: EngineUnderTest = request.param
    return tested


@pytest.fixture
def builder(under_test: EngineUnderTest, tmp_path: Path) -> IndexBuilder:
    return under_test.builder(tmp_path / "index")


@pytest.fixture
def serving(under_test: EngineUnderTest, tmp_path: Path) -> ServingEngine:
    return under_test.serving(tmp_path / "index")
