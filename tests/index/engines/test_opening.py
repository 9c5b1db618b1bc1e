from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.config import load, load_storage
from index.engines import open_builder, open_engine
from index.engines.opening import _read_absent
from index.engines.opensearch import ClusterBuilder, LiveClusterEngine
from index.errors import EngineError
from index.query import Everything, Query
from tests.index.conftest import SEEN, Save


def test_both_sides_are_opened_on_the_index_of_the_settings(
    data: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a", title="Viena ziņa")
    config = data.parent / "config.toml"
    storage = load_storage(config)
    settings = load(config)
    engine, builder = open_engine(storage, settings, analyzer), open_builder(storage, settings)
    with builder.draft(analyzer) as draft:
        draft.build(store, on_progress=lambda _: None)
        draft.publish()
    hits = engine.search(Query(text="", clause=Everything(), reading="")).hits
    assert [hit.title.text for hit in hits] == ["Viena ziņa"]
    assert list(storage.index_dir.glob("*/*.toc")) != []


def test_what_must_not_be_shown_is_read_from_a_store_that_is_as_new_as_the_index(
    data: Path, store: Store, save: Save
) -> None:
    save("a")
    hidden = save("b")
    store.hide("https://iem.example/b", seen=SEEN)
    path, number = data / "releases.sqlite3", store.last_number()
    for known in (0, number - 1, number):
        assert _read_absent(path, known) == {hidden}
    with pytest.raises(EngineError, match=r"releases\.sqlite3: older than the index"):
        _read_absent(path, number + 1)
    with pytest.raises(EngineError, match="run `crawl`"):
        _read_absent(data / "none.sqlite3", 0)


def test_a_cluster_is_opened_if_the_settings_choose_it(data: Path) -> None:
    config = data.parent / "config.toml"
    config.write_text('data_dir = "data"\n[index]\nengine = "opensearch"\n', encoding="utf-8")
    storage, settings = load_storage(config), load(config)
    assert isinstance(open_engine(storage, settings, Analyzer()), LiveClusterEngine)
    assert isinstance(open_builder(storage, settings), ClusterBuilder)
