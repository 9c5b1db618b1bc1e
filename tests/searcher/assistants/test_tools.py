"""The tools as an assistant uses them: by the official client, over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import requests
from mcp import Client
from mcp.server.mcpserver.exceptions import ToolError

from index.query import FILTERS, Filter
from searcher import create_app
from searcher.assistants.tools import create_server
from tests.conftest import Walk
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.serving import serving
from tests.support.shelf import Shelf

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
    assert [tool.name for tool in tools] == [
        "search",
        "read_release",
        "version_as_of",
        "list_institutions",
        "first_appearance",
        "statements_by",
        "changes",
    ]
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


def test_the_text_of_a_day_can_be_cited(call: Call, address: str) -> None:
    (hit,) = call("search", query="drosibas izaicinajumi Baltijas jura", limit=1).structured_content["hits"]
    (text,) = call("version_as_of", id=hit["id"], day="2017-11-28").structured_content["texts"]
    assert (text["version"], text["standing"], text["title"]) == (1, "presumed", hit["title"])
    assert text["address"] == f"/releases/{hit['id']}/versions/1"
    assert requests.get(f"{address}{text['address']}").status_code == 200
    assert call("version_as_of", id=hit["id"], day="2016-01-01").structured_content == {"texts": []}


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


def test_changes_go_on_where_the_last_answer_ended(call: Call, address: str) -> None:
    first = call("changes", limit=2).structured_content
    second = call("changes", since=first["next"], limit=1).structured_content
    same = requests.get(f"{address}/api/v1/changes?limit=3").json()
    listed = first["changes"] + second["changes"]
    assert [(one["id"], one["kind"], one["title"]) for one in listed] == [
        (one["release"], one["kind"], one["title"]) for one in same["changes"]
    ]
    assert second["next"] == same["next"]


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
        ("changes", {"since": "x"}, "since: not a cursor"),
        ("changes", {"since": "0123456789abcdef-1"}, "since: the collection was restored"),
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


@pytest.fixture(scope="module")
def ask(shelf: Shelf) -> Call:
    """Call a tool of a server in this process, over a few releases."""
    server = create_server(create_app(shelf.config).extensions["service"])

    def call_tool(name: str, **arguments: object) -> Any:
        return anyio.run(server.call_tool, name, arguments).structured_content

    return call_tool


def test_a_hit_has_each_of_its_fields(ask: Call, shelf: Shelf) -> None:
    found = ask("search", query="seminārs drošību", limit=1)
    assert (found["total"], found["matches_all_words"]) == (1, True)
    [hit] = found["hits"]
    passages = hit.pop("passages")
    assert any("plkst." in passage for passage in passages)
    assert hit.pop("address").startswith("https://www.iem.example/labota")
    assert hit == {
        "id": shelf.ids["labota"],
        "title": "Seminārs par drošību",
        "institution": "Iekšlietu ministrija",
        "published": "2026-03-02",
        "language": "lv",
        "gone": False,
        "edited": True,
        "quoted": None,
    }


def test_a_release_has_each_of_its_fields(ask: Call, shelf: Shelf) -> None:
    id_ = shelf.ids["labota"]
    assert ask("read_release", id=id_) == {
        "id": id_,
        "title": "Seminārs par drošību",
        "institution": "Iekšlietu ministrija",
        "published": "2026-03-02",
        "address": "https://www.iem.example/labota",
        "language": "lv",
        "text": "Sākums plkst. 10.00.\n\nIeeja brīva.",
        "gone": False,
        "edits": 1,
        "machine_translated": False,
    }
    gone = ask("read_release", id=shelf.ids["pazudusi"])
    assert (gone["gone"], gone["edits"]) == (True, 0)
    assert ask("read_release", id=shelf.ids["formula"])["text"].startswith(
        "+371 nav šeit; drošība\n\n@SUM(A1)"
    )


def test_the_address_of_a_hit_opens_the_original_at_the_passage(ask: Call) -> None:
    [hit] = ask("search", query="garā redakcija", limit=1)["hits"]
    assert hit["address"].startswith("https://www.iem.example/jauna/veca#:~:text=")


def test_the_order_and_the_filters_are_as_asked_for(ask: Call) -> None:
    def days(**arguments: object) -> list[str]:
        return [hit["published"] for hit in ask("search", query="drošība", limit=20, **arguments)["hits"]]

    newest = [day for day in days(newest_first=True) if day]
    assert newest == sorted(newest, reverse=True)
    assert len(newest) > 3
    assert {*days(published_from="2024", published_to="2025")} == {
        day for day in newest if "2024" <= day[:4] <= "2025"
    }
    assert {*days(published_from="2026-03")} == {day for day in newest if day >= "2026-03"}
    assert {*days(published_to="2024-04")} == {day for day in newest if day < "2024-05"}
    assert days(language="en") == []
    assert len(days(institution="Iekšlietu ministrija")) == len(days())
    assert len(ask("search", query="drošība")["hits"]) == 5


def test_an_answer_to_a_part_of_the_words_says_so(ask: Call) -> None:
    found = ask("search", query="drošība qxzwqxzw")
    assert (found["total"], found["matches_all_words"], len(found["hits"])) == (0, False, 5)
    assert ask("search", query="qxzwqxzw") == {
        "total": 0,
        "matches_all_words": False,
        "notes": [],
        "hits": [],
    }


def test_institutions_have_their_releases_and_days(ask: Call) -> None:
    [one] = ask("list_institutions")["institutions"]
    assert (one["name"], one["releases"]) == ("Iekšlietu ministrija", 7)  # one is hidden
    assert (one["first"], one["last"]) == ("2023-01-01", "2031-01-01")


@pytest.mark.parametrize(
    ("tool", "arguments", "reason"),
    [
        ("search", {"query": "a", "limit": 0}, "limit: must be 1 or more"),
        ("search", {"query": "a", "limit": 21}, "limit: must be 20 or less"),
        ("search", {"query": "a", "language": "de"}, "language: must be '', 'lv', 'en' or 'ru'"),
        ("search", {"query": "a", "published_to": "x"}, "to: not a date, e.g. 2017-11-27"),
        (
            "search",
            {"query": "a", "institution": "FM"},
            "no institution is named 'FM'; /api/v1/institutions lists them",
        ),
        ("read_release", {"id": "x" * 101}, f"there is no release {'x' * 100!r}"),
        ("read_release", {"id": "a", "b": 1, "a": 1}, "a: no such parameter; b: no such parameter"),
    ],
)
def test_a_call_that_is_refused_says_exactly_why(
    ask: Call, tool: str, arguments: dict[str, object], reason: str
) -> None:
    with pytest.raises(ToolError) as caught:
        ask(tool, **arguments)
    assert str(caught.value).removeprefix(f"Error executing tool {tool}: ") == reason


def test_without_an_index_a_tool_asks_to_try_again(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    server = create_server(create_app(config).extensions["service"])
    with pytest.raises(ToolError, match=r": the index is not ready; try again in a few minutes$"):
        anyio.run(server.call_tool, "search", {"query": "a"})
