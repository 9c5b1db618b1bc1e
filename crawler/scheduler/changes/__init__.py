"""What does a fetch change in the store?

A `FetchResult` becomes a `Change` (`planner`), which one `match` commits (`writer`).
"""

from crawler.scheduler.changes.change import (
    Change,
    Extracted,
    FetchFailed,
    FetchResult,
    NotFetched,
    Unmodified,
)
from crawler.scheduler.changes.mention import Sayings
from crawler.scheduler.changes.planner import ChangePlanner
from crawler.scheduler.changes.writer import ChangeWriter

__all__ = [
    "Change",
    "ChangePlanner",
    "ChangeWriter",
    "Extracted",
    "FetchFailed",
    "FetchResult",
    "NotFetched",
    "Sayings",
    "Unmodified",
]
