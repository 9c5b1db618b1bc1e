"""Errors as RFC 9457 problem details for programs."""

from http import HTTPStatus

from flask import Response, json
from pydantic import BaseModel, Field, ValidationError

from searcher import params


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="The HTTP status in words.")
    status: int
    detail: str = Field(description="What to change; names the first wrong parameter.")
    errors: dict[str, str] = Field({}, description="What is wrong, by parameter.")


def problem(status: HTTPStatus, detail: str, errors: dict[str, str] | None = None) -> Response:
    """Return the answer that tells a program what is wrong."""
    body = Problem(title=status.phrase, status=status, detail=detail, errors=errors or {})
    return Response(json.dumps(body.model_dump()), status=status, content_type="application/problem+json")


def wrong_parameters(error: ValidationError) -> Response:
    """Return the 400 that names the wrong parameters of a request."""
    errors = params.problems(error)
    name, reason = next(iter(errors.items()))
    return problem(HTTPStatus.BAD_REQUEST, f"{name}: {reason}", errors)
