"""Which processes and threads take connections and answer requests?"""

from searcher.server.backlog import hold_back
from searcher.server.dispatcher import SpareThreadDispatcher
from searcher.server.listener import Listener
from searcher.server.processes import can_supervise, default_count, supervise
from searcher.server.refusals import Refused
from searcher.server.sockets import open_sockets
from searcher.server.watch import Watch

__all__ = [
    "Listener",
    "Refused",
    "SpareThreadDispatcher",
    "Watch",
    "can_supervise",
    "default_count",
    "hold_back",
    "open_sockets",
    "supervise",
]
