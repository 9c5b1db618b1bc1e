"""What each error is answered with: a page for people, problem details for programs."""

from http import HTTPStatus

from flask import Flask, Response, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from index.deadline import DeadlineError
from index.errors import ArchiveError, EngineError
from index.history import EpochError, PlaceError
from index.search.cursor import CursorError
from searcher import i18n
from searcher.exports import BusyError
from searcher.params import ParameterError
from searcher.problems import problem_types as kinds
from searcher.problems.problem_details import begins_as_for_programs, problem
from searcher.problems.problem_types import ProblemType, type_of_status
from searcher.waiting import NoRoomError

# Retry-After, if there is no index, if an answer takes too long, and if too many exports run.
_NOT_READY_S, _BUSY_S, _EXPORT_S = 60, 10, 30


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
    app.register_error_handler(NoRoomError, _no_room_error)


def _http_error(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    kind = type_of_status(status)
    if status == HTTPStatus.NOT_FOUND and request.routing_exception is None:
        kind = kinds.NOT_IN_COLLECTION  # a view knows no such release
    response = _answer(kind, error.description or "", status=status)
    if allowed := error.get_response().headers.get("Allow"):
        response.headers["Allow"] = allowed
    return response


def _parameter_error(error: ParameterError) -> Response:
    return _answer(kinds.INVALID_PARAMETER, str(error), error.errors)


def _cursor_error(error: CursorError) -> Response:
    return _answer(kinds.INVALID_CURSOR, f"cursor: {error}", {"cursor": str(error)})


def _place_error(error: PlaceError) -> Response:
    return _answer(kinds.INVALID_CURSOR, f"since: {error}", {"since": str(error)})


def _epoch_error(error: EpochError) -> Response:
    return _answer(kinds.OUTDATED_CURSOR, f"since: {error}", {"since": str(error)})


def _engine_error(error: EngineError) -> Response:
    if not error.is_logged:
        current_app.logger.error("%s", error)  # paths are logged, not shown to clients
    g.reads_store = isinstance(error, ArchiveError)
    what = "the releases cannot be read" if g.reads_store else "the index is not ready"
    kind = kinds.STORE_UNREADABLE if g.reads_store else kinds.INDEX_NOT_READY
    return _retry_later(kind, _NOT_READY_S, f"{what}; try again in a few minutes")


def _deadline_error(error: DeadlineError) -> Response:
    current_app.logger.warning("%s: %r", error, request.full_path[:500])
    return _retry_later(kinds.TOO_SLOW, _BUSY_S, "this takes too long; ask for fewer words or hits")


def _busy_error(_error: BusyError) -> Response:
    return _retry_later(kinds.EXPORTS_BUSY, _EXPORT_S, "other exports are running; try again later")


def _no_room_error(_error: NoRoomError) -> Response:
    return _retry_later(kinds.TOO_MANY_WAIT, _EXPORT_S, "too many programs wait; try again, or without wait")


def _answer(
    kind: ProblemType,
    detail: str,
    errors: dict[str, str] | None = None,
    *,
    status: HTTPStatus | None = None,
) -> Response:
    if begins_as_for_programs(request.path):
        return problem(kind, detail, errors, status=status)
    g.failed = True
    g.setdefault("interface", current_app.extensions["interfaces"][_language_of(request.path)])
    status = status or kind.statuses[0]
    return make_response(render_template("error.html", status=status), status)


def _retry_later(kind: ProblemType, seconds: int, detail: str) -> Response:
    response = _answer(kind, detail)
    response.headers["Retry-After"] = str(seconds)
    return response


def _language_of(path: str) -> str:
    """Return the interface language of *path*, which may not exist."""
    first = path.split("/")[1]
    return first if first in i18n.LANGUAGES else i18n.DEFAULT
