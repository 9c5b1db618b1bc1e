"""Errors of the API as problem details (RFC 9457)."""

from http import HTTPStatus

from flask import Response, json
from pydantic import BaseModel, Field, ValidationError

from searcher import params


class Problem(BaseModel):
    """Why a request failed (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="The HTTP status in words.")
    status: int
    detail: str = Field(description="What to change; names the first invalid parameter.")
    errors: dict[str, str] = Field({}, description="The reason, by parameter.")


def problem(status: HTTPStatus, detail: str, errors: dict[str, str] | None = None) -> Response:
    """Return a response with problem details."""
    body = Problem(title=status.phrase, status=status, detail=detail, errors=errors or {})
    return Response(json.dumps(body.model_dump()), status=status, content_type="application/problem+json")


def invalid_parameters(error: ValidationError) -> Response:
    """Return the 400 response for invalid parameters."""
    errors = params.explain_errors(error)
    name, reason = next(iter(errors.items()))
    return problem(HTTPStatus.BAD_REQUEST, f"{name}: {reason}", errors)
