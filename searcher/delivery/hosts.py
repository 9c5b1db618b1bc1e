"""Host names that the service accepts; no answer depends on them."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import get_host
from werkzeug.wrappers import Response

from searcher.problems import is_for_programs, problem
from searcher.problems.problem_types import UNKNOWN_HOST

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NAME = "localhost"


def _refuse(path: str, service: str) -> Response:
    reason = "unknown host"
    if is_for_programs(path):
        return problem(UNKNOWN_HOST, reason, service=service)
    return Response(f"{reason}\n", HTTPStatus.BAD_REQUEST)


class Hosts:
    """WSGI middleware that rejects hosts other than *trusted*, and hides the host from the app.

    A leading dot in a name includes all subdomains. Without any trusted host all are accepted.
    *service* is the public address of the service.
    """

    def __init__(self, app: "WSGIApplication", trusted: Sequence[str], service: str = "") -> None:
        self._app, self._trusted = app, [name.lower() for name in trusted]
        self._service = service

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if self._trusted and not self._is_trusted(environ):
            return _refuse(environ["PATH_INFO"], self._service)(environ, start)
        # URLs in answers are relative, so the app has no use for a host name that a client may invent.
        return self._app({**environ, "HTTP_HOST": _NAME, "wsgi.url_scheme": "http"}, start)

    def _is_trusted(self, environ: "WSGIEnvironment") -> bool:
        try:
            host = environ.get("HTTP_HOST", "").lower()  # host names are case-insensitive
            get_host(environ["wsgi.url_scheme"], host, trusted_hosts=self._trusted)
        except (SecurityError, UnicodeError):  # such as `xn--a`
            return False
        return True
