"""The examples of docs/api.md, run on the sample sites."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import Walk
from tests.support.serving import serving

pytestmark = pytest.mark.sweep
TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:8000"
EXAMPLES = re.findall(r"^```console\n(.*?)^```(?:\n\n```json\n(.*?)^```)?", TEXT, re.MULTILINE | re.DOTALL)
CODE = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def service(walked: Walk) -> Iterator[str]:
    with serving(walked.lean_config, "--processes", "1") as address:
        yield address


def has(answer: Any, shown: Any) -> bool:
    """Return whether *answer* is as *shown*, which may leave out fields."""
    if isinstance(shown, Mapping):
        return all(name in answer and has(answer[name], value) for name, value in shown.items())
    if isinstance(shown, list):
        return len(answer) == len(shown) and all(map(has, answer, shown))
    return bool(answer == shown)


@pytest.mark.parametrize(("commands", "shown"), EXAMPLES)
def test_an_example_answers_as_shown(service: str, release_id: str, commands: str, shown: str) -> None:
    expected = json.loads(shown) if shown else {}
    for command in commands.splitlines():
        prompt, program, address = shlex.split(command.replace("<id>", release_id))
        assert (prompt, program) == ("$", "curl")
        answer = requests.get(address.replace(SHOWN, service))
        assert answer.status_code == expected.get("status", 200), answer.text
        assert has(answer.json(), expected), answer.text


def test_the_walk_reaches_every_hit(service: str) -> None:
    names: dict[str, Any] = {"requests": requests, "SERVICE": service}
    exec(CODE[0], names)
    ids = [hit["id"] for hit in names["walk"](q="ministrija", per_page=5)]
    total = requests.get(f"{service}/api/v1/search?q=ministrija").json()["total"]
    assert len({*ids}) == len(ids) == total


def test_the_export_has_every_hit(service: str) -> None:
    names: dict[str, Any] = {"requests": requests, "json": json, "SERVICE": service}
    exec(CODE[1], names)
    ids = [hit["id"] for hit in names["export"](q="ministrija")]
    total = requests.get(f"{service}/api/v1/search?q=ministrija").json()["total"]
    assert len({*ids}) == len(ids) == total
