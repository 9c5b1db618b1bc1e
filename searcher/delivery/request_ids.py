"""Request ids: one in each answer and each log line, so that a report from a user finds its log lines."""

import logging
import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
_SENT = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NONE = "-"

_current: ContextVar[str] = ContextVar("request_id", default=_NONE)


def current_request_id() -> str:
    """Return the id of the request that this thread answers; "-" outside of requests."""
    return _current.get()


class RequestIds:
    """WSGI middleware that gives each request an id, the one that a trusted proxy sent or a new one."""

    def __init__(self, app: "WSGIApplication", *, is_proxied: bool) -> None:
        self._app, self._is_proxied = app, is_proxied

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        request_id = self._sent_id(environ) or secrets.token_hex(8)
        # Not reset afterwards: an answer may be streamed later, and the thread's next request replaces it.
        _current.set(request_id)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, (HEADER, request_id)], *error)

        return self._app(environ, start)

    def _sent_id(self, environ: "WSGIEnvironment") -> str:
        sent = environ.get("HTTP_X_REQUEST_ID", "") if self._is_proxied else ""
        return sent if _SENT.fullmatch(sent) else ""


class _WithRequestId(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.request_id = current_request_id()
        return super().format(record)


def log_with_ids() -> None:
    """Let every log line of this process start with the time, the level and the id of the request."""
    handler = logging.StreamHandler()
    handler.setFormatter(_WithRequestId("%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
