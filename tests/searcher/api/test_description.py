import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from searcher.api.description import operations

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> Json:
    return dict(client.get("/openapi.json").get_json())


def properties(document: Json) -> Iterator[tuple[str, Json]]:
    for model, schema in document["components"]["schemas"].items():
        for name, described in schema["properties"].items():
            yield f"{model}.{name}", described


def test_every_field_has_a_description(document: Json) -> None:
    # Beside a reference, nothing may be said.
    assert [name for name, one in properties(document) if not {"description", "$ref"} & {*one}] == []


def test_every_field_with_a_value_of_its_own_has_an_example(document: Json) -> None:
    missing = [name for name, described in properties(document) if "examples" not in described]
    described = dict(properties(document))
    plain = [name for name in missing if "$ref" not in json.dumps(described[name])]
    assert [name for name in plain if described[name]["type"] != "boolean"] == []


def test_operations_have_short_names(document: Json) -> None:
    assert {operation["operationId"] for operation in operations(document)} == {
        "complete",
        "count",
        "export_csv",
        "export_ndjson",
        "get_diff",
        "get_release",
        "get_similar",
        "get_status",
        "list_institutions",
        "search",
    }


def test_errors_are_problem_details(document: Json) -> None:
    for operation in operations(document):
        errors = {status: one for status, one in operation["responses"].items() if status >= "400"}
        assert {"400", "405", "503"} <= {*errors}
        assert {media for one in errors.values() for media in one["content"]} == {"application/problem+json"}
        assert "Allow" in errors["405"]["headers"]
        assert "Retry-After" in errors["503"]["headers"]


def test_no_parameter_may_be_null(document: Json) -> None:
    parameters = [one for operation in operations(document) for one in operation.get("parameters", ())]
    assert [one["name"] for one in parameters if "null" in json.dumps(one)] == []


def test_the_address_of_the_service_is_that_of_the_request(client: FlaskClient) -> None:
    document = client.get("/openapi.json", environ_overrides={"SCRIPT_NAME": "/prese"}).get_json()
    assert document["servers"] == [{"url": "/prese"}]
