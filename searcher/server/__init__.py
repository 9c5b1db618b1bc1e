"""Which processes and threads take connections and answer requests?"""

from searcher.server.backlog import hold_back
from searcher.server.dispatcher import SpareThreadDispatcher
from searcher.server.listener import Listener
from searcher.server.processes import default_count, supervise
from searcher.server.refusals import Refused

__all__ = ["Listener", "Refused", "SpareThreadDispatcher", "default_count", "hold_back", "supervise"]
