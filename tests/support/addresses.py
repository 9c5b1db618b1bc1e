"""All kinds of paths of the service, and a request with an environment of its own."""

from flask_openapi.openapi import OpenAPI
from werkzeug.test import create_environ, run_wsgi_app

PATHS = (
    *(
        "/",
        "/en",
        "/en/",
        "/palidziba",
        "/en/help",
        "/ru/institutions",
        "/pieklustamiba",
        "/nowhere",
        "/en/nowhere",
        "//evil.example",
        "//en//help",
    ),
    *(
        "/releases/x",
        "/releases/{id}",
        "/en/releases/{id}",
        "/releases/{id}/revisions/1",
        "/releases/{id}/beside/x",
        "/static/style.css",
        "/static/x",
        "/static/../x",
    ),
    *("/\\evil.example", "/api/v1/search", "/api/v1/complete", "/api/v1/releases/{id}/similar", "/api/v1/x"),
    *(
        "/api/v1",
        "/api/v1/",
        "/api/v1/facets",
        "/api/v1/institutions",
        "/api/v1/status",
        "/api/v1/releases/{id}",
    ),
    *(
        "/api/v1/releases/x",
        "/api/v1/releases/{id}/revisions/1/diff",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/metrics",
        "/robots.txt",
        "/sitemap.xml",
        "/sitemap/iem.xml",
    ),
)


def get(app: OpenAPI, path: str, **environ: str) -> tuple[int, str]:
    """Return the status of the answer, and all its text."""
    body, status, headers = run_wsgi_app(app, {**create_environ(path), **environ}, buffered=True)
    return int(status.split()[0]), f"{headers}{b''.join(body).decode('utf-8', 'replace')}"
