"""Shares connections evenly among processes; closes those that wait too long for the client."""

import heapq
import socket
import time
from collections.abc import Callable, Iterable, MutableSequence
from operator import itemgetter
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from searcher.server.refusals import RefusableRequest, RefusalTask, Refused

# Time limits for the whole of a request to arrive, and for an idle connection.
ARRIVAL_S, SILENCE_S = 20.0, 60.0
# How often, and how long each time, to wait for the process with fewer connections: it may be busy.
_TRIES, _PAUSE_S = 20, 0.001
STREAMS = (".csv", ".ndjson")
"""Ends of the paths whose answers are streamed; the app limits how many it makes at a time."""
# The longest that the answers under way may take when the service ends.
FINISH_S = 5.0
# At the connection limit, one in this many connections is closed.
_EVICTED_SHARE = 20


class AnswerTask(WSGITask):  # type: ignore[misc]  # waitress is not typed
    """Answers a request by the app."""

    def write(self, data: bytes) -> None:
        """Write a part of the body; the headers go out with the first, so the client is woken only once."""
        if self.wrote_header:
            super().write(data)
            return
        self.channel.held = []
        try:
            super().write(data)
        finally:
            beginning, self.channel.held = b"".join(self.channel.held), None
        self.channel.write_soon(beginning)


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress is not typed
    """A connection that knows how long it has waited for the client."""

    task_class = AnswerTask
    parser_class = RefusableRequest
    error_task_class = RefusalTask

    held: list[bytes] | None = None
    """What is not sent before more is written; None while all is sent at once."""
    _arriving_since: float | None = None
    """When the current request began to arrive."""
    _answered: float | None = None
    """When the last request had arrived in full, or was answered."""
    _blocked_since: float | None = None
    """When the answer began to wait for the client to take some of it."""
    _is_refused = False
    _is_lingering = False

    def received(self, data: bytes) -> bool:
        """Process the bytes that arrived."""
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

    def write_soon(self, data: bytes) -> int:
        """Send *data* as soon as the client takes it, or with what follows."""
        if self.held is None:
            return int(super().write_soon(data))
        self.held.append(data)
        return len(data)

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Wait until the client has taken enough for more to be written."""
        self._blocked_since = time.time()
        super()._flush_outbufs_below_high_watermark()
        self._blocked_since = None

    def handle_close(self) -> None:
        """Close the connection; after a refused request, first read what the client still sends.

        If bytes are unread, the kernel resets the connection, and the answer may be lost.
        """
        if not self._is_refused or self._is_lingering:
            self.close_now()
            return
        self._is_lingering = True
        self._arriving_since = time.time()
        self.will_close = False  # else it would not be read
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.close_now()

    def close_now(self) -> None:
        """Close the connection at once."""
        super().handle_close()

    @property
    def is_stream(self) -> bool:
        """Whether the next answer is streamed."""
        path = getattr(self.requests[0], "path", "") if self.requests else ""  # a refused request has none
        return str(path).endswith(STREAMS)

    @property
    def is_owed(self) -> bool:
        """Whether the client awaits an answer, or the rest of one."""
        return bool(self.requests) or self.total_outbufs_len > 0

    @property
    def waiting_since(self) -> float | None:
        """Start of the wait for the client, not reset by single bytes; None while the client waits for us."""
        if self.requests:
            return self._blocked_since
        return self._arriving_since or self._answered or float(self.creation_time)

    def waits_too_long(self, now: float) -> bool:
        """Return whether the client takes too long."""
        since = self.waiting_since
        return since is not None and now - since > (ARRIVAL_S if self._arriving_since else SILENCE_S)


class Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress is not typed
    """Accepts a connection if no other process has fewer.

    *counts* has the number of connections of each process, that of this process at *place*.
    Left to chance, one process of two would sometimes have six of eight connections. At the connection limit,
    the connections that have waited longest for their client are closed. *on_refusal* learns of each request
    that is refused before the app sees it.
    """

    channel_class = Connection

    def __init__(
        self,
        *arguments: Any,
        counts: MutableSequence[int],
        place: int,
        on_refusal: Callable[[Refused], None] = lambda _: None,
        **options: Any,
    ) -> None:
        self._counts, self._place, self._declined = counts, place, 0
        self.on_refusal = on_refusal
        self._is_stopping = False
        super().__init__(*arguments, **options)

    def run(self) -> None:
        """Answer requests until ``stop`` is called, and then those under way, for ``FINISH_S`` at most."""
        while not self._is_stopping:
            self._poll(self.adj.asyncore_loop_timeout)
        for listener in [one for one in self._map.values() if isinstance(one, Listener)]:
            listener.accepting = False
        self._poll(0)  # takes what has arrived
        ends = time.monotonic() + FINISH_S
        while any(channel.is_owed for channel in self._connections()) and time.monotonic() < ends:
            self._poll(_PAUSE_S)
        self.task_dispatcher.shutdown()

    def stop(self) -> None:
        """End ``run``; safe in a signal handler."""
        self._is_stopping = True
        self.pull_trigger()

    def _poll(self, timeout: float) -> None:
        self.asyncore.loop(timeout, use_poll=self.adj.asyncore_use_poll, map=self._map, count=1)

    def _connections(self) -> list[Connection]:
        return [one for one in self._map.values() if isinstance(one, Connection)]

    def readable(self) -> bool:
        """Return whether to accept connections; called before each poll."""
        self._counts[self._place] = len(self._map)
        if len(self._map) >= self.adj.connection_limit:
            self._make_room()
        return bool(super().readable())

    def handle_accept(self) -> None:
        """Accept a connection, or leave it to a process with fewer."""
        if self._declined < _TRIES and len(self._map) > min(self._counts):
            self._declined += 1
            # Without a pause the next poll returns at once.
            time.sleep(_PAUSE_S)  # nothing signals that another process accepted it
            return
        self._declined = 0
        super().handle_accept()
        self._counts[self._place] = len(self._map)

    def maintenance(self, now: float) -> None:
        """Close the connections whose client takes too long."""
        self._close_all([channel for channel in self.active_channels.values() if channel.waits_too_long(now)])

    def _make_room(self) -> None:
        waiting = [
            (since, channel) for channel in self.active_channels.values() if (since := channel.waiting_since)
        ]
        count = self.adj.connection_limit // _EVICTED_SHARE + 1
        self._close_all([channel for _, channel in heapq.nsmallest(count, waiting, key=itemgetter(0))])

    def _close_all(self, connections: Iterable[Connection]) -> None:
        # Waitress would wait until the client takes data, which may be never.
        for connection in connections:
            connection.close_now()
