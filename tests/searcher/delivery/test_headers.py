import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searcher import create_app


@pytest.mark.parametrize(
    "address",
    ["/api/v1/search", "/api/v1/search?page=0", "/api/v1/x", "/openapi.json", "/feed.json", "/ru/feed.json"],
)
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


def test_assistants_in_a_browser_may_use_the_mcp_endpoint(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[searcher]\nmcp = true\n", encoding="utf-8")
    asked = {
        "Origin": "https://example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, mcp-protocol-version",
    }
    headers = create_app(config).test_client().options("/mcp", headers=asked).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert {"Content-Type", "Mcp-Protocol-Version"} <= {*headers["Access-Control-Allow-Headers"].split(", ")}


@pytest.mark.parametrize(
    ("base_url", "is_sent"), [("https://a.lv", True), ("http://a.lv", False), ("", False)]
)
def test_browsers_insist_on_tls_only_if_the_public_address_has_it(
    tmp_path: Path, base_url: str, *, is_sent: bool
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[searcher]\nbase_url = "{base_url}"\n', encoding="utf-8")
    headers = create_app(config).test_client().get("/palidziba").headers
    assert ("Strict-Transport-Security" in headers) == is_sent


@pytest.mark.parametrize(
    "address",
    [
        "/feed.atom",
        "/feed.json",
        "/robots.txt",
        "/openapi.json",
        "/api/v1/search",
        "/api/v1/search.csv",
        "/api/v1/search.ndjson",
    ],
)
def test_search_engines_leave_out_what_is_for_programs(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("address", ["/", "/palidziba"])
def test_pages_are_left_to_search_engines(client: FlaskClient, address: str) -> None:
    assert "X-Robots-Tag" not in client.get(address).headers


def test_static_files_are_left_to_search_engines(client: FlaskClient) -> None:
    (style,) = re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)
    answer = client.get(style)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "X-Robots-Tag" not in answer.headers


def test_a_page_is_alone_in_its_browser_context(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert client.get("/api/v1/status").headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]
