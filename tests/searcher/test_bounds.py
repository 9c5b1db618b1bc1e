"""No request costs much, whatever it contains."""

import gc
import random
import tracemalloc
from collections.abc import Callable
from http import HTTPStatus
from time import thread_time
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from flask_openapi.openapi import OpenAPI

from searcher import create_app
from searcher.params import SearchParams
from tests.conftest import Walk
from tests.support.effort import calls

pytestmark = pytest.mark.sweep

BYTES_MAX = 2_000_000
LETTERS = "vspklmnratdz"
# Queries that repeat something, by name; the argument limits the repetitions.
FAMILIES: dict[str, Callable[[int], str]] = {
    "operators": lambda n: "UN VAI NE " * n,
    "refusals": lambda n: "NE -" * n,
    "words": lambda n: "ministrija valsts " * n,
    "strict words": lambda n: "=ministrija " * n,
    "beginnings": lambda n: " ".join(f"{a}{b}*" for a in LETTERS for b in "aeiou")[: 4 * n],
    "near words": lambda n: "ministrija~2 " * n,
    "quotes": lambda n: '"valsts ministrija"~99 „" ' * n,
    "a long phrase": lambda n: '"' + "valsts ministrija " * n + '"~99',
    "parts": lambda n: "virsraksts:valsts teksts:(ministrija) " * n,
    "filters": lambda n: "gads:2017 -ministrija:v valoda:lv no:2001 " * n,
    "parentheses": lambda n: "(" * n + "valsts" + ")" * n,
    "compounds": lambda n: "valsts-un-ministrijas-" * n + " a-b-c-d" * n,
    "addresses": lambda n: "https://www.a.lv/b-c/d-e/f-g/h-i/j-k?l=m " * n,
    "times": lambda n: "pēdējie 90 gadi pagājušajā nedēļā 14. martā 27.11.2017 " * n,
    "names": lambda n: "A. B. C. D. Zemīte " * n,
    "abbreviations": lambda n: "VUGD NBS IeM ES " * n,
    "typing errors": lambda n: "Trofimvos budzts ministrja drosbia " * n,
    "signs": lambda n: ".,;:!?*~=+/\\&<>'" * n,
}


@pytest.fixture(scope="module")
def app(walked: Walk) -> OpenAPI:
    return create_app(walked.config)


@pytest.mark.parametrize("path", ["/", "/en/", "/api/v1/search"])
@pytest.mark.parametrize("family", FAMILIES)
def test_no_query_gets_a_huge_answer(client: FlaskClient, family: str, path: str) -> None:
    for times in (40, 2_000):
        query = FAMILIES[family](times)[:19_999]
        answer = client.get(path, query_string={"q": query, "explain": "true", "per_page": 100})
        assert answer.status_code == 200
        assert len(answer.data) < BYTES_MAX


@pytest.mark.parametrize("family", FAMILIES)
def test_text_beyond_the_limits_of_a_query_costs_little(app: OpenAPI, family: str) -> None:
    client = app.test_client()
    client.get("/api/v1/search?q=valsts")

    def cost(times: int) -> int:
        query = FAMILIES[family](times)[:10_000]
        address = f"/api/v1/search?per_page=100&explain=true&q={quote(query)}"
        client.get(address)  # fills the caches
        # The cache of answers keeps one per encoding, so another encoding makes the answer anew.
        return calls(lambda: client.get(address, headers={"Accept-Encoding": "identity"}))

    # Text beyond the limits is still tokenized and repeated in the answer.
    assert cost(1_000) < 3 * cost(40) + 100_000


@pytest.mark.long_sweep
def test_no_memory_keeps_the_long_words_of_strangers(app: OpenAPI) -> None:
    service, chars = app.extensions["service"], 3_000

    def ask(seeds: range) -> None:
        for seed in seeds:
            word = "".join(random.Random(seed).choices(LETTERS, k=chars))
            service.search(SearchParams.model_validate({"q": word}))

    def kept() -> int:
        """Return the number of blocks that have the size of such a word, of 1 to 4 bytes a letter."""
        gc.collect()
        sizes = [trace.size for trace in tracemalloc.take_snapshot().traces]
        return sum(chars < size < 5 * chars for size in sizes)

    tracemalloc.start()
    ask(range(80))  # fills the caches of a few dozen words
    before = kept()
    ask(range(80, 120))
    after = kept()
    tracemalloc.stop()
    # The caches that keep each word would keep 40 or more.
    assert after - before < 10


