"""A connection: its requests, its answers, and how long it has waited for the client."""

import re
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from searcher.server.backlog import has_input
from searcher.server.refusals import RefusalTask, ServiceEndsError
from searcher.server.request_parser import RefusableRequest
from searcher.waiting import IS_ENDING

# Time limits for the whole of a request to arrive, and for an idle connection.
ARRIVAL_S, SILENCE_S = 20.0, 60.0
# The end of the service waits so long for a request that may be on its way.
_EXPECTED_S = 0.5
STREAMS = (".csv", ".ndjson", "/changes/stream")
"""Ends of the paths whose answers are streamed; the app limits how many it makes at a time."""
WAITS = re.compile(r"(?:^|&)wait=")
"""What a query string has if its answer may wait for news; the app limits these, too."""


class AnswerTask(WSGITask):  # type: ignore[misc]  # waitress is not typed
    """Answers a request by the app."""

    def get_environment(self) -> dict[str, Any]:
        """Return what the app learns of the request, and by ``IS_ENDING`` whether the service ends."""
        environment: dict[str, Any] = super().get_environment()
        environment[IS_ENDING] = lambda: self.channel.server.is_ending
        return environment

    def execute(self) -> None:
        """Send the answer; that to the last request of a connection says that it closes."""
        if self.channel.is_last_request:
            self.request.headers["CONNECTION"] = "close"
        super().execute()

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
        if self.server.is_late and self.requests[0].error is None:
            self.requests[0].error = ServiceEndsError("the service ends; try again in a moment")
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
        """Whether the next answer is streamed, or may wait for news."""
        asked = self.requests[0] if self.requests else None
        path, query = (str(getattr(asked, part, "")) for part in ("path", "query"))  # a refused one has none
        return path.endswith(STREAMS) or WAITS.search(query) is not None

    @property
    def is_owed(self) -> bool:
        """Whether the client awaits an answer, or the rest of one, to what it sent or is about to send."""
        is_answering = bool(self.requests) or self.total_outbufs_len > 0
        return (
            is_answering
            or self.close_when_flushed
            or self.is_active(time.time(), fresh_s=_EXPECTED_S)
            or has_input(self.socket)
        )

    @property
    def is_last_request(self) -> bool:
        """Whether no request should follow the one that is being answered, and none has arrived."""
        is_alone = len(self.requests) == 1 and self.request is None
        return bool(self.server.is_ending) and is_alone and not has_input(self.socket)

    def is_active(self, now: float, *, fresh_s: float) -> bool:
        """Return whether a request has arrived or is expected.

        One is expected on a connection younger than *fresh_s*, and until *fresh_s* after it began to arrive.
        """
        if self._arriving_since:
            return now - self._arriving_since < fresh_s
        is_new = self._answered is None and now - self.creation_time < fresh_s
        return is_new or has_input(self.socket)

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
