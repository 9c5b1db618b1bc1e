"""A test client that behaves like a browser."""

from typing import Any

from flask.testing import FlaskClient
from flask_openapi.openapi import OpenAPI
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """Follows redirects by default."""

    def open(self, *arguments: Any, follow_redirects: bool = True, **options: Any) -> TestResponse:
        return super().open(*arguments, follow_redirects=follow_redirects, **options)


def browse(app: OpenAPI) -> FlaskClient:
    """Return a browser on *app*."""
    app.test_client_class = Browser
    return app.test_client()
