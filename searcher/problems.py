"""Errors: pages for people, problem details (RFC 9457) for programs."""

from http import HTTPStatus

from flask import Flask, Response, current_app, g, json, make_response, render_template, request
from pydantic import BaseModel, Field
from werkzeug.exceptions import HTTPException

from index.deadline import DeadlineError
from index.errors import ArchiveError, EngineError
from index.history import EpochError, PlaceError
from index.search.cursor import CursorError
from searcher import i18n
from searcher.exports import BusyError
from searcher.params import ParameterError

# Retry-After, if there is no index, if an answer takes too long, and if too many exports run.
_NOT_READY_S, _BUSY_S, _EXPORT_S = 60, 10, 30
_PROGRAMS = ("/api/", "/mcp", "/healthz", "/readyz", "/metrics", "/openapi.json")
_PROGRAM_FILES = (".atom", ".bib", ".json", ".xml")
"""Beginnings of the paths that answer programs, below the path of the service, and their ends."""


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = Field(
        "about:blank",
        description="Always about:blank: the status says what kind it is.",
        examples=["about:blank"],
    )
    title: str = Field(description="The HTTP status in words.", examples=["Bad Request"])
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(
        description="What to change; names the first invalid parameter.",
        examples=["page: must be 1 or more"],
    )
    errors: dict[str, str] = Field(
        {}, description="The reason, by parameter.", examples=[{"page": "must be 1 or more"}]
    )


def is_for_programs(path: str) -> bool:
    """Return whether *path*, with or without the prefix of the service, answers programs."""
    return any(beginning in path for beginning in _PROGRAMS)


def problem(status: HTTPStatus, detail: str, errors: dict[str, str] | None = None) -> Response:
    """Return a response with problem details."""
    body = Problem(title=status.phrase, status=status, detail=detail, errors=errors or {})
    return Response(json.dumps(body.model_dump()), status=status, content_type="application/problem+json")


def add_error_handlers(app: Flask) -> None:
    """Let *app* answer each error in the form that suits the address."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ParameterError, _parameter_error)
    app.register_error_handler(CursorError, _cursor_error)
    app.register_error_handler(PlaceError, _place_error)
    app.register_error_handler(EpochError, _epoch_error)
    app.register_error_handler(EngineError, _engine_error)
    app.register_error_handler(DeadlineError, _deadline_error)
    app.register_error_handler(BusyError, _busy_error)


def _http_error(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = _answer(status, error.description or "")
    if allowed := error.get_response().headers.get("Allow"):
        response.headers["Allow"] = allowed
    return response


def _parameter_error(error: ParameterError) -> Response:
    return _answer(HTTPStatus.BAD_REQUEST, str(error), error.errors)


def _cursor_error(error: CursorError) -> Response:
    return _answer(HTTPStatus.BAD_REQUEST, f"cursor: {error}", {"cursor": str(error)})


def _place_error(error: PlaceError) -> Response:
    return _answer(HTTPStatus.BAD_REQUEST, f"since: {error}", {"since": str(error)})


def _epoch_error(error: EpochError) -> Response:
    return _answer(HTTPStatus.GONE, f"since: {error}", {"since": str(error)})


def _engine_error(error: EngineError) -> Response:
    if not error.is_logged:
        current_app.logger.error("%s", error)  # paths are logged, not shown to clients
    g.reads_store = isinstance(error, ArchiveError)
    what = "the releases cannot be read" if g.reads_store else "the index is not ready"
    return _retry_later(_NOT_READY_S, f"{what}; try again in a few minutes")


def _deadline_error(error: DeadlineError) -> Response:
    current_app.logger.warning("%s: %r", error, request.full_path[:500])
    return _retry_later(_BUSY_S, "this takes too long; ask for fewer words or hits")


def _busy_error(_error: BusyError) -> Response:
    return _retry_later(_EXPORT_S, "other exports are running; try again later")


def _answer(status: HTTPStatus, detail: str, errors: dict[str, str] | None = None) -> Response:
    if request.path.startswith(_PROGRAMS) or request.path.endswith(_PROGRAM_FILES):
        return problem(status, detail, errors)
    g.failed = True
    g.setdefault("interface", current_app.extensions["interfaces"][_language_of(request.path)])
    return make_response(render_template("error.html", status=status), status)


def _retry_later(seconds: int, detail: str) -> Response:
    response = _answer(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    response.headers["Retry-After"] = str(seconds)
    return response


def _language_of(path: str) -> str:
    """Return the interface language of *path*, which may not exist."""
    first = path.split("/")[1]
    return first if first in i18n.LANGUAGES else i18n.DEFAULT
