"""The blueprint of the API: its parameters are strict, its answers JSON."""

from collections.abc import Callable
from functools import wraps
from typing import get_type_hints

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, ValidationError

from searcher.params import FilterParams, ParameterError, Parameters, explain_errors
from searcher.problems import Problem
from searcher.service import current_service

api = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_responses={400: Problem, 503: Problem},
)

SEARCH = Tag(name="search", description="Find and count releases.")
RELEASES = Tag(name="releases", description="Read a release and its edits.")
CHANGES = Tag(name="changes", description="Follow what happens to releases.")
COLLECTION = Tag(name="collection", description="What is collected, and how fresh it is.")

View = Callable[..., Response]
Exclusions = set[str] | dict[str, dict[str, set[str]]]
"""Names of fields to leave out; for a list, by its name, the fields of its items."""


def read_strictly(view: View) -> View:
    """Return *view*, given the parameters of the request as the models of its ``query`` and ``path``.

    flask-openapi would read them too, but it ignores repeated values, and reports names of our code.
    """
    hints = get_type_hints(view)
    query: type[Parameters] = hints["query"]
    path: type[BaseModel] | None = hints.get("path")

    @wraps(view)
    def strict(**values: str) -> Response:
        sent = query.read(request.args)
        if isinstance(sent, FilterParams):
            current_service().require_institutions(sent.filters.ministries)
        given: dict[str, BaseModel] = {"query": sent}
        if path is not None:
            given["path"] = _read_path(path, values)
        return view(**given)

    strict.__dict__["__delay_validate_request__"] = True  # flask-openapi's mark of a view that does its own
    return strict


def _read_path(model: type[BaseModel], values: dict[str, str]) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ParameterError(explain_errors(error)) from error


def json_response(answer: BaseModel, *, exclude: Exclusions | None = None) -> Response:
    """Return *answer* as JSON, without the fields to *exclude*."""
    body = answer.model_dump_json(by_alias=True, exclude=exclude)
    return Response(f"{body}\n", content_type="application/json")
