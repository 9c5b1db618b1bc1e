from pathlib import Path

import pytest

from searcher import create_app

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
