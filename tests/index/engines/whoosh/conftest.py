"""Generations built from the releases that a test saved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.indexer import build
from index.engines.whoosh.live_engine import LiveEngine
from tests.index.conftest import Save

Publish = Callable[..., Path]
"""Takes the names of releases to save first."""


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


@pytest.fixture
def build_generation(generations: Generations, store: Store, save: Save, analyzer: Analyzer) -> Publish:
    """Build a generation that is not in use yet; returns its folder."""

    def build_finished(*names: str) -> Path:
        for name in names:
            save(name)
        with generations.draft() as draft:
            build(draft, store, analyzer)
            return generations.finish(draft)

    return build_finished


@pytest.fixture
def publish(generations: Generations, build_generation: Publish) -> Publish:
    """Build a generation and put it into use; returns its folder."""

    def build_and_use(*names: str) -> Path:
        folder = build_generation(*names)
        generations.use(folder)
        return folder

    return build_and_use


@pytest.fixture
def engine(generations: Generations, analyzer: Analyzer) -> LiveEngine:
    """Return the live engine on what the test publishes."""
    return LiveEngine(generations.root, analyzer)
