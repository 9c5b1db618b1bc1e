"""Which processes and threads take connections and answer requests?"""

from searcher.server.connections import Listener
from searcher.server.dispatcher import SpareThreadDispatcher
from searcher.server.processes import can_supervise, default_count, supervise
from searcher.server.refusals import Refused

__all__ = [
    "Listener",
    "Refused",
    "SpareThreadDispatcher",
    "can_supervise",
    "default_count",
    "supervise",
]
