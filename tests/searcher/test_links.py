"""The service accepts every link and form that its pages show."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from searcher import create_app
from searcher.i18n import LANGUAGES
from searcher.links import OTHERS_BYTES, QUERY_CHARS, current_arguments, typed_arguments, url_with
from searcher.params import VALUES_MAX, SearchParams
from tests.conftest import Walk
from tests.support.addresses import PATHS, get
from tests.support.library import BASE_URL, build_library
from tests.support.robot import Robot, links, ways

pytestmark = pytest.mark.sweep

HOMES = {"lv": "/", "en": "/en/", "ru": "/ru/"}
SEARCHES: tuple[dict[str, str | list[str]], ...] = (
    {"q": "ministrija", "explain": "true", "per_page": "2", "page": "3"},
    {"q": "valsts budžets", "from": "2019", "to": "2019", "language": ["lv", "en"], "sort": "newest"},
)
STRANGE: dict[str, dict[str, str | list[str]]] = {
    "lv": {
        "q": "Trofimvos virsraksts:qxzw",
        "from": "0001",
        "to": "9999-12-31",
        "ministry": [f"Nav {n}" for n in range(50)],
    },
    "en": {
        "q": "pagājušajā gadā 27.11.2017 VUGD",
        "fbclid": "x",
        "_external": "1",
        "cursor": "*",
        "histogram": "day",
    },
    "ru": {"q": "🦭" * 2_000, "ministry": ["🦭" * 300] * 5},
}
"""Searches that few people send; one for each language, since a page of each has hundreds of links."""
PLACES = {
    "lv": ("/", "/iestades", "/palidziba", "/pieklustamiba", "/api/v1/"),
    "en": ("/en/", "/en/institutions", "/en/help", "/en/accessibility"),
    "ru": ("/ru/", "/ru/institutions", "/ru/help", "/ru/accessibility"),
}
RELEASE_PLACES = (
    "releases/{seminars}",
    "releases/{seminars}?q=dro%C5%A1*&hit=1",
    "releases/{seminars}/revisions/1",
    "releases/{seminars}/revisions/1?view=side",
    "releases/{seminars}/beside/{seminar}",
    "releases/{bez_datuma}",
    "?q=dro%C5%A1*",
    "?q=dro%C5%A1*&page=2",
)


def status_of(client: FlaskClient, address: str) -> int:
    with closing(client.get(address)) as answer:
        return answer.status_code


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The settings of releases with edits, copies and translations, and their ids by name."""
    return build_library(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_robot_finds_nothing_broken_two_levels_deep(client: FlaskClient, language: str) -> None:
    robot = Robot(client)
    for place in PLACES[language]:
        robot.start(place)
    for search in (*SEARCHES, STRANGE[language]):
        robot.start(f"{HOMES[language]}?{urlencode(search, doseq=True)}")
    assert robot.broken == []
    assert robot.asked > 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_robot_finds_nothing_broken_around_releases(
    library: tuple[Path, dict[str, str]], language: str
) -> None:
    config, ids = library
    robot = Robot(create_app(config).test_client(), base_url=BASE_URL)
    for place in RELEASE_PLACES:
        robot.start(HOMES[language] + place.format(**ids))
    assert robot.broken == []
    assert robot.asked > 200


@pytest.mark.parametrize("address", ["/?q=budžets&from=31.2.2017", "/en/?sort=best&q=budžets", "/en/?page=0"])
def test_links_on_a_page_with_errors_are_accepted(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 400
    assert [link for link in links("/", page.text) if status_of(client, link) != 200] == []


@pytest.mark.parametrize("address", ["/nowhere", "/en/nowhere", "/releases/x?_anchor=y", "/static/x"])
def test_links_on_a_404_page_are_accepted(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 404
    assert f'lang="{"en" if address.startswith("/en/") else "lv"}"' in page.text
    assert [link for link in ways("/", page.text) if status_of(client, link) != 200] == []


@pytest.mark.parametrize("home", HOMES.values())
def test_unknown_parameters_are_ignored_and_are_not_in_links(client: FlaskClient, home: str) -> None:
    page = client.get(f"{home}?q=ministrija&from=2019&utm_source=zzz&fbclid=zzz&_external=1&endpoint=zzz")
    assert page.status_code == 200
    assert "zzz" not in page.text
    assert "_external" not in page.text
    assert "q=ministrija&amp;from=2019" in page.text


def test_the_english_page_accepts_the_dates_it_shows(client: FlaskClient) -> None:
    for day in ("1 Jan 2019", "01.01.2019.", "2019-01-01", "1 September 2019"):
        page = client.get("/en/", query_string={"from": day, "to": "2020"})
        assert page.status_code == 200
        assert "01.01.2019." in page.text or "01.09.2019." in page.text


RESERVED = (
    "endpoint",
    "values",
    "self",
    "_method",
    "_anchor",
    "_external",
    "_scheme",
    "interface",
    "release",
)


def test_names_reserved_by_url_for_are_ordinary_parameters(walked: Walk, release_id: str) -> None:
    app = create_app(walked.config)
    for path in PATHS:
        for name in RESERVED:
            status, answer = get(app, f"{path.format(id=release_id)}?{name}=ftp://zzz")
            assert status < 500, (path, name)
            assert status == 308 or "zzz" not in answer


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    config = tmp_path_factory.mktemp("links") / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    return create_app(config)


@contextmanager
def searching(app: Flask, sent: Mapping[str, str | list[str]]) -> Iterator[None]:
    """Let the current request be a search by the parameters *sent*."""
    with app.test_request_context(f"/?{urlencode(sent, doseq=True)}"):
        g.interface = app.extensions["interfaces"]["lv"]
        g.arguments = current_arguments()
        yield


SENT: Mapping[str, str | list[str]] = {
    "q": "budžets",
    "ministry": ["A", "B"],
    "from": "2019",
    "sort": "newest",
    "page": "3",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"page": []}),
        ({"page": 4}, {"page": ["4"]}),
        ({"page": 1}, {"page": []}),
        ({"sort": "oldest"}, {"page": [], "sort": ["oldest"]}),
        ({"sort": None}, {"page": [], "sort": []}),
        ({"ministry": ("A",)}, {"page": [], "ministry": ["A"]}),
        (
            {"from_": date(2020, 1, 1), "to": date(2020, 12, 31)},
            {"page": [], "from": ["2020"], "to": ["2020"]},
        ),
        ({"q": "cits"}, {"page": [], "q": ["cits"]}),
    ],
)
def test_a_link_changes_what_it_names_and_leads_to_page_1(
    app: Flask, changes: dict[str, object], expected: dict[str, list[str]]
) -> None:
    with searching(app, SENT):
        pairs = parse_qs(urlsplit(url_with(**changes)).query)
    before = {name: [values] if isinstance(values, str) else values for name, values in SENT.items()}
    assert pairs == {name: values for name, values in (before | expected).items() if values}


@pytest.mark.parametrize("query_chars", [1, QUERY_CHARS, 2 * QUERY_CHARS])
@pytest.mark.parametrize("names", [10, 50, 80])
def test_a_link_is_bounded_and_a_long_query_takes_no_room_from_the_filters(
    app: Flask, query_chars: int, names: int
) -> None:
    ministries = [f"{number:02}{'x' * 98}" for number in range(names)]
    with searching(app, {"q": "a" * query_chars, "ministry": ministries}):
        pairs = parse_qs(urlsplit(url_with()).query)
    assert pairs["q"] == ["a" * min(query_chars, QUERY_CHARS)]
    fitting = OTHERS_BYTES // len(f"ministry={ministries[0]}")
    assert pairs["ministry"] == ministries[: min(names, fitting)]


def test_no_more_values_are_repeated_than_a_request_may_name(app: Flask) -> None:
    with searching(app, {"ministry": [str(number) for number in range(2 * VALUES_MAX)]}):
        assert len(g.arguments.getlist("ministry")) == VALUES_MAX
        assert SearchParams.model_validate(typed_arguments(g.arguments)).ministry[-1] == str(VALUES_MAX - 1)
