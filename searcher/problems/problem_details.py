"""Problem details (RFC 9457): what programs get instead of an answer."""

import re
from http import HTTPStatus

from flask import Response, current_app, json
from pydantic import BaseModel, Field

from searcher.problems.problem_types import ProblemType

_PROGRAMS = re.compile(r"/(?:api|mcp|healthz|readyz|metrics|openapi\.json)(?:/|$)")
_PROGRAM_FILES = (".atom", ".bib", ".json", ".xml")
"""Beginnings of the paths that answer programs, below the path of the service, and their ends."""


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = Field(
        description="The address of a page that explains this kind of problem, in Latvian; below /en and /ru "
        "in these languages. It never changes; it is a path unless the service knows its own address.",
        examples=["/api/problems/invalid-parameter"],
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
    return _PROGRAMS.search(path) is not None


def begins_as_for_programs(path: str) -> bool:
    """Return whether *path*, below that of the service, answers programs; also if it is unknown."""
    return _PROGRAMS.match(path) is not None or path.endswith(_PROGRAM_FILES)


def describe_problem(
    kind: ProblemType,
    status: int,
    title: str,
    detail: str,
    errors: dict[str, str] | None = None,
    *,
    service: str,
) -> str:
    """Return problem details as JSON; *service* is the address of the service."""
    body = Problem(
        type=f"{service}{kind.path}", title=title, status=status, detail=detail, errors=errors or {}
    )
    return json.dumps(body.model_dump())


def problem(
    kind: ProblemType,
    detail: str,
    errors: dict[str, str] | None = None,
    *,
    status: HTTPStatus | None = None,
    service: str | None = None,
) -> Response:
    """Return a response with problem details, with the usual *status* of its *kind* unless it is given."""
    status = status or kind.statuses[0]
    where = current_app.extensions["service"].settings.address if service is None else service
    body = describe_problem(kind, status, status.phrase, detail, errors, service=where)
    return Response(body, status=status, content_type="application/problem+json")
