"""Reads a response: a body, a redirect, "not modified", or the reason why it is none of these."""

import http.client
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import requests
from urllib3.exceptions import HTTPError, InvalidHeader

from crawler import content_encoding
from crawler.config import Limits
from crawler.content_encoding import EncodingError
from crawler.downloader.resolver import AddressError
from crawler.downloader.throttle import parse_http_date, parse_retry_after
from crawler.downloader.transport import BoundError
from crawler.page import ROBOTS_TAG

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Statuses whose Retry-After counts.
BUSY = frozenset({429, *range(500, 600)})
# An unwanted body up to this size is read, to keep the connection; a longer one closes it.
DRAINED_BYTES = 65_536

# Errors that requests, urllib3 and the standard library raise on a bad response, by their own bugs too.
TRANSPORT_ERRORS = (
    requests.RequestException,
    HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
    AttributeError,
    LookupError,
    TypeError,
)
# The first match for the innermost cause gives the reason, so specific types come before general ones.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "tls-unverified"),
    (ssl.SSLError, "tls"),
    (ConnectionRefusedError, "refused"),
    (TimeoutError, "timeout"),
    (http.client.RemoteDisconnected, "no-answer"),
    (ConnectionError, "reset"),
    (http.client.IncompleteRead, "cut"),
    (http.client.HTTPException, "bad-http"),
    (InvalidHeader, "bad-http"),
    (HTTPError, "cut"),
    (requests.RequestException, "bad-http"),
    (OSError, "unreachable"),
)


class StatusError(Exception):
    """A status without a page; ``retry_after_s`` is the server's Retry-After, None without one."""

    def __init__(self, status: int, retry_after_s: float | None) -> None:
        self.reason = f"status-{status}"
        super().__init__(self.reason)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A page (200), "not modified" (304) or a redirect; only the first has a body."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; several X-Robots-Tag headers are joined by newlines."""
    body: bytes
    cookies: tuple[str, ...] = ()
    """The Set-Cookie headers."""
    is_whole: bool = True
    """False: the body was larger; this is its beginning."""


def read_response(
    response: requests.Response, limits: Limits, *, head_bytes: int | None, now: datetime
) -> Response:
    """Read the body of *response*.

    With *head_bytes*, a longer body is cut there, or where the bytes of the exchange end, instead of being
    refused.

    Raises:
        StatusError: any other status.
        EncodingError: the body is too large, truncated, or in an encoding that was not requested.
    """
    status = response.status_code
    headers = {name.lower(): value for name, value in response.raw.headers.itermerged()}
    if ROBOTS_TAG in headers:  # a crawler's name applies to its own header only
        headers[ROBOTS_TAG] = "\n".join(response.raw.headers.getlist(ROBOTS_TAG))
    cookies = tuple(response.raw.headers.getlist("set-cookie")) if "set-cookie" in headers else ()
    headers.pop("set-cookie", None)  # a stored page must not have it
    body, is_whole = b"", True
    if status == 200:
        body, is_whole = _read_body(response, headers, limits, head_bytes)
    else:
        _drain(response)
    if status not in (200, 304, *REDIRECTS):
        raise StatusError(status, _retry_after_s(status, headers, now))
    return Response(
        status=status, headers=MappingProxyType(headers), body=body, cookies=cookies, is_whole=is_whole
    )


def _retry_after_s(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    if status not in BUSY or "retry-after" not in headers:
        return None
    # A date in Retry-After is by the server's clock, which may be years from ours.
    return parse_retry_after(headers["retry-after"], parse_http_date(headers.get("date", "")) or now)


def _read_body(
    response: requests.Response, headers: Mapping[str, str], limits: Limits, head_bytes: int | None
) -> tuple[bytes, bool]:
    """Return the body and whether it is whole."""
    announced = headers.get("content-length", "")
    if head_bytes is None and announced.isdecimal() and int(announced[:20]) > limits.wire_bytes:
        raise EncodingError("too-large", f"{announced[:20]} bytes announced")
    pieces: list[bytes] = []
    size = 0
    sent = response.raw.stream(content_encoding.CHUNK_BYTES, decode_content=False)
    encoding = headers.get("content-encoding", "")
    at_most = max(limits.page_bytes, head_bytes or 0)
    try:
        for piece in content_encoding.decode_body(sent, encoding, at_most=at_most):
            pieces.append(piece)
            size += len(piece)
            if head_bytes is not None and size >= head_bytes:
                pieces[-1] = piece[: len(piece) - (size - head_bytes)]
                return b"".join(pieces), False
    except (EncodingError, HTTPError) as error:
        if head_bytes is None or not pieces or reason_of(error) != "too-large":
            raise
        return b"".join(pieces), False
    for _ in sent:
        pass  # bytes after the end of a gzip stream
    if not pieces and not {"content-length", "transfer-encoding"} & headers.keys():
        # The standard library takes a connection that ends within the headers for the end of the headers.
        raise EncodingError("cut", "neither a body nor a length")
    response.raw.release_conn()
    return b"".join(pieces), True


def _drain(response: requests.Response) -> None:
    """Read an unwanted body to its end, if that is near, so that the connection can be reused."""
    drained = 0
    for piece in response.raw.stream(DRAINED_BYTES, decode_content=False):
        drained += len(piece)
        if drained > DRAINED_BYTES:
            return
    response.raw.release_conn()


def reason_of(error: BaseException) -> str:
    """Return the slug for the innermost cause of *error*; our own errors come first."""
    causes = list(_causes(error))
    for cause in reversed(causes):
        if isinstance(cause, BoundError | AddressError | EncodingError):
            return cause.reason
    for cause in reversed(causes):
        for kind, reason in _REASONS:
            if isinstance(cause, kind):
                return reason
    return "bad-http"


def detail_of(error: BaseException) -> str:
    """Return the message of the innermost cause of *error*, printable."""
    *_, last = _causes(error)
    return "".join(char if char.isprintable() else "\ufffd" for char in str(last))[:200]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
