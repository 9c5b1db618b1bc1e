"""The search endpoint."""

from flask import Response

from searcher.api.answers import SearchAnswer
from searcher.api.blueprint import api, json_response, read_strictly
from searcher.delivery.caching import answer_unless_known
from searcher.params import SearchParams
from searcher.service import current_service


@api.get("/search", responses={200: SearchAnswer})
@read_strictly
def search(query: SearchParams) -> Response:
    """Search the releases."""
    service = current_service()
    return answer_unless_known(
        service.version(), lambda: json_response(SearchAnswer.of(service.search(query)))
    )
