from datetime import date
from urllib.parse import parse_qsl, quote_plus

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from index.query import FILTERS, TRAITS
from searcher.params import SearchParams
from searcher.search_address import query_string, shorten_first_day, shorten_last_day
from searcher.search_page.search import REDIRECTED_CHARS


def read(query: str) -> SearchParams:
    return SearchParams.read(MultiDict(parse_qsl(query)))


@pytest.mark.parametrize(
    ("sent", "canonical"),
    [
        ("", ""),
        ("page=1&sort=relevance&per_page=10&explain=false", ""),
        ("sort=newest&q=a", "q=a&sort=newest"),
        ("q=++valsts++budžets+", "q=valsts+bud%C5%BEets"),
        ("q=bu%64z\u030cets", "q=bud%C5%BEets"),
        ("q=infrastrukt*&from=01.01.2019.&to=31.12.2019.", "q=infrastrukt*&from=2019&to=2019"),
        ("q=a~1", "q=a%7E1"),
        ("ministry=B&language=lv&ministry=A&ministry=B", "ministry=A&ministry=B&language=lv"),
        ("has=gone&language=ru&has=edited&language=en", "language=en&language=ru&has=edited&has=gone"),
        ("category=Ā&category=B&category=Ā", "category=B&category=%C4%80"),
        ("q=a&without=Vilciens&without=autobuss&without=vilciens", "q=a&without=autobuss&without=vilciens"),
        ("histogram=auto&cursor=*&per_page=100&page=1", "per_page=100&cursor=*&histogram=auto"),
    ],
)
def test_a_search_has_one_query_string(sent: str, canonical: str) -> None:
    assert query_string(read(sent), per_page=10) == canonical


def test_no_parameter_is_lost() -> None:
    filters = "".join(f"&{one.name}={quote_plus(one.example)}" for one in FILTERS)
    sent = f"q=a{filters}&from=2019&to=2020&sort=oldest&page=2"
    sent += "&versions=true&during=2020-03..2020-04&near=true&without=autobuss&per_page=20&histogram=day"
    sent += "&verbatim=true&explain=true"
    names = [name for name, _ in parse_qsl(query_string(read(sent), per_page=10))]
    assert {*names} == {*SearchParams.names()} - {"cursor"}


searches = st.builds(
    SearchParams,
    q=st.text(st.characters(codec="utf-8"), max_size=40),
    ministry=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=9), max_size=3),
    language=st.lists(st.sampled_from(["lv", "en", "ru"]), max_size=3),
    has=st.lists(st.sampled_from(TRAITS), max_size=4),
    from_=st.none() | st.dates(max_value=date(2000, 1, 1)),
    to=st.none() | st.dates(min_value=date(2000, 1, 1)),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    page=st.integers(1, 10),
    per_page=st.none() | st.integers(1, 100),
    explain=st.booleans(),
)


@given(searches)
def test_a_canonical_query_string_is_its_own(params: SearchParams) -> None:
    canonical = query_string(params, per_page=10)
    assert query_string(read(canonical), per_page=10) == canonical
    assert read(canonical).filters.published_to == params.to


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2019, 1, 1), "2019", "2019-01-01"),
        (date(2019, 12, 31), "2019-12-31", "2019"),
        (date(2019, 3, 1), "2019-03", "2019-03-01"),
        (date(2020, 2, 28), "2020-02-28", "2020-02-28"),
        (date(2020, 2, 29), "2020-02-29", "2020-02"),
        (date(1, 1, 1), "0001", "0001-01-01"),
    ],
)
def test_days_are_shortened_to_months_and_years(day: date, first: str, last: str) -> None:
    assert (shorten_first_day(day), shorten_last_day(day)) == (first, last)


@pytest.mark.parametrize("home", ["/", "/en/"])
@pytest.mark.parametrize(
    ("sent", "canonical"),
    [
        ("q=valsts&from=&to=&sort=relevance&page=1", "q=valsts"),
        ("fbclid=x&ministry=&q=valsts&q=zzz", "q=valsts"),
        ("from=01.01.2019.&to=%20&language=lv&language=lv", "language=lv&from=2019"),
        ("cursor=*&histogram=day", ""),
    ],
)
def test_the_page_redirects_to_the_canonical_address(
    client: FlaskClient, home: str, sent: str, canonical: str
) -> None:
    answer = client.get(f"{home}?{sent}", follow_redirects=False)
    assert (answer.status_code, answer.location) == (302, f"{home}?{canonical}".rstrip("?"))
    assert client.get(answer.location, follow_redirects=False).status_code == 200


def test_a_very_long_address_is_answered_without_a_redirect(client: FlaskClient) -> None:
    query = {"sort": "relevance", "q": "ž" * REDIRECTED_CHARS}
    assert client.get("/", query_string=query, follow_redirects=False).status_code == 200


def test_the_api_answers_every_order_of_parameters(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?sort=relevance&q=valsts", follow_redirects=False)
    assert answer.status_code == 200
