"""One HTTP exchange that cannot get out of hand: bounded in time and bytes, to a checked address."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from crawler.config import Limits
from crawler.downloader.resolver import Addresses
from crawler.urls import Origin, origin

# A wait for bytes looks up this often whether the crawl was told to stop.
SLICE_S = 0.5
# So many "wait, the answer follows" are borne before the answer.
INTERIM_ANSWERS_MAX = 10
# Linux alone has it.
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class BoundError(OSError):
    """An exchange met one of its bounds: ``reason`` is the slug."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Bounds:
    """What one exchange may take. A socket's own timeout starts anew with each byte: a drip outlasts it."""

    def __init__(self, limits: Limits, stop: threading.Event) -> None:
        self.limits = limits
        self.is_fresh = False
        """Whether the exchange runs on a connection made for it."""
        self.is_kept = True
        """Whether connections are used again: not to a host that says more than it was asked."""
        self._stop = stop
        self._deadline = 0.0
        self._bytes_left = 0

    def begin(self, total_s: float) -> None:
        """Start an exchange that must be over in *total_s*."""
        self._deadline = time.monotonic() + total_s
        self._bytes_left = self.limits.wire_bytes
        self.is_fresh = False

    def left_s(self) -> float:
        """Return how long the exchange may last yet.

        Raises:
            BoundError: it is over (``timeout``), or the crawl was told to stop (``stopped``).
        """
        if self._stop.is_set():
            raise BoundError("stopped")
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise BoundError("timeout")
        return left

    def count(self, received: int) -> None:
        """Take *received* bytes off what may come, headers, chunk sizes and trailers included.

        Raises:
            BoundError: it was too much (``too-large``).
        """
        self._bytes_left -= received
        if self._bytes_left < 0:
            raise BoundError("too-large")


class _BoundedSocket(socket.socket):
    bounds: Bounds

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        return _received(self, self.bounds, partial(super().recv_into, buffer, nbytes, flags))


class _BoundedTLSSocket(ssl.SSLSocket):
    bounds: Bounds

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        return _received(self, self.bounds, partial(super().recv_into, buffer, nbytes, flags))


