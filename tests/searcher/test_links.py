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
from searcher.links import (
    NAMES,
    OTHERS_BYTES,
    QUERY_BYTES,
    QUERY_CHARS,
    SIDE_BY_SIDE,
    current_arguments,
    edit_url,
    form_url,
    release_url,
    search_for,
    search_url,
    translation_url,
    typed_arguments,
    url_in,
    url_with,
)
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
    "lv": ("/", "/iestades", "/labojumi", "/palidziba", "/pieklustamiba", "/api/v1/"),
    "en": ("/en/", "/en/institutions", "/en/corrections", "/en/help", "/en/accessibility"),
    "ru": ("/ru/", "/ru/institutions", "/ru/corrections", "/ru/help", "/ru/accessibility"),
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


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "/?q=bud%C5%BEets&ministry=A&ministry=B&from=2019&sort=newest"),
        ({"page": 2}, "/?q=bud%C5%BEets&ministry=A&ministry=B&from=2019&sort=newest&page=2"),
        ({"page": 1, "sort": ""}, "/?q=bud%C5%BEets&ministry=A&ministry=B&from=2019"),
        ({"q": "budžets", "ministry": ()}, "/?q=bud%C5%BEets&from=2019&sort=newest"),
        ({"q": "", "ministry": ("", "C")}, "/?ministry=C&from=2019&sort=newest"),
        ({"from_": date(2020, 2, 3)}, "/?q=bud%C5%BEets&ministry=A&ministry=B&from=2020-02-03&sort=newest"),
        (
            {"to": date(2020, 2, 29)},
            "/?q=bud%C5%BEets&ministry=A&ministry=B&from=2019&to=2020-02&sort=newest",
        ),
        ({"explain": "true"}, "/?q=bud%C5%BEets&ministry=A&ministry=B&from=2019&sort=newest&explain=true"),
    ],
)
def test_a_link_is_canonical(app: Flask, changes: dict[str, object], url: str) -> None:
    with searching(app, SENT):
        assert url_with(**changes) == url


FOUND = "q=bud%C5%BEets&ministry=A&ministry=B&from=2019&sort=newest"


def test_links_to_releases_lead_back_to_the_hit(app: Flask) -> None:
    with searching(app, SENT | {"explain": "true"}):
        assert release_url("iem-1", 7) == f"/releases/iem-1?{FOUND}&hit=7"
        assert release_url("a/b") == f"/releases/a%2Fb?{FOUND}"
        assert edit_url("iem-1", 2) == f"/releases/iem-1/revisions/2?{FOUND}"
        g.hit = 3
        assert edit_url("iem-1", 2, side_by_side=True) == (
            f"/releases/iem-1/revisions/2?{FOUND}&hit=3&{SIDE_BY_SIDE}"
        )
        assert translation_url("iem-1", "iem-2") == f"/releases/iem-1/beside/iem-2?{FOUND}&hit=3"
        g.interface = app.extensions["interfaces"]["en"]
        assert release_url("iem-1") == f"/en/releases/iem-1?{FOUND}"
    with searching(app, {}):
        assert release_url("iem-1") == "/releases/iem-1"


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("views.atom_feed", "/feed.atom?q=bud%C5%BEets&ministry=A&ministry=B&from=2019"),
        ("views.chart_csv", "/grafiks.csv?q=bud%C5%BEets&ministry=A&ministry=B&from=2019"),
        ("views.json_feed", "/feed.json?q=bud%C5%BEets&ministry=A&ministry=B&from=2019"),
        ("api.export_csv", f"/api/v1/search.csv?{FOUND}"),
        ("api.export_ndjson", f"/api/v1/search.ndjson?{FOUND}"),
    ],
)
def test_a_form_leaves_out_what_it_has_no_use_for(app: Flask, endpoint: str, url: str) -> None:
    with searching(app, SENT | {"explain": "true", "per_page": "20"}):
        assert form_url(endpoint) == url


def test_a_page_in_another_language_is_the_same_page(app: Flask) -> None:
    with searching(app, SENT):
        assert url_in("en") == f"/en/?{FOUND}&page=3"
        assert search_url("ru", "") == "/ru/"
        assert search_for(q="a b", ministry="X") == "/?q=a+b&ministry=X"
    with app.test_request_context("/palidziba?q=a"):
        app.preprocess_request()
        g.interface, g.arguments = app.extensions["interfaces"]["lv"], current_arguments()
        assert url_in("ru") == "/ru/help?q=a"
        g.failed = True
        assert url_in("ru") == "/ru/?q=a"


def test_arguments_are_known_ones_that_are_not_blank(app: Flask) -> None:
    sent = {"q": [" ", "b"], "x": "1", "ministry": ["A", "", "A", "B"], "cursor": "*", "histogram": "day"}
    with searching(app, sent):
        assert g.arguments.to_dict(flat=False) == {"ministry": ["A", "B"]}
        assert typed_arguments(g.arguments) == {"ministry": ["A", "B"]}
    with searching(app, {"q": ["a", "b"], "page": "2"}):
        assert typed_arguments(g.arguments) == {"q": "a", "page": "2"}
    assert {"cursor", "histogram"} & NAMES.keys() == set()


@pytest.mark.parametrize(("more", "kept"), [(0, 2), (1, 1)])
def test_filters_may_have_as_many_bytes_as_their_limit(app: Flask, more: int, kept: int) -> None:
    half = OTHERS_BYTES // 2 - len("ministry=")
    sent = {"q": "a" * QUERY_CHARS, "ministry": ["x" * half, "y" * (half + more)]}
    with searching(app, sent):
        pairs = parse_qs(urlsplit(url_with()).query)
    assert len(pairs["ministry"]) == kept
    assert len(pairs["q"][0]) == QUERY_CHARS


def test_a_query_of_long_letters_is_halved_until_it_fits(app: Flask) -> None:
    """An ā takes six bytes when it is encoded; with `q=`, 499 of them fit."""
    room = QUERY_BYTES - len("q=")
    with searching(app, {"q": "ā" * (room // 6)}):
        assert parse_qs(urlsplit(url_with()).query)["q"] == ["ā" * (room // 6)]
    with searching(app, {"q": "ā" * (room // 6 + 1)}):
        assert parse_qs(urlsplit(url_with()).query)["q"] == ["ā" * ((room // 6 + 1) // 2)]
    assert (QUERY_CHARS, QUERY_BYTES, OTHERS_BYTES) == (1_000, 3_000, 4_000)
