"""Opens the engine that the settings choose: Whoosh's, the only one."""

from crawler.config import Storage
from index.analysis import Analyzer
from index.config import IndexConfig
from index.engines.interface import IndexBuilder, ServingEngine
from index.engines.whoosh import LiveEngine, WhooshBuilder


def open_engine(storage: Storage, analyzer: Analyzer) -> ServingEngine:
    """Return the engine that answers queries; it need not have an index yet."""
    return LiveEngine(storage.index_dir, analyzer)


def open_builder(storage: Storage, settings: IndexConfig) -> IndexBuilder:
    """Return what builds and swaps the index."""
    return WhooshBuilder(storage.index_dir, dictionary=settings.dictionary, processes=settings.processes)
