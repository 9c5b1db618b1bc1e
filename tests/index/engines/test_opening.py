from pathlib import Path

from crawler.store import Store
from index.analysis import Analyzer
from index.config import load, load_storage
from index.engines import open_builder, open_engine
from index.engines.opensearch import ClusterBuilder, LiveClusterEngine
from index.query import Everything, Query
from tests.index.conftest import Save


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


def test_a_cluster_is_opened_if_the_settings_choose_it(data: Path) -> None:
    config = data.parent / "config.toml"
    config.write_text('data_dir = "data"\n[index]\nengine = "opensearch"\n', encoding="utf-8")
    storage, settings = load_storage(config), load(config)
    assert isinstance(open_engine(storage, settings, Analyzer()), LiveClusterEngine)
    assert isinstance(open_builder(storage, settings), ClusterBuilder)
