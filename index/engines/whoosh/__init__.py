"""How is an index built, updated, swapped and searched with Whoosh?"""

from index.engines.whoosh.builder import WhooshBuilder
from index.engines.whoosh.live_engine import LiveEngine

__all__ = [
    "LiveEngine",
    "WhooshBuilder",
]
