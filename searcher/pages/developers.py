"""The pages for those who write programs: how to begin with the API, and what its problems mean."""

from http import HTTPStatus

from flask import Response, abort

from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page
from searcher.problems import PROBLEM_TYPES
from searcher.service import current_service

_HERE = "http://{host}:{port}"


def developers() -> Response:
    """Show how to begin with the API: code to copy in three languages."""
    return tag_by_content(page("developers.html", service=_service_address()))


def problem_types() -> Response:
    """List the types of problems that the API answers with."""
    return tag_by_content(page("problem_types.html", types=PROBLEM_TYPES.values()))


def problem_type(slug: str) -> Response:
    """Explain a type of problem, at the address that is its name in problem details."""
    if slug not in PROBLEM_TYPES:
        abort(HTTPStatus.NOT_FOUND)
    return tag_by_content(page("problem_type.html", kind=PROBLEM_TYPES[slug]))


def _service_address() -> str:
    """Return the address that code on the page calls; without a ``base_url``, that of this machine."""
    settings = current_service().settings
    here = "" if settings.base_url else _HERE.format(host=settings.host or "127.0.0.1", port=settings.port)
    return here + settings.address
