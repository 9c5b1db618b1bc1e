"""The OpenAPI description of the API, made from the declarations of its endpoints."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from flask import request
from flask_openapi.models.info import Info
from flask_openapi.openapi import OpenAPI

from searcher.api.fields import require_id
from searcher.exports import ExportedRelease
from searcher.problems import PROBLEM_TYPES

Json = dict[str, Any]

# Generators name clients by it: `latvian_press_releases_client`. So it has no letters that identifiers lack.
TITLE = "Latvian press releases"
_ABOUT = """\
{name}: search in the press releases of Latvian ministries and agencies; the same results as on the pages.

No key is needed. Every parameter is checked: unknown, repeated and invalid ones are named in a 400 answer
(`application/problem+json`, RFC 9457). The `type` of each problem is the address of a page that explains it.
Send the `ETag` of an answer back as `If-None-Match`: 304 means that nothing changed. Every answer has an
`X-Request-ID`; name it when you report a problem."""
_PROBLEMS = {
    "400": "Parameters are wrong; errors names each.",
    "404": "There is no such release, edit or version.",
    "410": "The cursor is of an earlier epoch: the collection was restored from a backup. Begin with *.",
    "405": "Only GET, HEAD and OPTIONS are allowed.",
    "414": "The address is longer than 200,000 bytes.",
    "503": "The index is not ready, or the answer takes too long; try again later.",
}


def _header(description: str, example: str | int) -> Json:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": description, "schema": {"type": kind, "examples": [example]}}


_HEADERS: Json = {
    "ETag": _header("Changes with the answer.", 'W/"5d41402abc4b2a76b9719d91"'),
    "Last-Modified": _header("When the answer last changed.", "Thu, 26 Nov 2026 23:39:11 GMT"),
    "X-Request-ID": _header("The id of the request in our log.", "d2a7c1f0b3e84c55"),
}
_LINK = _header(
    'The next page, as `<address>; rel="next"`.', '</api/v1/search?q=bud%C5%BEets&page=2>; rel="next"'
)
_ALLOW = _header("The methods that are allowed.", "GET, HEAD, OPTIONS")
_RETRY = _header("Seconds to wait before another try.", 10)


def create_info(service_name: str) -> Info:
    """Return the description of the API of the service of this name."""
    return Info(title=TITLE, version="1", description=_ABOUT.format(name=service_name))


def describe(app: OpenAPI) -> Json:
    """Return the OpenAPI 3.1 document of *app*, as its answers are."""
    document: Json = deepcopy(app.api_doc)
    document["servers"] = [{"url": request.script_root or "/"}]
    # Most readers look for the search.
    document["paths"] = dict(
        sorted(document["paths"].items(), key=lambda one: ("/search" not in one[0], one[0]))
    )
    for operation in operations(document):
        operation.pop("deprecated")  # none is
        if "description" in operation:
            operation["description"] = operation["description"].removeprefix("<br/>").strip()
        for parameter in operation.get("parameters", ()):
            _describe_parameter(parameter)
        _describe_responses(operation)
    schemas = document["components"]["schemas"]
    schemas[ExportedRelease.__name__] = _describe_row()
    complete_fields(schemas)
    return document


def operations(document: Json) -> Iterator[Json]:
    """Return the operations of an OpenAPI *document*."""
    return (path["get"] for path in document["paths"].values())  # there is no other method


def _describe_row() -> Json:
    """Return the schema of a line of NDJSON, which OpenAPI 3.1 cannot say of a stream."""
    schema = ExportedRelease.model_json_schema()
    require_id(schema)
    return schema


def _describe_parameter(parameter: Json) -> None:
    schema = parameter["schema"]
    # In a query string nothing is null: the parameter is left out.
    branches = [branch for branch in schema.pop("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        schema |= branches[0]
    elif branches:
        schema["anyOf"] = branches
    for name in ("title", "description"):
        schema.pop(name, None)


def _describe_responses(operation: Json) -> None:
    responses = operation["responses"]
    responses |= {status: deepcopy(responses["400"]) for status in ("405", "414")}
    for status, description in _PROBLEMS.items():
        if response := responses.get(status):
            response["description"] = f"{description} {_name_types(int(status))}"
            if "application/json" in response["content"]:
                response["content"]["application/problem+json"] = response["content"].pop("application/json")
            response["headers"] = {"X-Request-ID": _HEADERS["X-Request-ID"]}
    responses["405"]["headers"]["Allow"] = _ALLOW
    responses["503"]["headers"]["Retry-After"] = _RETRY
    responses["200"] |= {"description": operation["summary"], "headers": dict(_HEADERS)}
    if operation["operationId"] == "search":
        responses["200"]["headers"]["Link"] = _LINK
    responses["304"] = {"description": "The answer that the client has is current.", "headers": _HEADERS}
    operation["responses"] = dict(sorted(responses.items()))


def _name_types(status: int) -> str:
    """Return which types of problems an answer with this *status* may have."""
    slugs = (one.path for one in PROBLEM_TYPES.values() if status in one.statuses)
    return f"Types: {', '.join(slugs)}."


# --- Examples of fields that hold other models -----------------------------------------------------


def complete_fields(schemas: Json) -> None:
    """Give each field of the *schemas* of an OpenAPI document a description and an example.

    A field that holds models needs no example of its own, and one that holds a single model no description.

    Raises:
        KeyError: a field with plain values has no example.
    """
    for schema in schemas.values():
        for field in schema["properties"].values():
            if "$ref" in field:
                field.setdefault("description", _model(field, schemas)["description"])
            field.setdefault("examples", [_example(field, schemas)])


def _example(schema: Json, schemas: Json) -> object:
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        fields = _model(schema, schemas)["properties"]
        return {name: _example(field, schemas) for name, field in fields.items()}
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    return [_example(schema["items"], schemas)]


def _model(reference: Json, schemas: Json) -> Json:
    model: Json = schemas[reference["$ref"].rpartition("/")[2]]
    return model
