import json
import random
import re
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.config import ConfigError
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
    """Fails on an element that is closed out of turn."""

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


def test_a_thousand_odd_queries_are_answered(client: FlaskClient) -> None:
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


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_a_query(client: FlaskClient, q: str) -> None:
    assert_answers(client, q)


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ("page=0", "page: must be 1 or more"),
        ("page=1000000000", "page: reaches only the first 1000 hits; use cursor for more"),
        ("cursor=x", "cursor: not a cursor of this service"),
        ("cursor=*&page=2", "page: cannot be combined with cursor"),
        ("histogram=week", "histogram: must be 'auto', 'day', 'month' or 'year'"),
        ("per_page=101", "per_page: must be 100 or less"),
        ("from=vakar", "from: not a date, e.g. 2017-11-27"),
        ("sort=best", "sort: must be 'relevance', 'newest' or 'oldest'"),
        ("colour=red", "colour: no such parameter"),
    ],
)
def test_a_bad_request_names_the_parameter(client: FlaskClient, arguments: str, detail: str) -> None:
    answer = client.get(f"/api/v1/search?{arguments}")
    assert (answer.status_code, answer.content_type) == (HTTPStatus.BAD_REQUEST, "application/problem+json")
    assert answer.get_json(force=True)["detail"] == detail


def test_the_page_tells_a_wrong_date_and_keeps_the_query(client: FlaskClient) -> None:
    page = client.get("/?q=budžets&from=vakar")
    assert page.status_code == HTTPStatus.BAD_REQUEST
    assert "nav datums; rakstiet, piemēram, 27.11.2017." in page.text
    assert 'value="budžets"' in page.text


