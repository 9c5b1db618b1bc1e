"""The endpoints of names in the register: persons and acts."""

from http import HTTPStatus

from flask import Response, abort
from pydantic import BaseModel, Field

from searcher.api.blueprint import api, json_response, read_strictly
from searcher.api.register.tag import REGISTER
from searcher.delivery.caching import tag_by_content
from searcher.params import Parameters
from searcher.problems import Problem
from searcher.register.register_rows import NameRow, PersonRow
from searcher.service import current_service


class NamesRequest(Parameters):
    """Which names to list."""

    name: str = Field(
        "", max_length=200, description="A beginning of a name, or a part of an act's.", examples=["Lepz"]
    )


class NamesAnswer(BaseModel):
    """Names, those in most releases first."""

    names: list[NameRow] = Field(description="At most 100.")


class NamePath(BaseModel):
    """The path of a person."""

    name: str = Field(max_length=200, description="The full name as listed.", examples=["Agra Lepzare"])


@api.get("/people", operation_id="list_people", tags=[REGISTER], responses={200: NamesAnswer})
@read_strictly
def people(query: NamesRequest) -> Response:
    """List persons whom releases name with an office, or quote; those in most releases first."""
    found = current_service().register.persons(query.name, most=100)
    return tag_by_content(json_response(NamesAnswer(names=list(map(NameRow.of, found)))))


@api.get(
    "/people/<path:name>",
    operation_id="get_person",
    tags=[REGISTER],
    responses={200: PersonRow, 404: Problem},
)
@read_strictly
def person(path: NamePath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Read what releases say of a person: offices with their days, institutions, statements."""
    register = current_service().register
    listed = register.find_person(path.name)
    found = register.person(listed) if listed else None
    if found is None:
        abort(HTTPStatus.NOT_FOUND, f"nobody is listed as {path.name[:100]!r}")
    return tag_by_content(json_response(PersonRow.of(found)))


@api.get("/acts", operation_id="list_acts", tags=[REGISTER], responses={200: NamesAnswer})
@read_strictly
def acts(query: NamesRequest) -> Response:
    """List the acts that releases cite, the most cited first; their releases are found by `act`."""
    found = current_service().register.acts(query.name, most=100)
    return tag_by_content(json_response(NamesAnswer(names=list(map(NameRow.of, found)))))
