"""Opens both sides of the engine in use. So far that is always Whoosh; the choice of engine belongs here."""

from crawler.config import Storage
from index.analysis import Analyzer
from index.config import IndexConfig
from index.engines.interface import IndexBuilder, ServingEngine
from index.engines.whoosh import LiveEngine, WhooshBuilder


def open_engine(storage: Storage, analyzer: Analyzer) -> ServingEngine:
    """Return the engine that answers queries; it need not have an index yet."""
    return LiveEngine(storage.index_dir, analyzer)


def open_builder(storage: Storage, settings: IndexConfig) -> IndexBuilder:
    """Return the builder of the index."""
    return WhooshBuilder(storage.index_dir, dictionary=settings.dictionary, processes=settings.processes)
