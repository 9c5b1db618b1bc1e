"""A client generated from the OpenAPI document calls every endpoint of a running server."""

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from crawler.store import Store
from searcher.api.description import operations
from tests.support.children import run_bounded
from tests.support.registered import BUDGET, MINISTER, SEEN, build_registered, id_of
from tests.support.serving import serving
from tests.support.shelf import index

pytestmark = pytest.mark.sweep
PACKAGE = "latvian_press_releases_client"
RELEASE = id_of(BUDGET)
# Each operation: the path of the same request, and the arguments of the client.
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "compare": ("compare?q=skolu", {"q": ["skolu"]}),
    "complete": ("complete?q=skol", {"q": "skol"}),
    "count": ("facets?q=skolu", {"q": "skolu"}),
    "export_changes": ("changes.ndjson", {}),
    "export_corrections_csv": ("corrections.csv?weight=0", {"weight": 0}),
    "export_corrections_ndjson": ("corrections.ndjson?weight=0", {"weight": 0}),
    "export_csv": ("search.csv?q=skolu", {"q": "skolu"}),
    "export_ndjson": ("search.ndjson?q=skolu", {"q": "skolu"}),
    "find_appearance": ("appearance?q=skolu", {"q": "skolu"}),
    "get_diff": (f"releases/{RELEASE}/revisions/1/diff", {"release": RELEASE, "number": 1}),
    "get_mentions": (f"releases/{RELEASE}/mentions", {"release": RELEASE}),
    "get_person": (f"people/{quote(MINISTER)}", {"name": MINISTER}),
    "get_release": (f"releases/{RELEASE}", {"release": RELEASE}),
    "get_similar": (f"releases/{RELEASE}/similar", {"release": RELEASE}),
    "get_status": ("status", {}),
    "get_version": (f"releases/{RELEASE}/versions/1", {"release": RELEASE, "number": 1}),
    "get_version_as_of": (
        f"releases/{RELEASE}/versions/as-of?day=2026-03-02",
        {"release": RELEASE, "day": date(2026, 3, 2)},
    ),
    "list_acts": ("acts", {}),
    "list_changes": ("changes?limit=3", {"limit": 3}),
    "list_corrections": ("corrections?weight=0", {"weight": 0}),
    "list_due": ("due?from=2026-01-01", {"from_": "2026-01-01"}),
    "list_institutions": ("institutions", {}),
    "list_people": ("people?name=Lepz", {"name": "Lepz"}),
    "list_statements": ("statements?speaker=Lepzare", {"speaker": "Lepzare"}),
    "list_versions": (f"releases/{RELEASE}/versions", {"release": RELEASE}),
    "search": ("search?q=skolu&explain=true", {"q": "skolu", "explain": True}),
    "stream_changes": ("changes/stream?seconds=1", {"seconds": 1}),
}


@dataclass(frozen=True)
class Generated:
    """A server, its OpenAPI document, and the client that is generated from it."""

    address: str
    document: dict[str, Any]

    def module(self, operation: str) -> Any:
        """Return the module of an *operation*: clients group them by their tag."""
        [tag] = next(one["tags"] for one in operations(self.document) if one["operationId"] == operation)
        return importlib.import_module(f"{PACKAGE}.api.{tag}.{operation}")

    def call(self, operation: str, arguments: dict[str, Any]) -> Any:
        """Return what the client reads of the answer to an *operation*."""
        with importlib.import_module(PACKAGE).Client(self.address, raise_on_unexpected_status=True) as client:
            return self.module(operation).sync(client=client, **arguments)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = tmp_path_factory.mktemp("client")
    config = build_registered(folder).config
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        body = BUDGET.body.replace("12 miljonus", "15 miljonus")
        store.save(replace(BUDGET, body=body), seen=SEEN + timedelta(1))
    index(config)
    with ExitStack() as stack:
        address = stack.enter_context(serving(config, "--processes", "1"))
        (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")  # no linter after it
        command = [Path(sys.executable).parent / "openapi-python-client", "generate", "--fail-on-warning"]
        options = ["--url", f"{address}/openapi.json", "--config", folder / "config.yml", "--meta", "none"]
        done = run_bounded([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        paths = stack.enter_context(pytest.MonkeyPatch.context())
        paths.syspath_prepend(folder)
        yield Generated(address, httpx.get(f"{address}/openapi.json").json())


def read(value: Any) -> Any:
    """Return the JSON *value* with times as such: a client writes them in another way."""
    if isinstance(value, dict):
        return {name: read(one) for name, one in value.items()}
    if isinstance(value, list):
        return [*map(read, value)]
    is_time = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)", value)
    return datetime.fromisoformat(value) if is_time else value


def test_every_operation_is_called(generated: Generated) -> None:
    assert {one["operationId"] for one in operations(generated.document)} == {*CALLS}


@pytest.mark.parametrize("operation", CALLS)
def test_a_client_reads_what_was_sent(generated: Generated, operation: str) -> None:
    path, arguments = CALLS[operation]
    sent = httpx.get(f"{generated.address}/api/v1/{path}")
    assert sent.status_code == 200, sent.text
    answer = generated.call(operation, arguments)
    if sent.headers["Content-Type"].startswith("application/json"):
        raw, parsed = read(sent.json()), read(answer.to_dict())
        for one in (raw, parsed):
            one.pop("took_ms", None)
        assert parsed == raw
        assert raw
    else:
        assert answer == sent.text
        assert BUDGET.title in sent.text


@pytest.mark.parametrize(
    ("operation", "arguments", "kind"),
    [
        ("search", {"page": 0}, "invalid-parameter"),
        ("get_release", {"release": "x"}, "not-in-collection"),
        ("list_changes", {"since": "3f9a1c0b7d2e4f68-1"}, "outdated-cursor"),
    ],
)
def test_a_client_reads_problems(
    generated: Generated, operation: str, arguments: dict[str, Any], kind: str
) -> None:
    problem = generated.call(operation, arguments)
    assert problem.type_.endswith(f"/api/problems/{kind}")
    page = httpx.get(f"{generated.address}/api/problems/{kind}")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
