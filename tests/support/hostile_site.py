"""A misbehaving web server on loopback: a script answers each path on a bare socket."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

Script = Callable[["Visit"], None]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that arrived, and when (monotonic seconds)."""

    at: float
    method: str
    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Visit:
    """A request as a script sees it; ``number`` counts the requests for its path from 1."""

    request: Request
    number: int
    _connection: socket.socket
    _stop: threading.Event

    def send(self, *parts: bytes | str) -> None:
        """Send bytes; text goes as UTF-8."""
        for part in parts:
            self._connection.sendall(part.encode() if isinstance(part, str) else part)

    def drip(self, pieces: Iterable[bytes], *, every_s: float = 0.05) -> None:
        """Send one piece after another, slowly."""
        for piece in pieces:
            if self._stop.wait(every_s):
                return
            self.send(piece)

    def stall(self) -> None:
        """Stay silent until the client or the server closes."""
        self._connection.settimeout(0.05)
        while not self._stop.is_set():
            try:
                if not self._connection.recv(1024):
                    return
            except TimeoutError:
                continue

    def reset(self) -> None:
        """Reset the connection, so that the client gets an error and not an end of file."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        raise ConnectionAbortedError


def answer(body: bytes | str = b"", status: int = 200, *, length: int | None = None, **headers: str) -> bytes:
    """Return a response as sent over the wire; ``_`` in the names of *headers* becomes ``-``."""
    raw = body.encode() if isinstance(body, str) else body
    given = {
        "content-length": str(len(raw) if length is None else length),
        "content-type": "text/html",
        **headers,
    }
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Status", *lines, "", ""]).encode() + raw


def page(body: bytes | str = b"", status: int = 200, *, length: int | None = None, **headers: str) -> Script:
    """Return a script that sends `answer`."""
    return lambda visit: visit.send(answer(body, status, length=length, **headers))


def raw(*parts: bytes | str) -> Script:
    """Return a script that sends *parts* and closes the connection."""

    def script(visit: Visit) -> None:
        visit.send(*parts)
        raise ConnectionAbortedError

    return script


def in_turn(*scripts: Script) -> Script:
    """Return a script that plays *scripts*, one per request, and repeats the last one."""
    return lambda visit: scripts[min(visit.number, len(scripts)) - 1](visit)


@dataclass(slots=True)
class HostileSite:
    """One origin. A path without a script gets a sound page that names it, or what *missing* returns.

    robots.txt is 404 at first.
    """

    scripts: dict[str, Script] = field(default_factory=dict)
    missing: Script | None = None
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    at_once: int = 0
    at_once_most: int = 0
    _listener: socket.socket = field(init=False)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self.scripts.setdefault("/robots.txt", page(status=404))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    @property
    def origin(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, path: str) -> str:
        return f"{'https' if self.tls else 'http'}://{self.origin}{path}"

    def requests_for(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    @property
    def paths(self) -> list[str]:
        """The requests except those for robots.txt, in order."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.settimeout(5)
                if self.tls is None:
                    self._converse(connection)
                else:
                    with self.tls.wrap_socket(connection, server_side=True) as wrapped:
                        self._converse(wrapped)
            except OSError:
                return

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        while not self._stop.is_set():
            request = self._request(connection)
            if request is None:
                return
            visit = Visit(request, len(self.requests_for(request.path)), connection, self._stop)
            try:
                unknown = self.missing or page(f"<h1>{request.path}</h1>")
                self.scripts.get(request.path, unknown)(visit)
            finally:
                with self._lock:
                    self.at_once -= 1

    def _request(self, connection: socket.socket) -> Request | None:
        head = b""
        connection.settimeout(0.05)
        while b"\r\n\r\n" not in head:
            try:
                received = connection.recv(65_536)
            except TimeoutError:
                if self._stop.is_set():
                    return None
                continue
            if not received:
                return None
            head += received
        connection.settimeout(5)
        first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(time.monotonic(), method, path, headers)
        with self._lock:
            self.requests.append(request)
            self.at_once += 1
            self.at_once_most = max(self.at_once_most, self.at_once)
        return request
