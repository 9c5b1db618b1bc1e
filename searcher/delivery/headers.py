"""Headers of every answer: security, access from other sites, and caching unless the view decides."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, request

# Only our own scripts and styles, none inline: the text of a release can never run (ASVS 5.0, 3.4.3).
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
# The API is public and knows no user, so any site's scripts may read it.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After, X-Request-ID",
}
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-Modified-Since, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}
_SHARED = ("/api/", "/openapi.json")
"""Beginnings of the paths that scripts of other sites may read."""


def add_headers(response: Response) -> Response:
    """Add the headers that every answer has; called after each request."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.location:
        # Only path and query: a forged Host header must not redirect anyone elsewhere.
        target = urlsplit(response.location)
        response.location = "/" + target._replace(scheme="", netloc="").geturl().lstrip("/\\")
        response.set_data(b"")
    if request.path.startswith(_SHARED):
        response.headers.extend(CORS_HEADERS)
        if request.method == "OPTIONS":
            response.headers.extend(PREFLIGHT_HEADERS)
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
