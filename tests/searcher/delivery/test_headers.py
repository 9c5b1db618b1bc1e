import re
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from searcher import create_app
from searcher.delivery.headers import add_headers


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


POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=(), clipboard-write=(self)"
)
PAGE = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": "1",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After, X-Request-ID",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
JSON = {"Content-Type": "application/json", "X-Robots-Tag": "noindex"}
ALLOWED = "Accept, Content-Type, If-Modified-Since, If-None-Match, X-Request-ID"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": ALLOWED,
    "Access-Control-Max-Age": "86400",
}


def headers_of(path: str, response: Response, *, method: str = "GET", is_secure: bool = False) -> Headers:
    with Flask("app").test_request_context(path, method=method):
        return add_headers(response, is_secure=is_secure).headers


@pytest.mark.parametrize(
    ("path", "mime_type", "expected"),
    [
        ("/", "text/html", PAGE),
        ("/feeds", "text/html", PAGE),
        ("/static/style.css", "text/html", PAGE),
        ("/feed.atom", "application/json", PAGE | JSON),
        ("/lv/feed.json", "application/json", PAGE | JSON),
        ("/static/page.js", "application/json", PAGE | {"Content-Type": "application/json"}),
        ("/api/v1/search", "application/json", PAGE | JSON | SHARED),
        ("/openapi.json", "application/json", PAGE | JSON | SHARED),
        ("/en/feed.json", "application/json", PAGE | JSON | SHARED),
        ("/mcp", "application/json", PAGE | JSON | SHARED),
        ("/x/api/", "application/json", PAGE | JSON),
    ],
)
def test_an_answer_has_these_headers(path: str, mime_type: str, expected: dict[str, str]) -> None:
    assert dict(headers_of(path, Response("x", mimetype=mime_type))) == expected


def test_over_https_browsers_are_told_to_insist_on_it_for_a_year() -> None:
    headers = headers_of("/", Response("x"), is_secure=True)
    assert dict(headers) == PAGE | {"Strict-Transport-Security": "max-age=31536000"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/search", PREFLIGHT),
        ("/feed.json", PREFLIGHT),
        ("/ru/feed.json", PREFLIGHT),
        (
            "/mcp",
            PREFLIGHT
            | {
                "Access-Control-Allow-Methods": "POST, OPTIONS",
                "Access-Control-Allow-Headers": f"{ALLOWED}, Mcp-Protocol-Version",
            },
        ),
    ],
)
def test_a_preflight_answer_allows_what_the_address_takes(path: str, expected: dict[str, str]) -> None:
    assert dict(headers_of(path, Response("x"), method="OPTIONS")) == PAGE | SHARED | expected


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("https://evil.example/palidziba?q=a%20b#c", "/palidziba?q=a%20b#c"),
        ("//evil.example/x", "/x"),
        ("http://evil.example//evil.example/x", "/evil.example/x"),
        ("/\\evil.example/x", "/evil.example/x"),
        ("/en/", "/en/"),
        ("https://evil.example", "/"),
    ],
)
def test_a_redirect_leads_nowhere_else(location: str, sent: str) -> None:
    response = Response("moved", 308, headers={"Location": location})
    with Flask("app").test_request_context("/"):
        answer = add_headers(response, is_secure=False)
    assert (answer.headers["Location"], answer.get_data()) == (sent, b"")


@pytest.mark.parametrize(
    ("status", "kept"),
    [(200, "public"), (308, "public"), (399, "public"), (400, "no-store"), (503, "no-store")],
)
def test_how_long_an_answer_may_be_kept_is_said_by_its_view_unless_it_is_an_error(
    status: int, kept: str
) -> None:
    response = Response("x", status, headers={"Cache-Control": "public"})
    assert headers_of("/", response).getlist("Cache-Control") == [kept]


def test_a_view_may_set_a_header_of_its_own() -> None:
    response = Response("x", headers={"content-security-policy": "sandbox"})
    assert headers_of("/", response).getlist("Content-Security-Policy") == ["sandbox"]
