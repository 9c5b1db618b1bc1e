from typing import Any

import pytest

from searcher.api.examples import complete_fields


def schemas() -> dict[str, Any]:
    """A model that holds another one in each way that a field can."""
    inner = {"$ref": "#/components/schemas/Inner"}
    return {
        "Inner": {
            "description": "What is inside.",
            "properties": {"n": {"type": "integer", "description": "A number.", "examples": [7]}},
        },
        "Outer": {
            "description": "What is outside.",
            "properties": {
                "one": dict(inner),
                "many": {"type": "array", "items": inner, "description": "Many."},
                "perhaps": {"anyOf": [inner, {"type": "null"}], "description": "Perhaps."},
            },
        },
    }


@pytest.mark.parametrize(
    ("name", "example"), [("one", {"n": 7}), ("many", [{"n": 7}]), ("perhaps", {"n": 7})]
)
def test_a_field_that_holds_models_gets_an_example_of_theirs(name: str, example: object) -> None:
    described = schemas()
    complete_fields(described)
    assert described["Outer"]["properties"][name]["examples"] == [example]


def test_a_single_model_describes_its_field() -> None:
    described = schemas()
    complete_fields(described)
    assert described["Outer"]["properties"]["one"]["description"] == "What is inside."


def test_a_plain_field_without_an_example_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        complete_fields({"A": {"description": "A.", "properties": {"n": {"type": "integer"}}}})
