"""The names under which the service may be asked; no answer depends on them."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import get_host
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NAME = "localhost"


class Hosts:
    """Refuses requests for hosts other than those *trusted*, none if none is named. The app sees no host.

    A host is a name; one that begins with a dot stands for all names below it, too.
    """

    def __init__(self, app: "WSGIApplication", trusted: Sequence[str]) -> None:
        self._app, self._trusted = app, [name.lower() for name in trusted]

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if self._trusted and not self._is_trusted(environ):
            return Response("unknown host\n", HTTPStatus.BAD_REQUEST)(environ, start)
        # Addresses in answers are relative, so what a stranger sends here is only a danger.
        return self._app({**environ, "HTTP_HOST": _NAME, "wsgi.url_scheme": "http"}, start)

    def _is_trusted(self, environ: "WSGIEnvironment") -> bool:
        try:
            host = environ.get("HTTP_HOST", "").lower()  # names are the same in any case
            get_host(environ["wsgi.url_scheme"], host, trusted_hosts=self._trusted)
        except (SecurityError, UnicodeError):  # as `xn--a` is
            return False
        return True