def test_the_words_of_explanations_are_limited(client: FlaskClient) -> None:
    search = {"q": "UN " * 3_000, "explain": "true", "per_page": 100}
    answer = client.get("/api/v1/search", query_string=search).get_json()
    explanations = [hit["explanation"] for hit in (*answer["hits"], *answer["nearest"])]
    assert answer["query"]["cut"]
    assert 0 < sum(len(explanation["words"]) for explanation in explanations if explanation) <= 500
    assert explanations[0]
    few = client.get("/api/v1/search?q=valsts+budžets&explain=true&per_page=100").get_json()
    assert all(hit["explanation"] for hit in few["hits"])


# --- Random requests ------------------------------------------------------------------------

VALUES = (
    *("", " ", "0", "1", "-1", "2", "100", "101", "9" * 30, "1e9", "true", "perhaps", "NaN", "*", "lv", "xx"),
    *("newest", "oldest", "relevance", "auto", "day", "month", "year", "2019", "9999-12", "0001-01-01"),
    *("2019-W07", "31.12.9999", "\x00", "\ud7ff", "\u202e", "<script>", "%", "%00", "../..", "🦭" * 500),
    *(
        "a" * 30_000,
        "WyJhIiwgIiIsIDEsICJiIl0",
        "W05hTiwxLDIsM10",
        "https://evil.example/",
        "Finanšu ministrija",
    ),
)
NAMES = (
    *(
        "q",
        "q",
        "q",
        "q",
        "ministry",
        "language",
        "from",
        "to",
        "sort",
        "page",
        "per_page",
        "cursor",
        "histogram",
    ),
    *(
        "explain",
        "fields",
        "verbatim",
        "fbclid",
        "endpoint",
        "_external",
        "_anchor",
        "_method",
        "",
        "q[]",
        "\x00",
    ),
)
METHODS = ("GET",) * 12 + ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X" * 40)


def random_request(chance: random.Random, known: str) -> tuple[str, str, dict[str, str]]:
    """Return a method, an address and headers of a random request."""
    paths = ("/", "/en/", "/en", "/api/v1/search", "/api/v1/search", "/api/v1/complete", f"/releases/{known}")
    paths += (f"/en/releases/{known}", f"/api/v1/releases/{known}/similar", "/palidziba", "/en/help")
    paths += ("/api/v1/facets", f"/api/v1/releases/{known}", f"/api/v1/releases/{known}/revisions/1/diff")
    paths += ("/api/v1/institutions", "/api/v1/status", "/api/v1/", "/mcp")
    paths += (
        "/healthz",
        "/openapi.json",
        "/robots.txt",
        "/static/style.css",
        f"/{quote(chance.choice(VALUES))}",
    )
    pairs = []
    for _ in range(chance.choice((0, 1, 1, 2, 3, 3, 5, 40))):
        name = chance.choice(NAMES)
        typed = FAMILIES[chance.choice([*FAMILIES])](chance.choice((1, 3, 40, 2_000)))
        pairs.append(f"{quote(name)}={quote(typed if name == 'q' else chance.choice(VALUES))}")
    headers = {
        name: chance.choice(("a", "[::1", "evil.example", "a, b")) for name in ("Host", "X-Forwarded-Host")
    }
    return chance.choice(METHODS), f"{chance.choice(paths)}?{'&'.join(pairs)}"[:200_000], headers


def test_random_requests_get_bounded_answers(client: FlaskClient) -> None:
    chance = random.Random(13)
    known = client.get("/api/v1/search?q=ministrija").get_json()["hits"][0]["id"]
    costs = []
    for _ in range(300):
        method, address, headers = random_request(chance, known)
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        before = thread_time()
        answer = client.open(
            address, method=method, environ_overrides=environ, buffered=True, follow_redirects=False
        )
        costs.append((thread_time() - before, address[:200]))
        assert answer.status_code < 500 or answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, address[:300]
        assert len(answer.data) < BYTES_MAX, address[:300]
    print("most expensive, in seconds:", *sorted(costs)[-3:], sep="\n")
