"""Connections: shared evenly among processes, and ended where they only hold a place."""

import heapq
import socket
import time
from collections.abc import Iterable, MutableSequence
from operator import itemgetter
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

# So long a request may take to arrive, and its answer to be taken away, byte by byte; and so long an open
# connection may be silent.
ARRIVAL_S, SILENCE_S = 20.0, 60.0
# So often, and so long each time, the process that has fewer connections is waited for: it may be held up.
_TRIES, _PAUSE_S = 20, 0.001
# Where there is no place left, one in so many connections is ended.
_ENDED_SHARE = 20


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress is not typed
    """A connection that knows since when it waits for the other end."""

    _arriving_since: float | None = None
    _answered: float | None = None
    """When the last request had arrived, and then when it was answered."""
    _is_refused = False
    _is_lingering = False

    def received(self, data: bytes) -> bool:
        """Take what arrived."""
        if self._is_lingering:
            return False
        taken = bool(super().received(data))
        if self.request is None:
            self._arriving_since, self._answered = None, time.time()
        elif self._arriving_since is None:
            self._arriving_since = time.time()
        return taken

    def service(self) -> None:
        """Answer a request."""
        self._is_refused = self.requests[0].error is not None
        super().service()
        self._answered = time.time()

    def handle_close(self) -> None:
        """Close the connection; after a refused request, first read what the client still sends.

        The kernel answers unread bytes by a reset, which would destroy the answer on its way.
        """
        if not self._is_refused or self._is_lingering:
            self.end()
            return
        self._is_lingering = True
        self._arriving_since = time.time()
        self.will_close = False  # or it would not be read
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.end()

    def end(self) -> None:
        """Close the connection at once."""
        super().handle_close()

    @property
    def waiting_since(self) -> float | None:
        """Since when the other end is waited for, whatever bytes come and go; None while it waits itself."""
        if self.requests:
            return None
        return self._arriving_since or self._answered or float(self.creation_time)

    def waits_too_long(self, now: float) -> bool:
        """Tell whether the other end takes too long."""
        since = self.waiting_since
        return since is not None and now - since > (ARRIVAL_S if self._arriving_since else SILENCE_S)


class Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress is not typed
    """Takes a connection if no other process has fewer: *held* says how many each has, this at *place*.

    Left to chance, one process of two has six of eight connections now and then. Where all places are taken,
    the connections that have waited longest make room.
    """

    channel_class = Connection

    def __init__(self, *arguments: Any, held: MutableSequence[int], place: int, **options: Any) -> None:
        self._held, self._place, self._left = held, place, 0
        super().__init__(*arguments, **options)

    def readable(self) -> bool:
        """Tell whether connections may be taken; asked before each look for news."""
        self._held[self._place] = len(self._map)
        if len(self._map) >= self.adj.connection_limit:
            self._make_room()
        return bool(super().readable())

    def handle_accept(self) -> None:
        """Take a connection, or leave it."""
        if self._left < _TRIES and len(self._map) > min(self._held):
            self._left += 1
            # Nothing tells when another process takes it, and the look for news would come back at once.
            time.sleep(_PAUSE_S)
            return
        self._left = 0
        super().handle_accept()
        self._held[self._place] = len(self._map)

    def maintenance(self, now: float) -> None:
        """End the connections whose other end takes too long."""
        self._end([one for one in self.active_channels.values() if one.waits_too_long(now)])

    def _make_room(self) -> None:
        waiting = [(since, one) for one in self.active_channels.values() if (since := one.waiting_since)]
        count = self.adj.connection_limit // _ENDED_SHARE + 1
        self._end([one for _, one in heapq.nsmallest(count, waiting, key=itemgetter(0))])

    def _end(self, connections: Iterable[Connection]) -> None:
        # At once: waitress would wait until something can be sent, which may be never.
        for connection in connections:
            connection.end()
