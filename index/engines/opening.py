"""Opens both sides of the engine that the settings choose."""

from crawler.config import Storage
from index.analysis import Analyzer
from index.config import IndexConfig
from index.engines.interface import IndexBuilder, ServingEngine
from index.engines.takedowns import Takedowns
from index.engines.whoosh import LiveEngine, WhooshBuilder

# Each server keeps its data for corrections and completions here, beside the lock of `reindex`.
_SUGGESTIONS = "suggestions"


def open_engine(storage: Storage, settings: IndexConfig, analyzer: Analyzer) -> ServingEngine:
    """Return the engine that answers queries; it need not have an index yet."""
    read_hidden = Takedowns(storage.store_path).since
    if settings.engine == "opensearch":
        from index.engines.opensearch import LiveClusterEngine  # noqa: PLC0415 - its client is an extra

        folder = storage.index_dir / _SUGGESTIONS
        return LiveClusterEngine(settings.opensearch, folder, analyzer, read_hidden=read_hidden)
    return LiveEngine(storage.index_dir, analyzer, read_hidden=read_hidden)


def open_builder(storage: Storage, settings: IndexConfig) -> IndexBuilder:
    """Return the builder of the index."""
    if settings.engine == "opensearch":
        from index.engines.opensearch import ClusterBuilder  # noqa: PLC0415 - its client is an extra

        return ClusterBuilder(settings.opensearch, storage.index_dir / _SUGGESTIONS)
    return WhooshBuilder(storage.index_dir, dictionary=settings.dictionary, processes=settings.processes)
