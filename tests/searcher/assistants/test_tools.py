"""The tools as an assistant uses them: by the official client, over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import anyio
import pytest
import requests
from mcp import Client

from index.query import FILTERS, Filter
from tests.conftest import Walk
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.serving import serving

pytestmark = pytest.mark.sweep
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def address(walked: Walk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config = tmp_path_factory.mktemp("assistants") / "config.toml"
    config.write_text(
        f'data_dir = "{walked.config.parent}"{FEW_CONCEPTS}[searcher]\nmcp = true\n', encoding="utf-8"
    )
    with serving(config, "--processes", "1") as address:
        yield address


@pytest.fixture(scope="module")
def call(address: str) -> Call:
    async def ask(name: str, arguments: dict[str, object]) -> Any:
        async with Client(f"{address}/mcp") as client:
            return await client.call_tool(name, arguments)

    return lambda name, **arguments: anyio.run(ask, name, arguments)


def test_the_tools_only_read(address: str) -> None:
    async def ask() -> Any:
        async with Client(f"{address}/mcp") as client:
            return await client.list_tools()

    tools = anyio.run(ask).tools
    assert [tool.name for tool in tools] == ["search", "read_release", "list_institutions"]
    assert all(tool.annotations.read_only_hint for tool in tools)
    for schema in (schema for tool in tools for schema in (tool.input_schema, tool.output_schema)):
        for part in (schema, *schema.get("$defs", {}).values()):
            assert all(field["description"] for field in part["properties"].values())


@pytest.mark.parametrize(("limit", "count"), [({}, 5), ({"limit": 1}, 1), ({"limit": 7}, 7)])
def test_as_many_hits_are_listed_as_asked_for(call: Call, limit: dict[str, int], count: int) -> None:
    found = call("search", query="ministrija", **limit).structured_content
    assert (len(found["hits"]), found["total"] > 7) == (count, True)


def test_a_hit_can_be_cited(call: Call, address: str) -> None:
    found = call("search", query="drosibas izaicinajumi Baltijas jura", limit=1).structured_content
    (hit,) = found["hits"]
    assert (hit["institution"], hit["published"]) == ("Iekšlietu ministrija", "2017-11-27")
    assert "#:~:text=" in hit["address"]
    text = call("read_release", id=hit["id"]).structured_content["text"]
    quoted = max(hit["passages"][0].split("…"), key=len).strip()
    assert quoted in text
    same = requests.get(f"{address}/api/v1/search?q=drosibas+izaicinajumi+Baltijas+jura").json()
    assert found["total"] == same["total"]


def test_filters_are_those_of_the_api(call: Call) -> None:
    found = call(
        "search", query="budžets", institution="Finanšu ministrija", published_from="2019", newest_first=True
    )
    hits = found.structured_content["hits"]
    assert {hit["institution"] for hit in hits} == {"Finanšu ministrija"}
    assert hits == sorted(hits, key=lambda hit: hit["published"], reverse=True)
    assert hits[-1]["published"] >= "2019"


def test_institutions_are_listed_with_their_releases(call: Call) -> None:
    listed = call("list_institutions").structured_content["institutions"]
    assert {"Finanšu ministrija", "Iekšlietu ministrija"} <= {
        one["name"] for one in listed if one["releases"]
    }


@pytest.mark.parametrize(
    ("tool", "arguments", "reason"),
    [
        ("search", {"query": "a", "published_from": "zzz"}, "from: not a date"),
        ("search", {"query": "a", "limit": 21}, "limit: must be 20 or less"),
        ("search", {"query": "a", "attachment_type": "exe"}, "attachment_type: must be '', 'pdf'"),
        ("search", {"query": "a", "category": "NATO"}, "category: no such parameter"),
        ("search", {"query": "a", "limits": 5, "words": ""}, "limits: no such parameter; words: no such"),
        ("search", {}, "query: "),
        ("list_institutions", {"q": "a"}, "q: no such parameter"),
        ("read_release", {"id": "iem-0000000000"}, "there is no release 'iem-0000000000'"),
        ("search", {"query": "budžets", "institution": "FM"}, "no institution is named 'FM'"),
    ],
)
def test_an_invalid_call_says_why(call: Call, tool: str, arguments: dict[str, object], reason: str) -> None:
    answer = call(tool, **arguments)
    assert answer.is_error
    assert reason in answer.content[0].text
    assert "pydantic" not in answer.content[0].text


def test_only_short_posts_are_answered(address: str) -> None:
    answer = requests.get(f"{address}/mcp")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
    assert requests.post(f"{address}/mcp", data="x" * 20_000).status_code == 413


@pytest.mark.parametrize("one", [one for one in FILTERS if one.assistant], ids=lambda one: one.name)
def test_a_search_can_have_each_filter_that_is_declared_for_it(call: Call, address: str, one: Filter) -> None:
    assert one.assistant
    facets = requests.get(f"{address}/api/v1/facets?q=ministrija", timeout=60).json()["facets"]
    rarest = facets[one.name][-1]
    arguments = {one.assistant[0]: rarest["value"]}
    found = call("search", query="ministrija", **arguments).structured_content
    assert found["total"] == rarest["count"]
