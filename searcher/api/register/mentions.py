"""The endpoint of what one release mentions."""

from http import HTTPStatus

from flask import Response, abort

from searcher.api.blueprint import RELEASES, api, json_response, read_strictly
from searcher.api.releases import ReleasePath
from searcher.delivery.caching import tag_by_content
from searcher.params import Parameters
from searcher.problems import Problem
from searcher.register.register_rows import MentionsRow
from searcher.service import current_service


@api.get(
    "/releases/<release>/mentions",
    operation_id="get_mentions",
    tags=[RELEASES],
    responses={200: MentionsRow, 404: Problem},
)
@read_strictly
def mentions(path: ReleasePath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Read what the text of a release mentions: persons, bodies, places, acts, numbers."""
    service = current_service()
    found = service.register.mentions(path.release) if service.archive.has(path.release) else None
    if found is None:
        abort(HTTPStatus.NOT_FOUND, f"there is no release {path.release[:100]!r}")
    return tag_by_content(json_response(MentionsRow.of(found)))
