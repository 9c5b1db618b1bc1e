import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("title", {"id", "title"}),
        ("id", {"id"}),
        ("published,ministry", {"id", "published", "ministry"}),
        ("url&fields=site", {"id", "url", "site"}),
    ],
)
def test_hits_have_the_fields_asked_for_and_the_id(
    client: FlaskClient, fields: str, expected: set[str]
) -> None:
    answer = client.get(f"/api/v1/search?q=budžets+deficīts&fields={fields}").get_json()
    assert answer["hits"]
    assert {name for hit in (*answer["hits"], *answer["nearest"]) for name in hit} == expected
    assert {"total", "facets", "query"} <= {*answer}


@pytest.mark.parametrize("fields", ["colour", "id,,title", "", "id, title"])
def test_an_unknown_field_is_named(client: FlaskClient, fields: str) -> None:
    answer = client.get("/api/v1/search", query_string={"fields": fields})
    assert answer.status_code == 400
    assert answer.get_json(force=True)["errors"]["fields"].startswith("no such field: ")
