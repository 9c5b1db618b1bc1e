"""Opens both sides of the engine that the settings choose."""

from functools import partial
from pathlib import Path

from crawler.config import Storage
from crawler.store import Store, StoreError, absent_ids
from index.analysis import Analyzer
from index.config import IndexConfig
from index.engines.interface import IndexBuilder, ServingEngine
from index.engines.whoosh import LiveEngine, WhooshBuilder
from index.errors import EngineError

# Each server keeps its data for corrections and completions here, beside the lock of `reindex`.
_SUGGESTIONS = "suggestions"


def open_engine(storage: Storage, settings: IndexConfig, analyzer: Analyzer) -> ServingEngine:
    """Return the engine that answers queries; it need not have an index yet."""
    if settings.engine == "opensearch":
        from index.engines.opensearch import LiveClusterEngine  # noqa: PLC0415 - its client is an extra

        return LiveClusterEngine(settings.opensearch, storage.index_dir / _SUGGESTIONS, analyzer)
    return LiveEngine(storage.index_dir, analyzer, read_absent=partial(_read_absent, storage.store_path))


def open_builder(storage: Storage, settings: IndexConfig) -> IndexBuilder:
    """Return the builder of the index."""
    if settings.engine == "opensearch":
        from index.engines.opensearch import ClusterBuilder  # noqa: PLC0415 - its client is an extra

        return ClusterBuilder(settings.opensearch, storage.index_dir / _SUGGESTIONS)
    return WhooshBuilder(storage.index_dir, dictionary=settings.dictionary, processes=settings.processes)


def _read_absent(path: Path, number: int) -> frozenset[str]:
    """Return the releases that must not be shown, by the store at *path*.

    Raises:
        EngineError: the store cannot be read, or is older than the change *number*.
    """
    try:
        with Store.open_readonly(path) as store:
            if store.last_number() < number:
                raise EngineError(f"{path}: older than the index")
            return absent_ids(store)
    except StoreError as error:
        raise EngineError(str(error)) from error
