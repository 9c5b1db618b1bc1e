"""What a response amounts to: a body, a redirect, "not modified", or a reason why it is none of these."""

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
from crawler.downloader.throttle import http_date, retry_after_s
from crawler.downloader.transport import BoundError
from crawler.page import ROBOTS_TAG

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Statuses whose Retry-After counts.
BUSY = frozenset({429, *range(500, 600)})
# A body that is of no interest is read this far, to keep the connection; beyond, the connection is given up.
DRAINED_BYTES = 65_536

# What requests, urllib3 and the standard library raise on a bad answer, also where it finds a fault in them.
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
# The first that fits the innermost cause names the reason, so the special stands before the general.
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
    """A status that brings no page; ``away_s`` is for how long the server sends us away, None: not said."""

    def __init__(self, status: int, away_s: float | None) -> None:
        self.reason = f"status-{status}"
        super().__init__(self.reason)
        self.away_s = away_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page (200), "not modified" (304) or a redirect; only the first has a body."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; several of X-Robots-Tag stand apart by a newline."""
    body: bytes
    is_whole: bool = True
    """False: the body was larger, and this is its beginning."""


def read(response: requests.Response, limits: Limits, *, head_bytes: int | None, now: datetime) -> Answer:
    """Return what *response*, its body yet to come, amounts to.

    With *head_bytes*, the beginning of a body that is too large is enough: so many bytes, or what the limits
    let.

    Raises:
        StatusError: any other status.
        EncodingError: the body is too large, cut, or in an encoding that nobody asked for.
    """
    status = response.status_code
    headers = {name.lower(): value for name, value in response.headers.items()}
    if ROBOTS_TAG in headers:  # the name of a crawler holds to the end of its own header
        headers[ROBOTS_TAG] = "\n".join(response.raw.headers.getlist(ROBOTS_TAG))
    body, is_whole = b"", True
    if status == 200:
        body, is_whole = _body(response, headers, limits, head_bytes)
    else:
        _drain(response)
    if status not in (200, 304, *REDIRECTS):
        raise StatusError(status, _away_s(status, headers, now))
    return Answer(status=status, headers=MappingProxyType(headers), body=body, is_whole=is_whole)


def _away_s(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    if status not in BUSY or "retry-after" not in headers:
        return None
    # The server's date is of the server's clock, and ours may be years away from it.
    return retry_after_s(headers["retry-after"], http_date(headers.get("date", "")) or now)


def _body(
    response: requests.Response, headers: Mapping[str, str], limits: Limits, head_bytes: int | None
) -> tuple[bytes, bool]:
    """Return a body, and whether that is all of it."""
    announced = headers.get("content-length", "")
    if head_bytes is None and announced.isdecimal() and int(announced[:20]) > limits.wire_bytes:
        raise EncodingError("too-large", f"{announced[:20]} bytes announced")
    body = bytearray()
    sent = response.raw.stream(content_encoding.PIECE_BYTES, decode_content=False)
    encoding = headers.get("content-encoding", "")
    try:
        for piece in content_encoding.decoded(sent, encoding, at_most=limits.page_bytes):
            body += piece
            if head_bytes is not None and len(body) >= head_bytes:
                return bytes(body[:head_bytes]), False
    except (EncodingError, HTTPError) as error:
        if head_bytes is None or not body or reason_of(error) != "too-large":
            raise
        return bytes(body), False
    for _ in sent:
        pass  # what follows the end of a gzip stream
    if not body and not {"content-length", "transfer-encoding"} & headers.keys():
        # The standard library takes an end within the headers for the end of the headers.
        raise EncodingError("cut", "neither a body nor a length")
    response.raw.release_conn()
    return bytes(body), True


def _drain(response: requests.Response) -> None:
    """Read a body of no interest to its end, if that is near, so that the connection can be used again."""
    drained = 0
    for piece in response.raw.stream(DRAINED_BYTES, decode_content=False):
        drained += len(piece)
        if drained > DRAINED_BYTES:
            return
    response.raw.release_conn()


def reason_of(error: BaseException) -> str:
    """Return the slug for what lies at the bottom of *error*; what we ourselves found comes first."""
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
    """Return the message at the bottom of *error*, fit for a log."""
    *_, last = _causes(error)
    return "".join(char if char.isprintable() else "\ufffd" for char in str(last))[:200]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
