import pytest
from flask.testing import FlaskClient
from lxml import html

from searcher.api.reference import example_address, name_example, name_type
from tests.support.robot import ways


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> str:
    return client.get("/api/v1/").text


def test_every_endpoint_and_model_is_shown(client: FlaskClient, page: str) -> None:
    document = client.get("/openapi.json").get_json()
    text = html.fromstring(page.encode()).text_content()
    assert [path for path in document["paths"] if f"GET {path}" not in text] == []
    assert [name for name in document["components"]["schemas"] if f'id="{name}"' not in page] == []


def test_sections_are_folded_and_repeat_no_answer_of_every_endpoint(page: str) -> None:
    root = html.fromstring(page.encode())
    assert root.xpath("//details[@open]") == []
    statuses = [status.text_content() for status in root.xpath("//details//dl[@class='rows answers']/dt")]
    assert {*statuses} == {"200", "404", "410"}


def test_every_link_of_the_page_works(client: FlaskClient, page: str) -> None:
    statuses = {address: client.get(address).status_code for address in ways("/api/v1/", page)}
    assert {*statuses.values()} == {200}
    root = html.fromstring(page.encode())
    assert {link[1:] for link in root.xpath("//@href") if link.startswith("#")} <= {*root.xpath("//@id")}


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    root = html.fromstring(page.encode())
    assert all(address.startswith("/static/") for address in root.xpath("//@src | //link/@href"))


@pytest.mark.parametrize(
    ("schema", "name", "example"),
    [
        ({"type": "integer", "examples": [1]}, "integer", "1"),
        ({"type": "boolean", "examples": [True]}, "boolean", "true"),
        ({"type": "string", "format": "date-time"}, "date and time (UTC)", ""),
        ({"type": "array", "items": {"enum": [1, 2]}, "examples": [[1, 2]]}, "list of 1 or 2", "1, 2"),
        ({"enum": ["lv", "en", "ru"]}, "lv, en or ru", ""),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object of string", ""),
        ({"anyOf": [{"$ref": "#/components/schemas/Hit"}, {"type": "null"}]}, "Hit or null", ""),
        ({"$ref": "#/components/schemas/Hit", "examples": [{"id": "iem-1"}]}, "Hit", ""),
    ],
)  # fmt: skip
def test_types_and_examples_are_named(schema: dict[str, object], name: str, example: str) -> None:
    assert (name_type(schema), name_example(schema)) == (name, example)


def test_an_address_with_a_value_in_its_path_is_no_example() -> None:
    assert example_address("/releases/{release}", {}) == ""
