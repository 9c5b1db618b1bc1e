"""Shares connections evenly among processes; closes those that wait too long for the client."""

import heapq
import math
import time
from collections.abc import Callable, Iterable, MutableSequence
from operator import itemgetter
from typing import Any

from waitress.server import TcpWSGIServer

from searcher.server.backlog import has_input
from searcher.server.connections import Connection
from searcher.server.refusals import Refused

# How often, and how long each time, to wait for the process with fewer connections: it may be busy.
_TRIES, _PAUSE_S = 20, 0.001
# When the service ends: the longest that requests are answered, and then that the others are refused.
FINISH_S, REFUSE_S = 5.0, 2.0
# At the connection limit, one in this many connections is closed.
_EVICTED_SHARE = 20
# A request usually arrives within this time after its connection. Without it, clients that hold all
# connections would cut the others off; if it were long, they could shut them out.
_FRESH_S = 0.05
# Interval between looks for a connection that can be closed, while all are taken.
_ROOM_S = 0.05


class Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress is not typed
    """Accepts a connection if no other process has fewer.

    *counts* has the number of connections of each process, that of this process at *place*.
    Left to chance, one process of two would sometimes have six of eight connections. At the connection limit,
    the connections that have waited longest for their client are closed. *on_refusal* learns of each request
    that is refused before the app sees it, *on_turn* that requests were taken or waited for.
    """

    channel_class = Connection
    # Waitress would clean up while it lists the descriptors to poll.
    next_channel_cleanup = math.inf

    def __init__(
        self,
        *arguments: Any,
        counts: MutableSequence[int],
        place: int,
        on_refusal: Callable[[Refused], None] = lambda _: None,
        service_address: str = "",
        on_turn: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> None:
        self._counts, self._place, self._declined = counts, place, 0
        self.on_refusal, self._on_turn = on_refusal, on_turn
        self.service_address = service_address
        self.is_ending = False
        """Whether only what has been sent by now is answered."""
        self.is_late = False
        """Whether what is not answered yet is refused."""
        self.is_closed = False
        """Whether connections that wait to be accepted are left to others."""
        self._is_stopping = self._is_leaving = False
        self._cleanup_due = 0.0
        super().__init__(*arguments, **options)

    def run(self) -> None:
        """Answer requests until ``stop`` is called, and then those sent before.

        This takes ``FINISH_S`` at most; what is left then is refused with 503. Or answer them until ``leave``
        is called and all connections have been closed.
        """
        while not self._is_stopping and not self._has_left():
            self.serve_once(self.adj.asyncore_loop_timeout)
        if self._has_left():
            self.task_dispatcher.shutdown(timeout=REFUSE_S)
            return
        for listener in self._listeners():
            listener.is_ending = True
        self._serve_owed(FINISH_S)
        for listener in self._listeners():
            listener.is_late = True
        self._serve_owed(REFUSE_S)
        self.task_dispatcher.shutdown(timeout=REFUSE_S)

    def stop(self) -> None:
        """End ``run``; safe in a signal handler."""
        self._is_stopping = True
        self.pull_trigger()

    def leave(self) -> None:
        """Accept nobody more: others do. Each connection closes with its next answer, or if it is silent."""
        self._is_leaving = True
        self.pull_trigger()

    def _has_left(self) -> bool:
        if self._is_leaving:
            for listener in self._listeners():
                listener.is_ending = listener.is_closed = True
        return self._is_leaving and not self._connections()

    def serve_once(self, timeout_s: float) -> None:
        """Wait for connections and requests once, take them, and then close connections that wait too long.

        Never close any while the descriptors to poll are listed: the number of a closed one may be that of a
        new connection in the same round, which would be closed by what the poll says of the old one.
        """
        self.asyncore.loop(
            min(timeout_s, _ROOM_S) if self.in_connection_overflow else timeout_s,
            use_poll=self.adj.asyncore_use_poll,
            map=self._map,
            count=1,
        )
        self._on_turn()
        now = time.time()
        if now >= self._cleanup_due:
            self._cleanup_due = now + self.adj.cleanup_interval
            self.maintenance(now)
        if len(self._map) >= self.adj.connection_limit:
            self._make_room(now)

    def readable(self) -> bool:
        """Return whether to accept connections; called before each poll."""
        self._counts[self._place] = len(self._map)
        return not self.is_closed and bool(super().readable())

    def handle_accept(self) -> None:
        """Accept a connection, or leave it to a process with fewer."""
        if self._declined < _TRIES and len(self._map) > min(self._counts) and not self.is_ending:
            self._declined += 1
            # Without a pause the next poll returns at once.
            time.sleep(_PAUSE_S)  # nothing signals that another process accepted it
            return
        self._declined = 0
        super().handle_accept()
        self._counts[self._place] = len(self._map)

    def maintenance(self, now: float) -> None:
        """Close the connections whose client takes too long."""
        self._close_all([one for one in self._connections() if one.waits_too_long(now)], now)

    def _make_room(self, now: float) -> None:
        waiting = [(since, one) for one in self._connections() if (since := one.waiting_since)]
        count = self.adj.connection_limit // _EVICTED_SHARE + 1
        self._close_all([one for _, one in heapq.nsmallest(count, waiting, key=itemgetter(0))], now)

    def _close_all(self, connections: Iterable[Connection], now: float) -> None:
        # Waitress would wait until the client takes data, which may be never.
        for connection in connections:
            if not connection.is_active(now, fresh_s=_FRESH_S):
                connection.close_now()

    def _listeners(self) -> list["Listener"]:
        """Return all listeners of this process."""
        return [one for one in self._map.values() if isinstance(one, Listener)]

    def _connections(self) -> list[Connection]:
        """Return the connections of all listeners of this process: they share one table."""
        return [one for one in self._map.values() if isinstance(one, Connection)]

    def _serve_owed(self, seconds: float) -> None:
        """Answer what clients wait for, for *seconds* at most."""
        ends = time.monotonic() + seconds
        while self._is_owed() and time.monotonic() < ends:
            self.serve_once(_PAUSE_S)

    def _is_owed(self) -> bool:
        """Whether a client awaits an answer, or its connection waits to be accepted."""
        is_waiting = any(has_input(one.socket) for one in self._listeners() if not one.is_closed)
        return is_waiting or any(connection.is_owed for connection in self._connections())
