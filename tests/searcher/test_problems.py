from http import HTTPStatus

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ("page=0", "page: must be 1 or more"),
        ("page=1000000000", "page: reaches only the first 1000 hits; use cursor for more"),
        ("cursor=x", "cursor: not a cursor of this service"),
        ("cursor=*&page=2", "page: cannot be combined with cursor"),
        ("histogram=week", "histogram: must be 'auto', 'day', 'month' or 'year'"),
        ("per_page=101", "per_page: must be 100 or less"),
        ("from=nekad", "from: not a date, e.g. 2017-11-27"),
        ("sort=best", "sort: must be 'relevance', 'newest' or 'oldest'"),
        ("colour=red", "colour: no such parameter"),
    ],
)
def test_an_invalid_parameter_is_named(client: FlaskClient, arguments: str, detail: str) -> None:
    answer = client.get(f"/api/v1/search?{arguments}")
    assert (answer.status_code, answer.content_type) == (HTTPStatus.BAD_REQUEST, "application/problem+json")
    assert answer.get_json(force=True)["detail"] == detail


def test_all_invalid_parameters_are_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=a&q=b&page=0&colour=red&from_=2019").get_json(force=True)
    assert {*answer["errors"]} == {"q", "page", "colour", "from_"}


@pytest.mark.parametrize("path", ["/", "/en/", "/api/v1/search", "/api/v1/releases/x"])
def test_a_method_that_is_not_allowed_is_answered_with_those_that_are(client: FlaskClient, path: str) -> None:
    answer = client.delete(path)
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert {"GET", "HEAD"} <= {*answer.headers["Allow"].split(", ")}