def test_a_page_past_the_last_says_so(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=budžets&page=90").get_json()
    assert (answer["hits"], answer["total"] > 0) == ([], True)


def test_a_cursor_walks_all_hits(client: FlaskClient) -> None:
    walked: list[str] = []
    cursor = "*"
    while cursor:
        answer = client.get(f"/api/v1/search?q=ministrija&per_page=3&cursor={cursor}").get_json()
        walked += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next_cursor"]
    at_once = client.get("/api/v1/search?q=ministrija&per_page=100").get_json()
    assert at_once["total"] > 6
    assert (walked, at_once["next_cursor"]) == ([hit["id"] for hit in at_once["hits"]], None)


def test_the_histogram_counts_what_its_dates_would_find(client: FlaskClient) -> None:
    counted = client.get("/api/v1/search?q=ministrija&histogram=month").get_json()["histogram"]
    assert counted["interval"] == "month"
    for one in counted["periods"]:
        dates = f"from={one['from']}&to={one['to']}"
        assert client.get(f"/api/v1/search?q=ministrija&{dates}").get_json()["total"] == one["count"]
    assert client.get("/api/v1/search?q=ministrija").get_json()["histogram"] is None


def test_the_interface_speaks_latvian_and_english(client: FlaskClient) -> None:
    assert '<html lang="lv">' in client.get("/").text
    english = client.get("/en/?q=budžets").text
    assert '<html lang="en">' in english
    assert "results</p>" in english


@pytest.mark.parametrize(("path", "said"), [("/", "mašīntulkojums"), ("/en/", "machine translation")])
def test_a_hit_that_a_machine_translated_says_so(client: FlaskClient, path: str, said: str) -> None:
    found = {"q": "smartphones", "language": "en"}
    hit = client.get("/api/v1/search", query_string=found).get_json()["hits"][0]
    shown = client.get(path, query_string=found).text
    assert (hit["machine_translated"], f'<span class="flag">{said}</span>' in shown) == (True, True)


def test_a_hit_that_people_wrote_says_nothing_of_machines(client: FlaskClient) -> None:
    found = {"q": "telefonu", "language": "lv"}
    hit = client.get("/api/v1/search", query_string=found).get_json()["hits"][0]
    assert hit["machine_translated"] is False
    assert "mašīntulkojums" not in client.get("/", query_string=found).text


def test_a_mistyped_word_is_asked_about_and_not_changed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Trofimvos").get_json()
    assert (answer["total"], answer["suggestion"]["hits"]) == (0, 1)
    assert answer["suggestion"]["q"].startswith("Trofimov")
    assert "Vai jūs domājāt" in client.get("/?q=Trofimvos").text


def test_what_finds_nothing_tells_what_to_leave_out(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Trofimovs&language=ru").get_json()
    assert answer["relaxations"] == [{"left_out": "language", "q": "Trofimovs", "hits": 1}]


def test_where_few_releases_have_every_word_those_that_have_some_stand_below(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Rail+Baltica+stacija").get_json()
    assert answer["total"] == len(answer["hits"]) < 10
    assert "Ārvalstu konsultanti: „Rail Baltica” dzelzceļš ir ekonomiski pamatots" in {
        hit["title"] for hit in answer["nearest"]
    }
    page = client.get("/?q=Rail+Baltica+stacija").text
    assert page.index("Relīzes, kurās ir tikai daļa no meklētā") < page.index("dzelzceļš ir ekonomiski")


@pytest.mark.parametrize("query", ["valsts+budžets", "Rail+Baltica+stacija"])
def test_an_explanation_adds_up_to_the_score(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?q={query}&explain=true").get_json()
    for hit in (*answer["hits"], *answer["nearest"]):
        why = hit["explanation"]
        total = sum(word["score"] for word in why["words"]) * why["recency"] * why["together"]
        assert total == pytest.approx(hit["score"], rel=1e-3)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            "/?q=valsts+budžets&explain=true",
            ("Kāpēc vērtējums ir", "tieši tā, kā ierakstīts", "vārdi ir blakus"),
        ),
        (
            "/en/?q=valsts+budžets&explain=true",
            ("Why the score is", "as typed", "words next to each other, as typed"),
        ),
    ],
)
def test_the_page_says_why_hits_score_what_they_do(
    client: FlaskClient, address: str, told: tuple[str, ...]
) -> None:
    page = client.get(address).text
    assert [one for one in told if one not in page] == []
    assert 'class="why"' not in client.get(address.replace("&explain=true", "")).text


def test_a_year_can_be_narrowed_to_a_month(client: FlaskClient) -> None:
    page = client.get("/?q=valsts&from=2020&to=2020").text
    assert "Pa mēnešiem" in page
    month = re.search(r'href="([^"]+)"><span>novembris</span>.*?class="count">(\d+)<', page, re.DOTALL)
    assert month is not None
    assert f"{month[2]} rezultāt" in client.get(month[1].replace("&amp;", "&")).text
    assert "Pa mēnešiem" not in client.get("/?q=valsts&from=2019&to=2020").text


def test_a_beginning_is_completed_without_diacritics(client: FlaskClient) -> None:
    completions = client.get("/api/v1/complete?q=finansu").get_json()["completions"]
    assert {"text": "Finanšu ministrija", "kind": "institution"} in completions


def test_similar_releases_leave_the_release_itself_out(client: FlaskClient) -> None:
    release = client.get("/api/v1/search?q=skolotāju+algas").get_json()["hits"][0]["id"]
    similar = [hit["id"] for hit in client.get(f"/api/v1/releases/{release}/similar").get_json()["hits"]]
    assert similar
    assert release not in similar


def test_the_openapi_description_is_of_version_3_1(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    names = {parameter["name"] for parameter in described["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert {"q", "ministry", "language", "from", "to", "sort", "page", "per_page"} <= names


def test_health_tells_what_the_index_holds(client: FlaskClient, walked: Walk) -> None:
    assert client.get("/healthz").get_json()["documents"] == walked.indexed["documents"]


def test_an_unknown_release_is_not_found(client: FlaskClient) -> None:
    assert client.get("/releases/iem-0000000000").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/releases/..%2f..%2fetc%2fpasswd").status_code == HTTPStatus.NOT_FOUND


def test_nothing_from_elsewhere_may_run(client: FlaskClient) -> None:
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
def test_nobody_is_told_where_files_lie(without_index: FlaskClient, tmp_path: Path, address: str) -> None:
    answer = without_index.get(address)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert tmp_path.name not in answer.text


@pytest.mark.parametrize(
    "arguments",
    [
        "page=0",
        "page=x",
        "page=1000",
        "per_page=101",
        "from=vakar",
        "sort=best",
        "language=de",
        "explain=perhaps",
        "q=" + "x" * 20_001,
    ],
)
def test_what_is_wrong_is_told_in_latvian(client: FlaskClient, arguments: str) -> None:
    answer = client.get(f"/?{arguments}")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    (reason,) = re.findall(r'<div class="errors".*?<li>.*?: (.*?)</li>', answer.text, re.DOTALL)
    assert not re.search(r"\b(must|not|only|goes|no|should)\b", reason), reason


def test_wrong_settings_name_file_and_key(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nport = "many"', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml: searcher\.port = 'many'"):
        create_app(config)


def test_a_page_without_hits_says_so_and_offers_no_order(client: FlaskClient) -> None:
    page = client.get("/?q=xyzzyqw+qwxyzz").text
    assert "nekas nav atrasts" in page
    assert "te ir tuvākās" not in page
    assert 'name="sort"' not in page


def test_what_is_shown_is_not_offered_again(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=ministrija+xyzzyqw+qwxyzz").get_json()
    assert (answer["widened"], answer["relaxations"]) == (True, [])
