"""The documentation page of the API: the OpenAPI description for people, without scripts or third parties."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, make_response, render_template
from flask_openapi.openapi import OpenAPI
from werkzeug.datastructures import MultiDict

from searcher.api.description import describe
from searcher.delivery.caching import tag_by_content

Json = Mapping[str, Any]
_NAMES = {"date": "date", "date-time": "date and time (UTC)"}


def show_reference(app: OpenAPI) -> Response:
    """Show every endpoint of *app* with its parameters, answers and errors."""
    g.interface = app.extensions["interfaces"]["en"]
    g.arguments = MultiDict[str, str]()  # a link to another language leads to the search page
    document = describe(app)
    shown = render_template(
        "reference.html",
        document=document,
        shared=shared_answers(document),
        own_answers=own_answers,
        name_type=name_type,
        name_example=name_example,
        example_address=example_address,
    )
    return tag_by_content(make_response(shown))


def shared_answers(document: Json) -> Json:
    """Return the answers, by status, that all endpoints of *document* have in common."""
    first, *others = (methods["get"]["responses"] for methods in document["paths"].values())
    return {
        status: answer
        for status, answer in first.items()
        if all(other.get(status) == answer for other in others)
    }


def own_answers(operation: Json, shared: Json) -> Json:
    """Return the answers of *operation* that are not *shared*."""
    return {status: answer for status, answer in operation["responses"].items() if status not in shared}


def name_type(schema: Json) -> str:
    """Return the type of a *schema* in words.

    >>> name_type({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})
    'date or null'
    >>> name_type({"type": "array", "items": {"$ref": "#/components/schemas/HitAnswer"}})
    'list of HitAnswer'
    """
    if "$ref" in schema:
        return model_of(schema)
    if "anyOf" in schema:
        return _either(dict.fromkeys(map(name_type, schema["anyOf"])))
    if "enum" in schema:
        return _either(map(str, schema["enum"]))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {name_type(schema['items'])}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {name_type(schema['additionalProperties'])}"
    return _NAMES.get(schema.get("format", ""), kind)


def _either(names: Iterable[str]) -> str:
    """Return *names* as a list: `a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def model_of(schema: Json) -> str:
    """Return the name of the model that *schema* refers to."""
    return str(schema["$ref"]).rpartition("/")[2]


def name_example(schema: Json) -> str:
    """Return the example of a *schema* as text; empty if it has none or holds other models."""
    examples = schema.get("examples") or [""]
    values = examples[0] if isinstance(examples[0], list) else [examples[0]]
    if any(isinstance(value, Mapping) for value in values) and "#/components" in str(schema):
        return ""  # the page shows the fields of each model
    return ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def example_address(path: str, operation: Json) -> str:
    """Return an address that calls *operation*; empty if its path takes a value."""
    if "{" in path:
        return ""
    examples = {one["name"]: name_example(one["schema"]) for one in operation.get("parameters", ())}
    query = urlencode({"q": examples["q"]}) if "q" in examples else ""
    return f"{path}?{query}" if query else path
