"""Where nothing is compiled, Python interprets the same lines, and each answer is the same."""

import shutil
import sys
from pathlib import Path

import pytest

from index.compiled import is_compiled
from tests.conftest import Walk
from tests.support.children import run_bounded
from tests.support.interpreted import ROOT

ASK = """
import json, sys
from itertools import product
from pathlib import Path
from index.compiled import is_compiled
from searcher import create_app

QUERIES = (
    "", "ministrija", "valsts budžets", '"valsts budžets"', '"valsts budžets"~5', "ministrij*", "min?strija",
    "ministrja~", "valsts -budžets", "valsts VAI budžets", "virsraksts:ministrija", "pielikums:valsts",
    'teksts:"valsts budžets"', "(valsts VAI budžets) ministrija", "nekasnav valsts budžets", "nekasnav",
    "drosiba", "ministrija:IeM seminārs", "gads:2017 ministrija", '="ministrija"', "dronu medības",
)
VARIANTS = (
    {}, {"sort": "oldest", "page": 2}, {"page": 2, "per_page": 3}, {"histogram": "auto", "per_page": 100},
    {"explain": "true"}, {"cursor": "*"},
)
client = create_app(Path(sys.argv[1])).test_client()


def ask(path, **values):
    answer = client.get(path, query_string=values, follow_redirects=True)
    assert answer.status_code == 200, (path, values, answer.status)
    return answer.get_json()


def without_times(found):
    return {name: value for name, value in found.items() if name not in {"took_ms", "cursor"}}


ids = set()
for text, variant in product(QUERIES, VARIANTS):
    found = ask("/api/v1/search", q=text, **variant)
    ids.update(hit["id"] for hit in found["hits"][:1])
    print(json.dumps(without_times(found)))
    if variant == {"cursor": "*"} and found.get("cursor"):
        print(json.dumps(without_times(ask("/api/v1/search", q=text, cursor=found["cursor"]))))
for text in QUERIES:
    print(json.dumps([ask("/api/v1/facets", q=text), ask("/api/v1/complete", q=text)]))
for id_ in sorted(ids):
    print(json.dumps(ask(f"/api/v1/releases/{id_}/similar")))
print(is_compiled(), len(ids))
"""
PACKAGES = ("crawler", "index", "preses_relizes", "searcher")


def answers(config: Path, folder: Path) -> list[str]:
    """Return what the packages in *folder* answer to every query, each in a line, and what they are."""
    program = f"import sys; sys.path[0] = {str(folder)!r}\n{ASK}"
    done = run_bounded([sys.executable, "-c", program, config], cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return str(done.stdout).splitlines()


@pytest.mark.long_sweep  # two processes, one of them slow
@pytest.mark.skipif(not is_compiled(), reason="the search core is not compiled")
def test_interpreted_core_answers_as_the_compiled_one(walked: Walk, tmp_path: Path) -> None:
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    *compiled, fast = answers(walked.config, ROOT)
    *interpreted, slow = answers(walked.config, tmp_path)
    assert (fast.split()[0], slow.split()[0]) == ("True", "False")
    assert int(slow.split()[1]) > 5
    assert interpreted == compiled
