from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.evaluation import find_faults
from tests.index.conftest import Save


@pytest.fixture
def generation(store: Store, save: Save, analyzer: Analyzer, tmp_path: Path) -> WhooshEngine:
    save("a", title="Valsts budžets")
    (tmp_path / "index").mkdir()
    build(tmp_path / "index", store, analyzer)
    return WhooshEngine(tmp_path / "index", analyzer)


@pytest.mark.parametrize("releases", [1, None])
def test_a_sound_index_has_no_faults(
    generation: WhooshEngine, analyzer: Analyzer, releases: int | None
) -> None:
    assert list(find_faults(generation, "here", analyzer, releases=releases)) == []


def test_missing_releases_are_a_fault(generation: WhooshEngine, analyzer: Analyzer) -> None:
    faults = list(find_faults(generation, "here", analyzer, releases=2))
    assert faults == ["here: holds 1 releases where the store has 2"]


def test_a_title_that_is_not_found_is_a_fault(
    store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    id_ = save("a", title="Budžets")
    # A dictionary by which "budžets" is a form of "nauda".
    (tmp_path / "other.aff").write_text("SET UTF-8\nSFX A Y 1\nSFX A nauda budžets nauda\n", encoding="utf-8")
    (tmp_path / "other.dic").write_text("1\nnauda/A\n", encoding="utf-8")
    (tmp_path / "index").mkdir()
    build(tmp_path / "index", store, Analyzer(tmp_path / "other.aff"))
    faults = find_faults(WhooshEngine(tmp_path / "index"), "here", analyzer)
    assert list(faults) == [f"here: does not find {id_} by its title"]