def _received(sock: socket.socket, bounds: Bounds, receive: Callable[[], int]) -> int:
    if sock.gettimeout() == 0:  # only a look at what is there
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
    """Reads on past 1xx: the standard library takes 103 Early Hints for the answer."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._sock = sock
        self.has_more = False
        """Whether something had come after the answer when it was read."""

    def _close_conn(self) -> None:
        if _QUICK_ACK is not None:
            # A server holds further bytes back until the first are acknowledged. Were that left to the next
            # question, they would come as if they answered it.
            with suppress(OSError):
                self._sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        self.has_more = bool(_there(self._sock, partial(self.fp.peek, 1)))
        super()._close_conn()  # type: ignore[misc] # not in typeshed

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(INTERIM_ANSWERS_MAX):
            version, status, reason = super()._read_status()  # type: ignore[misc] # not in typeshed
            if not 100 <= status < 200 or status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            while self.fp.readline(65537) not in (b"\r\n", b"\n", b""):
                pass
        raise http.client.BadStatusLine("too many interim answers")


class _PinnedConnection(HTTPConnection):
    """Connects to an address that was checked, and to no other."""

    def __init__(self, *args: Any, addresses: Addresses, bounds: Bounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses = addresses
        self._bounds = bounds
        self._opened: _FinalResponse | None = None

    def response_class(  # type: ignore[override] # it is called, not subclassed
        self, *args: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        """Open the response to a request that was sent."""
        self._opened = _FinalResponse(*args, **kwargs)
        return self._opened

    @property
    def is_connected(self) -> bool:
        """Whether the connection can be used again: it was not ended, and nothing came on it unasked.

        What did would pass for the answer to the next question; then no connection to the host is used twice.
        """
        if self.sock is None or not self._bounds.is_kept:
            return False
        come = _there(self.sock, partial(self.sock.recv, 1))
        if come or (self._opened is not None and self._opened.has_more):
            self._bounds.is_kept = False
            return False
        return come is None

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3
        """Read status and headers; where urllib3 refuses them, close what it forgets to."""
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
        found = self._addresses.of(self._dns_host, port, timeout_s=until - time.monotonic())
        error: OSError = BoundError("timeout")
        for address in found:
            try:
                return _connected(address, port, bounds, until)
            except OSError as failed:
                error = failed
        # Of a bare reset urllib3 thinks that it came after the request, and reads on without a connection.
        raise NewConnectionError(self, str(error)) from error


def _there(sock: socket.socket, receive: Callable[[], bytes]) -> bytes | None:
    """Return what *receive* finds on *sock* without waiting, nothing at its end; None: nothing has come."""
    try:
        sock.settimeout(0)
        return receive()
    except (BlockingIOError, ssl.SSLWantReadError):
        return None
    except (OSError, ValueError):  # it was reset, or closed by us
        return b""


class _PinnedTLSConnection(_PinnedConnection, HTTPSConnection):
    """The same, with the certificate checked against the name that was asked for."""

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _BoundedTLSSocket):
            self.sock.bounds = self._bounds


def _connected(address: str, port: int, bounds: Bounds, until: float) -> socket.socket:
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
    """Sends GETs over connections of its own, one at a time; knows no cookies, proxies, netrc or redirects.

    A requests Session would follow redirects and drain their bodies whatever their size, so there is none.
    What its adapter does for proxies and cookies is left out: it takes a fifth of the time of a fetch.
    """

    def __init__(
        self, addresses: Addresses, limits: Limits, *, stop: threading.Event, tls: ssl.SSLContext
    ) -> None:
        self.bounds = Bounds(limits, stop)
        self._addresses = addresses
        self._tls = tls
        self._pools: dict[Origin, HTTPConnectionPool] = {}
        super().__init__()

    def get(self, url: str, headers: dict[str, str], *, total_s: float) -> requests.Response:
        """Return the answer to one GET, its body yet to be read; all of it must come within *total_s*."""
        self.bounds.begin(total_s)
        # Without `prepare`, which would read and write the address anew; it is in the form that is asked for.
        request = requests.PreparedRequest()
        request.method, request.url, request.headers = "GET", url, CaseInsensitiveDict(headers)
        limits = self.bounds.limits
        timeout = (min(limits.connect_s, total_s), min(limits.read_s, total_s))
        return self.send(request, stream=True, timeout=timeout)

    def close(self) -> None:
        """Close the connections that are kept."""
        for pool in self._pools.values():
            pool.close()

    # --- What requests lets an adapter decide ------------------------------------------------

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> HTTPConnectionPool:
        """Return the connections to the origin of *request*, of which one is kept."""
        found = origin(request.url or "")
        if found is None:
            raise requests.exceptions.InvalidURL(f"{request.url!r}: no web address")
        if found not in self._pools:
            self._pools[found] = self._pool(found)
        return self._pools[found]

    def _pool(self, found: Origin) -> HTTPConnectionPool:
        pool: HTTPConnectionPool
        if found.scheme == "https":
            pool = HTTPSConnectionPool(
                found.host, found.port, cert_reqs="CERT_REQUIRED", ssl_context=self._tls
            )
        else:
            pool = HTTPConnectionPool(found.host, found.port)
        kind = _PinnedTLSConnection if found.scheme == "https" else _PinnedConnection
        pinned = partial(kind, addresses=self._addresses, bounds=self.bounds)
        pool.ConnectionCls = pinned  # type: ignore[assignment] # a class with two arguments filled in
        return pool

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:
        """Leave the certificates to the TLS context, which always checks them."""

    def request_url(self, request: requests.PreparedRequest, proxies: object) -> str:  # noqa: ARG002 # there are none
        """Return what the request line asks for."""
        url = request.url or ""
        return url[url.index("/", len("https://")) :]

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Return the answer without its cookies."""
        response = requests.Response()
        response.status_code, response.url, response.raw = resp.status, req.url or "", resp
        response.headers = CaseInsensitiveDict(resp.headers)
        return response


def tls_context() -> ssl.SSLContext:
    """Return how certificates are checked: against certifi's authorities, whatever the environment says."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.sslsocket_class = _BoundedTLSSocket
    return context
