"""The parameter ``fields``: which fields of each hit or of a release an answer has."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, JsonValue, WithJsonSchema

ALWAYS = "id"
"""In every answer, asked for or not: without it, a hit cannot be followed."""


def fields_of(model: type[BaseModel]) -> Any:
    """Return the type of a parameter that selects fields of *model*, separated by commas."""
    names: list[JsonValue] = [*model.model_fields]
    schema: dict[str, JsonValue] = {
        "type": "array",
        "items": {"type": "string", "enum": names},
        "minItems": 1,
    }
    return Annotated[
        tuple[str, ...] | None,
        BeforeValidator(_reader(set(model.model_fields))),
        WithJsonSchema(schema),
        Field(
            description="Only these fields, separated by commas, and always the id; all if not given.",
            examples=[[ALWAYS, "title"]],
        ),
    ]


def _reader(known: set[str]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(value.split(","))
        if unknown := [name for name in names if name not in known]:
            raise ValueError(f"no such field: {unknown[0][:50]!r}")
        return names

    return read


def unwanted(model: type[BaseModel], wanted: Sequence[str] | None) -> set[str]:
    """Return the fields of *model* that an answer leaves out if *wanted* are asked for."""
    return set() if wanted is None else {*model.model_fields} - {*wanted, ALWAYS}


def require_id(schema: dict[str, JsonValue]) -> None:
    """Declare in the JSON *schema* of a model that an answer may lack all fields but the id."""
    schema["required"] = [ALWAYS]
