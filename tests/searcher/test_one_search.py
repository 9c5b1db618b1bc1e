"""With the compiled core, nothing that the product answers asks the search in NumPy."""

import sys

import pytest

from index.search.core import CompiledSearcher
from tests.conftest import Walk
from tests.support.children import run_bounded

ASK = """
import sys
from itertools import product
from pathlib import Path
from searcher import create_app

QUERIES = (
    "", "ministrija", "valsts budžets", '"valsts budžets"', '"valsts budžets"~5', '"ministrija valsts"',
    "ministrij*", "*strija", "min?strija", "ministrja~", "valsts -budžets", "-valsts", "valsts VAI budžets",
    "virsraksts:ministrija", "ievads:valsts teksts:ministrija", "pielikums:valsts", 'teksts:"valsts budžets"',
    "virsraksts:min*", "(valsts VAI budžets) ministrija", "nekasnav valsts budžets", "nekasnav", "drosiba",
    "ministrija:IeM seminārs", "gads:2017 ministrija", "pagājušajā nedēļā", '="ministrija"', "dronu medības",
)
VARIANTS = (
    {}, {"sort": "newest"}, {"sort": "oldest", "page": 2}, {"page": 2, "per_page": 3}, {"cursor": "*"},
    {"histogram": "auto", "per_page": 100}, {"explain": "true"}, {"verbatim": "true"},
)
client = create_app(Path(sys.argv[1])).test_client()
ids, failed = set(), []


def ask(path, **values):
    answer = client.get(path, query_string=values, follow_redirects=True)
    if answer.status_code != 200:
        failed.append((path, values, answer.status_code))
    return answer


for text, variant in product(QUERIES, VARIANTS):
    found = ask("/api/v1/search", q=text, **variant).get_json()
    ids.update(hit["id"] for hit in found["hits"][:1])
    if variant == {"cursor": "*"} and found.get("cursor"):
        ask("/api/v1/search", q=text, cursor=found["cursor"])
for text in QUERIES:
    for path in ("/", "/feed.atom", "/api/v1/facets", "/api/v1/search.ndjson", "/api/v1/search.csv"):
        ask(path, q=text).get_data()
    ask("/api/v1/complete", q=text)
for id_ in ids:
    ask(f"/api/v1/releases/{id_}/similar")
    ask(f"/releases/{id_}", q="ministrija")
print(len(ids) > 10, failed)
print(sorted({"index.search.plain.numpy_finder", "index.search.plain.numpy_searcher"} & {*sys.modules}))
"""


@pytest.mark.skipif(CompiledSearcher is None, reason="the search core is not compiled")
def test_the_core_answers_whatever_is_asked(walked: Walk) -> None:
    done = run_bounded([sys.executable, "-c", ASK, walked.config], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "True []\n[]\n"
