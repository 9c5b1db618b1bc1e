"""How does Whoosh search, build, update and swap the index?"""

from index.engines.whoosh.builder import WhooshBuilder
from index.engines.whoosh.live_engine import LiveEngine

__all__ = [
    "LiveEngine",
    "WhooshBuilder",
]
