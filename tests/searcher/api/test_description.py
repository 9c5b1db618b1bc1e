import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator  # what schemathesis validates answers with

from searcher.api.description import complete_fields, operations
from searcher.exports import ExportedRelease
from searcher.problems import PROBLEM_TYPES

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> Json:
    return dict(client.get("/openapi.json").get_json())


def fields(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield the name, the description and the schema of each field of a model, parameter and header."""
    for model, schema in document["components"]["schemas"].items():
        for name, field in schema["properties"].items():
            yield f"{model}.{name}", field.get("description", ""), field
    for operation in operations(document):
        where = operation["operationId"]
        for parameter in operation.get("parameters", ()):
            yield f"{where}?{parameter['name']}", parameter.get("description", ""), parameter["schema"]
        for status, response in operation["responses"].items():
            for name, header in response.get("headers", {}).items():
                yield f"{where} {status} {name}", header.get("description", ""), header["schema"]


def test_each_operation_keeps_the_name_by_which_clients_call_it(document: Json) -> None:
    named = {path: one["get"]["operationId"] for path, one in document["paths"].items() if "get" in one}
    assert named == {
        "/api/v1/search": "search",
        "/api/v1/facets": "count",
        "/api/v1/compare": "compare",
        "/api/v1/appearance": "find_appearance",
        "/api/v1/complete": "complete",
        "/api/v1/search.csv": "export_csv",
        "/api/v1/search.ndjson": "export_ndjson",
        "/api/v1/institutions": "list_institutions",
        "/api/v1/status": "get_status",
        "/api/v1/corrections": "list_corrections",
        "/api/v1/corrections.csv": "export_corrections_csv",
        "/api/v1/corrections.ndjson": "export_corrections_ndjson",
        "/api/v1/people": "list_people",
        "/api/v1/people/{name}": "get_person",
        "/api/v1/statements": "list_statements",
        "/api/v1/due": "list_due",
        "/api/v1/acts": "list_acts",
        "/api/v1/releases/{release}": "get_release",
        "/api/v1/releases/{release}/mentions": "get_mentions",
        "/api/v1/changes": "list_changes",
        "/api/v1/changes.ndjson": "export_changes",
        "/api/v1/changes/stream": "stream_changes",
        "/api/v1/releases/{release}/versions": "list_versions",
        "/api/v1/releases/{release}/versions/as-of": "get_version_as_of",
        "/api/v1/releases/{release}/versions/{number}": "get_version",
        "/api/v1/releases/{release}/revisions/{number}/diff": "get_diff",
        "/api/v1/releases/{release}/similar": "get_similar",
    }


def test_every_field_and_parameter_has_a_description_and_an_example(document: Json) -> None:
    assert [name for name, description, _ in fields(document) if not description.strip()] == []
    assert [name for name, _, schema in fields(document) if not schema.get("examples")] == []


def test_every_model_and_answer_has_a_description(document: Json) -> None:
    assert [name for name, one in document["components"]["schemas"].items() if not one["description"]] == []
    answers = [answer for one in operations(document) for answer in one["responses"].values()]
    assert [answer for answer in answers if not answer["description"]] == []


def test_every_example_is_as_its_field_says(document: Json) -> None:
    checked, parts = 0, document["components"]
    for name, _, schema in fields(document):
        rules = Draft202012Validator({**schema, "components": parts}, validate_formats=True)
        for example in schema["examples"]:
            assert [error.message for error in rules.iter_errors(example)] == [], name
            checked += 1
    assert checked > 250


def test_a_line_of_ndjson_is_described(document: Json) -> None:
    row = document["components"]["schemas"]["ExportedRelease"]
    assert {*row["properties"]} == {*ExportedRelease.model_fields}
    assert row["required"] == ["id"]


def test_operations_have_short_names(document: Json) -> None:
    assert {operation["operationId"] for operation in operations(document)} == {
        "compare",
        "complete",
        "count",
        "export_changes",
        "export_corrections_csv",
        "export_corrections_ndjson",
        "export_csv",
        "export_ndjson",
        "find_appearance",
        "get_diff",
        "get_mentions",
        "get_person",
        "get_release",
        "get_similar",
        "get_status",
        "get_version",
        "get_version_as_of",
        "list_acts",
        "list_changes",
        "list_corrections",
        "list_due",
        "list_institutions",
        "list_people",
        "list_statements",
        "list_versions",
        "search",
        "stream_changes",
    }


def test_errors_are_problem_details(document: Json) -> None:
    for operation in operations(document):
        errors = {status: one for status, one in operation["responses"].items() if status >= "400"}
        assert {"400", "405", "414", "503"} <= {*errors}
        assert {media for one in errors.values() for media in one["content"]} == {"application/problem+json"}
        assert "Allow" in errors["405"]["headers"]
        assert "Retry-After" in errors["503"]["headers"]


def test_each_error_names_the_types_of_its_problem(document: Json) -> None:
    for operation in operations(document):
        for status, one in operation["responses"].items():
            if status >= "400":
                named = re.findall(r"/api/problems/([a-z-]+)", one["description"])
                assert named == [kind.slug for kind in PROBLEM_TYPES.values() if int(status) in kind.statuses]
                assert named


def test_clients_are_named_by_letters_that_identifiers_have(document: Json) -> None:
    assert re.fullmatch("[A-Za-z ]+", document["info"]["title"])


def test_no_parameter_may_be_null(document: Json) -> None:
    parameters = [one for operation in operations(document) for one in operation.get("parameters", ())]
    assert [one["name"] for one in parameters if "null" in json.dumps(one)] == []


def test_the_address_of_the_service_is_that_of_the_request(client: FlaskClient) -> None:
    document = client.get("/openapi.json", environ_overrides={"SCRIPT_NAME": "/prese"}).get_json()
    assert document["servers"] == [{"url": "/prese"}]


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
