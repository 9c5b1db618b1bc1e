"""Builds the examples of fields that hold other models from the examples of those models."""

from typing import Any

Json = dict[str, Any]


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
