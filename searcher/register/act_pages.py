"""The page of an act that releases cite, and the list of acts."""

from http import HTTPStatus

from flask import Response, abort, g

from searcher import links
from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page
from searcher.params import SearchParams
from searcher.register.act_links import find_act_link
from searcher.register.list_address import typed_name
from searcher.service import current_service

LISTED = 100
RELEASES_SHOWN = 20


def acts() -> Response:
    """List the acts that releases cite, the most cited first, or those whose name has what was typed."""
    typed = typed_name()
    found = current_service().register.acts(typed, most=LISTED)
    return tag_by_content(page("acts.html", typed=typed, acts=found))


def act(name: str) -> Response:
    """Show the releases that cite an act."""
    service = current_service()
    found = service.register.act(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    params = SearchParams.model_validate({"act": [name], "sort": "newest", "per_page": RELEASES_SHOWN})
    hits = service.search(params).results.hits
    return tag_by_content(
        page(
            "act.html",
            act=found,
            hits=hits,
            text=find_act_link(service, found, (hit.id for hit in hits), g.interface.language),
            address=lambda year: links.search_for(act=name, **links.of_year(year)),
        )
    )
