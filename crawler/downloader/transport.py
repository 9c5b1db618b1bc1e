"""One HTTP exchange: bounded in time and bytes, over a connection to a checked address."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import certifi
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from crawler.config import Limits
from crawler.downloader.resolver import Resolver
from crawler.urls import Origin, origin

# While waiting for bytes, check this often whether the crawl is stopping.
SLICE_S = 0.5
# Maximum number of 1xx interim responses before the final one.
INTERIM_RESPONSES_MAX = 10
NO_FILE = Path()
# Exists on Linux only.
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class BoundError(OSError):
    """An exchange exceeded one of its bounds: ``reason`` is a slug."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ExchangeBounds:
    """The time and bytes left for one exchange.

    A socket's own timeout restarts with each byte, so a server that drips bytes never runs into it.
    """

    def __init__(self, limits: Limits, stop: threading.Event) -> None:
        self.limits = limits
        self.is_fresh = False
        """Whether the connection was opened for this exchange."""
        self.is_kept = True
        """Whether connections are reused: not if the host sent more than was requested."""
        self._stop = stop
        self._deadline = 0.0
        self._bytes_left = 0

    def begin(self, total_s: float, wire_bytes: int) -> None:
        """Begin an exchange that must end within *total_s* and *wire_bytes*."""
        self._deadline = time.monotonic() + total_s
        self._bytes_left = wire_bytes
        self.is_fresh = False

    def left_s(self) -> float:
        """Return the seconds left for the exchange.

        Raises:
            BoundError: there are none (``timeout``), or the crawl is stopping (``stopped``).
        """
        if self._stop.is_set():
            raise BoundError("stopped")
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise BoundError("timeout")
        return left

    def count(self, received: int) -> None:
        """Count *received* bytes, headers, chunk sizes and trailers included.

        Raises:
            BoundError: there were too many (``too-large``).
        """
        self._bytes_left -= received
        if self._bytes_left < 0:
            raise BoundError("too-large")


class _BoundedSocket(socket.socket):
    bounds: ExchangeBounds

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        return _receive(self, self.bounds, partial(super().recv_into, buffer, nbytes, flags))


class _BoundedTLSSocket(ssl.SSLSocket):
    bounds: ExchangeBounds

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        return _receive(self, self.bounds, partial(super().recv_into, buffer, nbytes, flags))


def _receive(sock: socket.socket, bounds: ExchangeBounds, receive: Callable[[], int]) -> int:
    if sock.gettimeout() == 0:  # a peek
        return receive()
    silent_from = time.monotonic() + bounds.limits.read_s
    while True:
        left = min(bounds.left_s(), silent_from - time.monotonic())
        if left <= 0:
            raise BoundError("timeout")
        sock.settimeout(min(left, SLICE_S))
        try:
            received = receive()
        except TimeoutError:
            continue
        bounds.count(received)
        return received


