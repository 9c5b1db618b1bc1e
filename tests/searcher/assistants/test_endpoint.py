import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searcher import create_app
from searcher.assistants import endpoint

REQUEST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_the_endpoint_exists_only_if_it_is_switched_on(config: Path) -> None:
    statuses = []
    for settings in ("", "[searcher]\nmcp = true\n"):
        config.write_text(settings, encoding="utf-8")
        client = create_app(config).test_client()
        statuses.append(client.post("/mcp", json=REQUEST, headers=HEADERS).status_code)
    assert statuses == [404, 200]


@pytest.mark.parametrize(
    ("body", "status"), [("", 400), ("{", 400), ("[]", 400), ('{"jsonrpc": "2.0", "method": "x"}', 202)]
)
def test_what_is_no_request_is_refused(config: Path, body: str, status: int) -> None:
    config.write_text("[searcher]\nmcp = true\n", encoding="utf-8")
    answer = (
        create_app(config)
        .test_client()
        .post("/mcp", data=body, headers=HEADERS, content_type="application/json")
    )
    assert answer.status_code == status


def test_without_an_index_a_tool_says_so(config: Path) -> None:
    config.write_text("[searcher]\nmcp = true\n", encoding="utf-8")
    call = REQUEST | {"method": "tools/call", "params": {"name": "search", "arguments": {"query": "a"}}}
    answer = create_app(config).test_client().post("/mcp", json=call, headers=HEADERS).get_json()
    assert answer["result"]["isError"] is True
    assert "the index is not ready" in answer["result"]["content"][0]["text"]
    assert str(config.parent) not in str(answer)


@pytest.fixture
def client(config: Path) -> FlaskClient:
    config.write_text("[searcher]\nmcp = true\n", encoding="utf-8")
    return create_app(config).test_client()


def test_a_request_reaches_the_tools_as_it_was_sent(client: FlaskClient) -> None:
    with client.application.test_request_context(
        "/mcp?a=1&b=%C4%81",
        method="POST",
        base_url="https://releases.example",
        headers=[("Accept", "a/b"), ("X-Name", "J\xe4nis")],
    ):
        scope = endpoint._scope()
    headers = scope.pop("headers")
    assert scope == {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"a=1&b=%C4%81",
    }
    assert [(name, value) for name, value in headers if name in (b"accept", b"x-name", b"host")] == [
        (b"host", b"releases.example"),
        (b"accept", b"a/b"),
        (b"x-name", b"J\xe4nis"),
    ]


def test_an_answer_is_one_json_of_the_tools(client: FlaskClient) -> None:
    answer = client.post("/mcp", json=REQUEST | {"id": 7}, headers=HEADERS)
    assert (answer.status_code, answer.get_json()["id"]) == (200, 7)
    assert answer.headers.getlist("Content-Type") == ["application/json"]
    assert {tool["name"] for tool in answer.get_json()["result"]["tools"]} >= {"search"}
    assert client.post("/mcp", json=REQUEST, headers=HEADERS).status_code == 200  # no session


@pytest.mark.parametrize(
    ("method", "headers", "content_type", "status"),
    [
        ("GET", HEADERS, "application/json", 405),
        ("DELETE", HEADERS, "application/json", 405),
        ("POST", {"Accept": "text/html"}, "application/json", 406),
        ("POST", HEADERS, "text/plain", 400),
        ("POST", HEADERS, "application/json", 200),
    ],
)
def test_only_requests_that_the_protocol_allows_are_answered(
    client: FlaskClient, method: str, headers: dict[str, str], content_type: str, status: int
) -> None:
    answer = client.open(
        "/mcp", method=method, data=json.dumps(REQUEST), headers=headers, content_type=content_type
    )
    assert answer.status_code == status
