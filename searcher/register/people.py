"""The page of a person, and the list of persons who hold an office or speak in public."""

from http import HTTPStatus

from flask import Response, abort, make_response, redirect

from searcher import links
from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page
from searcher.register.list_address import typed_name
from searcher.register.listing import read_statements
from searcher.register.register_params import StatementListParams
from searcher.service import current_service

LISTED = 100
"""Persons in the list."""
STATEMENTS_SHOWN = 10
"""Statements on the page of a person."""
RELEASES_SHOWN = 10


def people() -> Response:
    """List persons, those in most releases first, or those whose name begins as typed."""
    typed = typed_name()
    found = current_service().register.persons(typed, most=LISTED)
    return tag_by_content(page("people.html", typed=typed, people=found))


def person(name: str) -> Response:
    """Show what releases say of a person, and what the person said."""
    service = current_service()
    register = service.register
    listed = register.find_person(name)
    if listed is None:
        abort(HTTPStatus.NOT_FOUND)
    if listed != name:
        return make_response(redirect(links.list_address("views.person", name=listed)))
    found = register.person(listed)
    said = read_statements(service, StatementListParams(speaker=listed, per_page=STATEMENTS_SHOWN))
    return tag_by_content(
        page(
            "person.html",
            person=found,
            said=said,
            address=lambda year: links.search_for(person=listed, **links.of_year(year)),
            releases=register.releases_of(listed, most=RELEASES_SHOWN),
        )
    )
