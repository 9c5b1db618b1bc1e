"""The path below which the service is published; every address in an answer begins with it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class UrlPrefix:
    """WSGI middleware for an app published below *prefix* ("" or "/relizes").

    A request may arrive with the prefix or without it, as the proxy removes it or not.
    """

    def __init__(self, app: "WSGIApplication", prefix: str) -> None:
        self._app, self._prefix = app, prefix

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if not self._prefix:
            return self._app(environ, start)
        path: str = environ["PATH_INFO"]
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            path = path.removeprefix(self._prefix)
        return self._app({**environ, "SCRIPT_NAME": self._prefix, "PATH_INFO": path or "/"}, start)
