import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["/api/v1/search", "/api/v1/search?page=0", "/api/v1/x", "/openapi.json"])
def test_scripts_of_any_site_may_read_the_api(client: FlaskClient, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://example.com"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "X-Request-ID"} <= {*headers["Access-Control-Expose-Headers"].split(", ")}


def test_a_preflight_request_allows_conditional_requests(client: FlaskClient) -> None:
    answer = client.options(
        "/api/v1/search",
        headers={"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "If-None-Match"},
    )
    assert answer.status_code == 200
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_pages_are_for_this_site_only(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_another_method_is_refused_with_those_allowed(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/api/v1/search")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert {*answer.headers["Allow"].split(", ")} == {"GET", "HEAD", "OPTIONS"}
