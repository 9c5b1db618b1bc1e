import json
import random
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher import create_app
from tests.conftest import Walk

FRAGMENTS = (
    *"""" „ “ « ( ) (( * ~ ~3 = - -- : title: virsraksts: gads: no:2017""".split(),
    *"UN VAI NE AND OR NOT [a TO z] a^10 \\ /".split(),
    *"budžets drošība ES 2017 27.11.2017 31.02.2017 <script> &amp; %00 {{7*7}} ${x} '; a@b.lv".split(),
    *("\x00", "\x1b[31m", "\u202e", "\u0301" * 40, "🦭", "ā" * 50, "https://www.iem.gov.lv/?a=b"),
)
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Balance(HTMLParser):
    """Fails if an element is closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - named so by the base class
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def assert_answers(client: FlaskClient, q: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": q})
    page = client.get("/", query_string={"q": q})
    assert {answer.status_code, page.status_code} <= {200, 400}
    json.loads(answer.text)
    balance = Balance()
    balance.feed(page.text)
    assert balance.open == []
    assert "<script>" not in page.text


@pytest.mark.sweep
def test_odd_queries_are_answered(client: FlaskClient) -> None:
    chance = random.Random(2017)
    for _ in range(500):
        glue = chance.choice(["", " "])
        assert_answers(client, glue.join(chance.choices(FRAGMENTS, k=chance.randint(1, 12))))


@pytest.mark.parametrize(
    "q",
    [
        *("a" * 10_000, "a " * 5_000, "(" * 5_000, "NOT " * 1_000, '"' * 501, "ā" * 19_000, "x" * 20_001),
        *("*a*", "a~99", '"a b"~999999999'),
    ],
)
def test_a_long_query_is_answered(client: FlaskClient, q: str) -> None:
    assert_answers(client, q)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(q=st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_a_query(client: FlaskClient, q: str) -> None:
    assert_answers(client, q)


def test_the_openapi_description_is_of_version_3_1(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    names = {parameter["name"] for parameter in described["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert {"q", "ministry", "language", "from", "to", "sort", "page", "per_page"} <= names


def test_health_reports_the_number_of_releases(client: FlaskClient, walked: Walk) -> None:
    assert client.get("/healthz").get_json()["documents"] == walked.indexed["documents"]


def test_the_security_policy_forbids_foreign_scripts(client: FlaskClient) -> None:
    headers = client.get("/?q=budžets").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def without_index(tmp_path: Path) -> FlaskClient:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    return create_app(config).test_client()


def test_without_an_index_the_answer_is_503(without_index: FlaskClient) -> None:
    assert without_index.get("/healthz").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert without_index.get("/api/v1/search?q=x").content_type == "application/problem+json"
    assert "Meklēšana pašlaik nav pieejama" in without_index.get("/?q=x").text


@pytest.mark.parametrize(
    "address",
    ["/healthz", "/api/v1/search?q=x", "/api/v1/complete?q=x", "/api/v1/releases/x/similar", "/?q=x"],
)
def test_errors_do_not_reveal_paths(without_index: FlaskClient, tmp_path: Path, address: str) -> None:
    answer = without_index.get(address)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert tmp_path.name not in answer.text
