"""docs/api-changes.md has every change of the API: an endpoint, parameter or field without an entry fails."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from searcher import create_app
from tests.support.browsing import browse

HERE = Path(__file__)
PUBLISHED = {*HERE.with_name("published-0.1.0.txt").read_text(encoding="utf-8").splitlines()}
TEXT = (HERE.parents[3] / "docs" / "api-changes.md").read_text(encoding="utf-8")
_, UNRELEASED, *_ = re.split(r"^## .*$", TEXT, flags=re.MULTILINE)
ADDED, REMOVED = ({*re.findall(r"`([^`]+)`", part)} for part in UNRELEASED.split("\nRemoved:\n"))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    config = tmp_path_factory.mktemp("changes") / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    client: FlaskClient = browse(create_app(config))
    return dict(client.get("/openapi.json").get_json())


def names(document: dict[str, Any]) -> set[str]:
    """Return the names of all endpoints, parameters and fields."""
    operations = {path: one["get"] for path, one in document["paths"].items()}
    schemas = document["components"]["schemas"]
    return {
        *(f"GET {path}" for path in operations),
        *(
            f"{one['operationId']}?{its['name']}"
            for one in operations.values()
            for its in one.get("parameters", ())
        ),
        *(f"{model}.{field}" for model, schema in schemas.items() for field in schema["properties"]),
    }


def entries(name: str) -> set[str]:
    """Return the entries of which one is enough for a new *name*."""
    if name.startswith("GET "):
        return {name.removeprefix("GET ")}
    mark = "?" if "?" in name else "."
    whole, _, part = name.partition(mark)
    is_new = not any(one.startswith(f"{whole}{mark}") for one in PUBLISHED)
    return {name, f"?{part}" if mark == "?" else name} | ({whole} if is_new else set())


def test_everything_new_has_an_entry(document: dict[str, Any]) -> None:
    paths = {one["get"]["operationId"]: path for path, one in document["paths"].items()}
    new = names(document) - PUBLISHED
    missing = {name for name in new if not {paths.get(entry, entry) for entry in entries(name)} & ADDED}
    assert sorted(missing) == []


def test_nothing_published_disappears_without_an_entry(document: dict[str, Any]) -> None:
    assert PUBLISHED - names(document) == REMOVED


def test_every_entry_names_something(document: dict[str, Any]) -> None:
    known = names(document)
    whole = {re.split(r"[.?]", name)[0] for name in known if not name.startswith("GET ")}
    shared = {f"?{name.partition('?')[2]}" for name in known if "?" in name}
    paths = {name.removeprefix("GET ") for name in known if name.startswith("GET ")}
    assert ADDED - known - whole - shared - paths == {"about:blank", "text/plain"}
