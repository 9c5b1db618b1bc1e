"""Which engine holds the index? The interface that every engine implements, and a room for each engine."""

from index.engines.interface import (
    Draft,
    Engine,
    Generation,
    IndexBuilder,
    IndexedChanges,
    IndexState,
    Listing,
    ServingEngine,
)
from index.engines.opening import open_builder, open_engine

__all__ = [
    "Draft",
    "Engine",
    "Generation",
    "IndexBuilder",
    "IndexState",
    "IndexedChanges",
    "Listing",
    "ServingEngine",
    "open_builder",
    "open_engine",
]
