"""The blueprint of the API: its parameters are strict, its answers JSON."""

from collections.abc import Callable
from functools import wraps
from typing import get_type_hints

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel

from searcher.params import Parameters
from searcher.problems import Problem

api = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_responses={400: Problem, 503: Problem},
    abp_tags=[Tag(name="search")],
)

View = Callable[..., Response]


def read_strictly(view: View) -> View:
    """Return *view*, given the parameters of the request as the models of its ``query`` and ``path``.

    flask-openapi would read them too, but it takes the first of two values, and names from our code.
    """
    hints = get_type_hints(view)
    query: type[Parameters] = hints["query"]
    path: type[BaseModel] | None = hints.get("path")

    @wraps(view)
    def strict(**values: str) -> Response:
        given: dict[str, BaseModel] = {"query": query.read(request.args)}
        if path is not None:
            given["path"] = path.model_validate(values)
        return view(**given)

    strict.__dict__["__delay_validate_request__"] = True  # flask-openapi's mark of a view that does its own
    return strict


def json_response(answer: BaseModel) -> Response:
    """Return *answer* as JSON."""
    return Response(answer.model_dump_json(by_alias=True) + "\n", content_type="application/json")