class _FinalResponse(http.client.HTTPResponse):
    """Skips 1xx responses: the standard library takes 103 Early Hints for the final one."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._sock = sock
        self.has_more = False
        """Whether further bytes had arrived when the response was read."""

    def _close_conn(self) -> None:
        if _QUICK_ACK is not None:
            # A server may hold bytes back until the first ones are acknowledged. Acknowledge now: with the
            # next request they would pass for its response.
            with suppress(OSError):
                self._sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        self.has_more = bool(_peek(self._sock, partial(self.fp.peek, 1)))
        super()._close_conn()  # type: ignore[misc] # not in typeshed

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(INTERIM_RESPONSES_MAX):
            version, status, reason = super()._read_status()  # type: ignore[misc] # not in typeshed
            if not 100 <= status < 200 or status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            while self.fp.readline(65537) not in (b"\r\n", b"\n", b""):
                pass
        raise http.client.BadStatusLine("too many interim responses")


class _PinnedConnection(HTTPConnection):
    """Connects only to addresses that were checked."""

    def __init__(self, *args: Any, resolver: Resolver, bounds: ExchangeBounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._resolver = resolver
        self._bounds = bounds
        self._opened: _FinalResponse | None = None

    def response_class(  # type: ignore[override] # it is called, not subclassed
        self, *args: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        """Return the response to a request that was sent."""
        self._opened = _FinalResponse(*args, **kwargs)
        return self._opened

    @property
    def is_connected(self) -> bool:
        """Whether the connection can be reused: it is open, and nothing unsolicited arrived on it.

        Unsolicited bytes would pass for the next response, so from then on no connection is reused.
        """
        if self.sock is None or not self._bounds.is_kept:
            return False
        pending = _peek(self.sock, partial(self.sock.recv, 1))
        if pending or (self._opened is not None and self._opened.has_more):
            self._bounds.is_kept = False
            return False
        return pending is None

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3
        """Read status and headers; if urllib3 refuses them, close the response, which urllib3 leaves open."""
        try:
            return super().getresponse()
        except HTTPError:
            if self._opened is not None:
                self._opened.close()
            raise

    def _new_conn(self) -> socket.socket:
        bounds = self._bounds
        bounds.is_fresh = True
        until = time.monotonic() + min(bounds.limits.connect_s, bounds.left_s())
        port = self.port or self.default_port
        addresses = self._resolver.resolve(self._dns_host, port, timeout_s=until - time.monotonic())
        error: OSError = BoundError("timeout")
        for address in addresses:
            try:
                return _connect(address, port, bounds, until)
            except OSError as failed:
                error = failed
        # urllib3 would take a bare reset for a reset after the request, and read from a closed connection.
        raise NewConnectionError(self, str(error)) from error


def _peek(sock: socket.socket, receive: Callable[[], bytes]) -> bytes | None:
    """Return what *receive* finds on *sock* without waiting; empty: closed, None: nothing arrived."""
    try:
        sock.settimeout(0)
        return receive()
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
    except (OSError, ValueError):  # reset, or closed by us
        return b""


class _PinnedTLSConnection(_PinnedConnection, HTTPSConnection):
    """A connection over TLS to a checked address; the certificate must belong to the name in the URL."""

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _BoundedTLSSocket):
            self.sock.bounds = self._bounds


def _connect(address: str, port: int, bounds: ExchangeBounds, until: float) -> socket.socket:
    left = min(until - time.monotonic(), bounds.left_s())
    if left <= 0:
        raise BoundError("timeout")
    sock = _BoundedSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    sock.bounds = bounds
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(left)
        sock.connect((address, port))
    except OSError:
        sock.close()
        raise
    return sock


class Transport(HTTPAdapter):
    """Sends GET requests, one at a time; without proxies, netrc and redirects.

    There is no requests Session: it would follow redirects and read their bodies whatever their size. What
    requests' adapter does for proxies and cookies is left out: it takes a fifth of the time of a fetch.
    """

    def __init__(
        self, resolver: Resolver, limits: Limits, *, stop: threading.Event, tls: ssl.SSLContext
    ) -> None:
        self.bounds = ExchangeBounds(limits, stop)
        self._resolver = resolver
        self._tls = tls
        self._pools: dict[Origin, HTTPConnectionPool] = {}
        super().__init__()

    def get(
        self, url: str, headers: dict[str, str], *, total_s: float, wire_bytes: int = 0
    ) -> requests.Response:
        """Send a GET request and return the response, its body unread; all must arrive within *total_s*.

        *wire_bytes* may exceed the limit of other pages.
        """
        self.bounds.begin(total_s, max(wire_bytes, self.bounds.limits.wire_bytes))
        # Without `prepare`, which would parse and rewrite the URL: `urls.address` has normalised it.
        request = requests.PreparedRequest()
        request.method, request.url = "GET", url
        request.headers = headers  # type: ignore[assignment] # urllib3 takes any mapping
        limits = self.bounds.limits
        timeout = (min(limits.connect_s, total_s), min(limits.read_s, total_s))
        return self.send(request, stream=True, timeout=timeout)

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    # --- The hooks of requests' adapter ------------------------------------------------------

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> HTTPConnectionPool:
        """Return the connection pool for the origin of *request*."""
        target = origin(request.url or "")
        if target is None:
            raise requests.exceptions.InvalidURL(f"{request.url!r}: not a web address")
        if target not in self._pools:
            self._pools[target] = self._pool(target)
        return self._pools[target]

    def _pool(self, target: Origin) -> HTTPConnectionPool:
        pool: HTTPConnectionPool
        if target.scheme == "https":
            pool = HTTPSConnectionPool(
                target.host, target.port, cert_reqs="CERT_REQUIRED", ssl_context=self._tls
            )
        else:
            pool = HTTPConnectionPool(target.host, target.port)
        kind = _PinnedTLSConnection if target.scheme == "https" else _PinnedConnection
        pinned = partial(kind, resolver=self._resolver, bounds=self.bounds)
        pool.ConnectionCls = pinned  # type: ignore[assignment] # a class with two arguments bound
        return pool

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:
        """Leave certificates to the TLS context, which always verifies them."""

    def request_url(self, request: requests.PreparedRequest, proxies: object) -> str:  # noqa: ARG002 # there are none
        """Return the target of the request line."""
        url = request.url or ""
        return url[url.index("/", len("https://")) :]

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Return the response without its cookies."""
        response = requests.Response()
        response.status_code, response.url, response.raw = resp.status, req.url or "", resp
        response.headers = resp.headers  # those of urllib3 ignore case, too
        return response


def tls_context(further: Path = NO_FILE) -> ssl.SSLContext:
    """Return a context that verifies certificates by certifi's authorities, whatever the environment says.

    The certificates in the file *further* are trusted, too: of authorities, of those that these vouch for, or
    of sites.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    if further != NO_FILE:
        context.load_verify_locations(further)
        # As Python 3.13 and newer do: else only what an authority signed itself is trusted.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        # As older ones do: private authorities seldom keep to the letter of RFC 5280.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.sslsocket_class = _BoundedTLSSocket
    return context
