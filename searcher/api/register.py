"""The endpoints of the register: persons, statements, what falls due, acts."""

from http import HTTPStatus

from flask import Response, abort
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from searcher.api.blueprint import RELEASES, api, json_response, read_strictly
from searcher.api.releases import ReleasePath
from searcher.delivery.caching import tag_by_content
from searcher.params import Parameters
from searcher.problems import Problem
from searcher.register import DueListParams, StatementListParams, read_due, read_statements
from searcher.register.register_rows import DueRow, MentionsRow, NameRow, PersonRow, StatementRow
from searcher.service import current_service

REGISTER = Tag(name="register", description="Who said what, what falls due, which acts are cited.")


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


class StatementsAnswer(BaseModel):
    """A page of statements."""

    total: int = Field(description="Statements that match.", examples=[120])
    page: int = Field(description="The page, from 1.", examples=[1])
    statements: list[StatementRow] = Field(description="Newest first.")


class DueAnswer(BaseModel):
    """A page of times at which something falls due."""

    total: int = Field(description="Times that match.", examples=[120])
    page: int = Field(description="The page, from 1.", examples=[1])
    due: list[DueRow] = Field(description="The earliest first.")


@api.get("/people", operation_id="list_people", tags=[REGISTER], responses={200: NamesAnswer})
@read_strictly
def people(query: NamesRequest) -> Response:
    """List persons whom releases name with an office, or quote; those in most releases first."""
    found = current_service().register.persons(query.name, most=100)
    return tag_by_content(json_response(NamesAnswer(names=list(map(NameRow.of, found)))))


@api.get(
    "/people/<name>",
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


@api.get("/statements", operation_id="list_statements", tags=[REGISTER], responses={200: StatementsAnswer})
@read_strictly
def statements(query: StatementListParams) -> Response:
    """List what people said, byte for byte in the sentences of the release, newest first."""
    service = current_service()
    service.require_institutions(query.ministry)
    found = read_statements(service, query)
    rows = list(map(StatementRow.of, found.rows))
    return tag_by_content(
        json_response(StatementsAnswer(total=found.total, page=query.page, statements=rows))
    )


@api.get("/due", operation_id="list_due", tags=[REGISTER], responses={200: DueAnswer})
@read_strictly
def due(query: DueListParams) -> Response:
    """List what releases announced for a day, month, quarter or year; from today on unless days are given."""
    service = current_service()
    service.require_institutions(query.ministry)
    found = read_due(service, query)
    rows = list(map(DueRow.of, found.rows))
    return tag_by_content(json_response(DueAnswer(total=found.total, page=query.page, due=rows)))


@api.get("/acts", operation_id="list_acts", tags=[REGISTER], responses={200: NamesAnswer})
@read_strictly
def acts(query: NamesRequest) -> Response:
    """List the acts that releases cite, the most cited first; their releases are found by `act`."""
    found = current_service().register.acts(query.name, most=100)
    return tag_by_content(json_response(NamesAnswer(names=list(map(NameRow.of, found)))))


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
