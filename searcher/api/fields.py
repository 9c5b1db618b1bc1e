"""The parameter ``fields``: which fields of each hit or of a release an answer has."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, JsonValue, WithJsonSchema

ALWAYS = "id"
"""In every answer, requested or not: without it, a hit cannot be opened."""


def fields_of(model: type[BaseModel]) -> Any:
    """Return the type of a parameter that selects fields of *model*: repeated, or separated by commas."""
    names: list[JsonValue] = [*model.model_fields]
    return Annotated[
        list[str],
        BeforeValidator(_reader(set(model.model_fields))),
        WithJsonSchema({"type": "array", "items": {"type": "string", "enum": names}}),
        Field(
            description="Only these fields, and always the id; all if none is named. Repeat the parameter, "
            "or separate names by commas: fields=id,title.",
            examples=[[ALWAYS, "title"]],
        ),
    ]


def _reader(known: set[str]) -> Callable[[list[str]], list[str]]:
    def read(sent: list[str]) -> list[str]:
        names = [name for value in sent for name in value.split(",")]
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"no such field: {unknown[0][:50]!r}")
        return names

    return read


def unwanted_fields(model: type[BaseModel], wanted: Sequence[str]) -> set[str]:
    """Return the fields of *model* that an answer leaves out if *wanted* are asked for."""
    return {*model.model_fields} - {*wanted, ALWAYS} if wanted else set()


def require_id(schema: dict[str, JsonValue]) -> None:
    """Declare in the JSON *schema* of a model that an answer may lack all fields but the id."""
    schema["required"] = [ALWAYS]
