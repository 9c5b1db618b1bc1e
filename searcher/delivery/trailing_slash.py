"""One address for each page: addresses with a superfluous final slash are redirected."""

from http import HTTPStatus

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

_QUERY_BYTES = 3_000
"""A longer query string is not redirected: proxies refuse headers of 4 KB."""


def redirect_trailing_slashes(app: Flask) -> None:
    """Let *app* redirect an unknown address that ends in a slash to the same one without it, if there is one.

    Flask itself redirects the opposite case: `/en` to `/en/`.
    """
    app.before_request(_redirect)


def _redirect() -> Response | None:
    is_unknown = isinstance(request.routing_exception, NotFound) and request.path.endswith("/")
    if not is_unknown or request.method not in ("GET", "HEAD") or len(request.query_string) > _QUERY_BYTES:
        return None
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match(request.path.removesuffix("/"), method="GET")
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    address = url_for(endpoint, **values)
    return redirect(f"{address}?{query}" if query else address, HTTPStatus.PERMANENT_REDIRECT)
