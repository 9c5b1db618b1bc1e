"""Headers of every answer: security, access by other sites and robots, caching unless the view decides."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, request

from searcher.i18n import DEFAULT, LANGUAGES

# Only our own scripts and styles, none inline: the text of a release can never run (ASVS 5.0, 3.4.3).
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # Copying a citation is the only feature of the browser that our scripts use.
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), clipboard-write=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
"""A year; not for subdomains and not for preload lists, which concern more than this service."""
_SECURE = SECURITY_HEADERS | HSTS
_STATIC = "/static/"
# The API is public and knows no user, so any site's scripts may read it.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After, X-Request-ID",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_ANSWER = "Accept, Content-Type, If-Modified-Since, If-None-Match, X-Request-ID"
_READ = {"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": _ANSWER}
PREFLIGHT_HEADERS = {
    "/api/": _READ,
    "/openapi.json": _READ,
    "/feed.json": _READ,
    **{f"/{language}/feed.json": _READ for language in LANGUAGES if language != DEFAULT},
    # Assistants that run in a browser; the second header is of their protocol.
    "/mcp": {
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": f"{_ANSWER}, Mcp-Protocol-Version",
    },
}
"""Headers of preflight answers, by the beginning of each path that scripts of other sites may use."""


def add_headers(response: Response, *, is_secure: bool) -> Response:
    """Add the headers that every answer has; called after each request.

    *is_secure* means that the public address begins with https.
    """
    named = {name.lower() for name, _ in response.headers}
    for name, value in (_SECURE if is_secure else SECURITY_HEADERS).items():
        if name.lower() not in named:
            response.headers.add(name, value)
    if response.location:
        # Only path and query: a forged Host header must not redirect anyone elsewhere.
        target = urlsplit(response.location)
        response.location = "/" + target._replace(scheme="", netloc="").geturl().lstrip("/\\")
        response.set_data(b"")
    _share(response)
    # Pages say themselves whether they may be indexed; static files are parts of them.
    if response.mimetype != "text/html" and not request.path.startswith(_STATIC):
        response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _share(response: Response) -> None:
    """Let scripts of other sites use the addresses that are for programs."""
    beginning = next(filter(request.path.startswith, PREFLIGHT_HEADERS), None)
    if beginning is None:
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return
    response.headers.extend(CORS_HEADERS)
    if request.method == "OPTIONS":
        response.headers.extend({**PREFLIGHT_HEADERS[beginning], "Access-Control-Max-Age": "86400"})
