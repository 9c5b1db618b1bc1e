"""Makes a page from its template."""

from http import HTTPStatus

from flask import Response, make_response, render_template


def page(template: str, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
    """Return the page made from *template*."""
    return make_response(render_template(template, **context), status)
