"""The files of the log of versions, and beside a version its proof and its text."""

from http import HTTPStatus

from flask import Response, abort

from searcher.delivery.caching import tag_by_content
from searcher.delivery.static_files import FOREVER
from searcher.service import current_service

_TEXT = "text/plain; charset=utf-8"


def log_file(path: str) -> Response:
    """Return a file of the log: tiles and stamps never change, checkpoint and key may."""
    content = current_service().log.file(path)
    if content is None:
        abort(HTTPStatus.NOT_FOUND)
    if path.startswith("tile/"):
        response = Response(content, content_type="application/octet-stream")
    elif path.startswith("stamp/"):
        response = Response(content, content_type="application/timestamp-reply")
    else:
        return tag_by_content(Response(content, content_type=_TEXT))
    response.headers["Cache-Control"] = FOREVER
    return response


def proof(release: str, number: int) -> Response:
    """Return the proof of a version, to be downloaded."""
    content = current_service().log.proof(release, number)
    if content is None:
        abort(HTTPStatus.NOT_FOUND)
    return _download(Response(content, content_type="application/json"), f"{release}-{number}-proof.json")


def text(release: str, number: int) -> Response:
    """Return the text that the proof of a version proves, to be downloaded."""
    content = current_service().log.text(release, number)
    if content is None:
        abort(HTTPStatus.NOT_FOUND)
    return _download(Response(content, content_type=_TEXT), f"{release}-{number}.txt")


def _download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return tag_by_content(response)
