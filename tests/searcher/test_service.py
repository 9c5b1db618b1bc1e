from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from searcher import create_app
from searcher.service import Service
from tests.conftest import Walk
from tests.support.browsing import browse
from tests.support.pressing import press


def test_the_one_person_a_slip_away_is_searched_at_once(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Trofimvos").get_json()
    assert answer["correction"] == {
        "kind": "slips",
        "q": "Trofimovs",
        "changed": {"Trofimvos": "Trofimovs"},
    }
    assert (answer["total"], answer["suggestion"]) == (1, None)
    assert "Meklēt tieši „Trofimvos”" in client.get("/?q=Trofimvos").text


def test_what_was_answered_in_other_words_is_no_slip(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=prime+minister").get_json()
    assert (answer["correction"], answer["suggestion"]) == (None, None)
    assert [words["text"] for words in answer["query"]["related"]] == ["prime minister"]


def test_a_sure_correction_is_searched_at_once(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=drošības+izaicnājumi").get_json()
    right = client.get("/api/v1/search?q=drošības+izaicinājumi").get_json()
    assert answer["correction"]["q"] == "drošības izaicinājumiem"
    assert answer["correction"]["changed"] == {"izaicnājumi": "izaicinājumiem"}
    assert answer["hits"][0]["id"] == right["hits"][0]["id"]
    assert (answer["total"], answer["suggestion"]) == (right["total"], None)


def test_the_page_says_what_was_corrected_and_leads_back(client: FlaskClient) -> None:
    page = client.get("/?q=dro%C5%A1%C4%ABbas+izaicn%C4%81jumi").text
    assert "Vaicājuma „<strong>drošības izaicinājumiem</strong>” rezultāti." in page
    assert '<h2 id="corrected">Labots vaicājums</h2>' in page
    assert "Meklēt tieši „drošības izaicnājumi”" in page
    assert "verbatim=true" in page


def test_verbatim_searches_what_was_typed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=izaicnājumi&verbatim=true").get_json()
    assert (answer["total"], answer["correction"]) == (0, None)
    assert answer["suggestion"]["q"] == "izaicinājumiem"
    assert "” rezultāti." not in client.get("/?q=izaicn%C4%81jumi&verbatim=true").text


@pytest.mark.parametrize(
    "query", ["Izaicnājumi", "=izaicnājumi", '"izaicnājumi"', "izaicnāj*", "12345", "izaicinājumi"]
)
def test_names_and_what_is_meant_exactly_are_not_corrected(client: FlaskClient, query: str) -> None:
    assert client.get("/api/v1/search", query_string={"q": query}).get_json()["correction"] is None


def test_all_pages_of_a_corrected_search_are_reached_by_its_cursor(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=ministrjia&per_page=5&cursor=*").get_json()
    address = f"/api/v1/search?q=ministrjia&per_page=5&cursor={first['next_cursor']}"
    second = client.get(address).get_json()
    assert second["total"] == first["total"] > 10
    assert {hit["id"] for hit in first["hits"]}.isdisjoint(hit["id"] for hit in second["hits"])


def test_a_search_without_hits_offers_relaxations(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Trofimovs&language=ru").get_json()
    assert answer["relaxations"] == [{"left_out": "language", "q": "Trofimovs", "hits": 1}]


def test_a_time_alone_is_explained_and_can_be_searched_as_words(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=2023.+gada+vasarā").get_json()
    assert answer["query"]["time"] == {"first": "2023-06-01", "last": "2023-08-31"}
    assert all("2023-06-01" <= hit["published"] <= "2023-08-31" for hit in answer["hits"])
    page = client.get("/?q=2023.+gada+vasarā").text
    assert "Publicētas šajā laikā, jaunākās vispirms: 01.06.2023. – 31.08.2023." in page
    assert "Publicētas šajā laikā" not in press(client, page, "Meklēt šos vārdus tekstā")


def test_a_bound_filters_and_is_told_to_programs(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=notāra+pēc+2022.+gada").get_json()
    (period,) = answer["query"]["periods"]
    assert period == {"text": "pēc 2022. gada", "first": "2023-01-01", "last": None, "applied": True}
    assert (answer["query"]["filters"]["published_from"], answer["query"]["filters"]["published_to"]) == (
        "2023-01-01",
        None,
    )
    assert {hit["published"] >= "2023" for hit in answer["hits"]} == {True}


def test_a_bound_in_a_title_is_words(client: FlaskClient) -> None:
    title = "Partneri savas attiecības varēs reģistrēt pie notāra no 2024. gada jūlija"
    answer = client.get("/api/v1/search", query_string={"q": title}).get_json()
    assert (answer["hits"][0]["title"], answer["query"]["filters"]["published_from"]) == (title, None)
    assert [period["applied"] for period in answer["query"]["periods"]] == [False]


def test_another_year_keeps_the_filters_beside_a_time(client: FlaskClient) -> None:
    page = press(client, client.get("/?q=2023+ministrija:VUGD").text, "2021")
    assert 'value="Valsts ugunsdzēsības un glābšanas dienests" checked' in page
    assert 'name="q" type="search" value=""' in page
    assert 'value="01.01.2021."' in page


def test_another_year_replaces_the_year_typed(client: FlaskClient) -> None:
    page = press(client, client.get("/?q=Saeima+gads:2019+valoda:lv").text, "2023")
    assert 'value="Saeima valoda:lv"' in page
    assert "Nekas neatbilst" not in page


def test_a_time_without_releases_says_so(client: FlaskClient) -> None:
    page = client.get("/en/?q=6+September+2023").text
    assert "Nothing was published in this period (6 Sep 2023); these releases mention it." in page
    assert "Did you mean" not in client.get("/en/?q=vakar").text


def test_a_time_in_which_nothing_was_published_says_so_alone(client: FlaskClient) -> None:
    page = client.get("/?q=vakar").text
    assert "Šajā laikā nav publicēta neviena relīze." in page
    assert "Publicētas šajā laikā" not in page
    assert "galotnēm" not in page
    filtered = client.get("/?q=vakar&language=ru").text
    assert "Šajā laikā ar šiem filtriem nav publicēta neviena relīze." in filtered


def test_few_hits_are_followed_by_partial_matches(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Rail+Baltica+stacija").get_json()
    assert answer["total"] == len(answer["hits"]) < 10
    assert "Sabiedroto klātbūtne Latvijā kļūs pastāvīgāka" in {hit["title"] for hit in answer["nearest"]}
    page = client.get("/?q=Rail+Baltica+stacija").text
    assert page.index('<h2 class="nearest">') < page.index("klātbūtne Latvijā kļūs")


def test_what_is_too_little_to_be_near_is_offered(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=ministrija+xyzzyqw+qwxyzz").get_json()
    assert (answer["total"], answer["near"]) == (0, 0)
    assert [offer["q"] for offer in answer["relaxations"]] == ["ministrija VAI xyzzyqw VAI qwxyzz"]


@pytest.mark.parametrize(
    "query", ["valsts budžets", '"valsts budžets"', "va*", "budžets~2", "valsts VAI -budžets"]
)
def test_an_answer_that_exceeds_the_time_limit_is_a_503(walked: Walk, query: str) -> None:
    app = create_app(walked.config)
    service: Service = app.extensions["service"]
    service.settings = service.settings.model_copy(update={"answer_s": -1.0})
    for path in ("/", "/en/", "/api/v1/search"):
        answer = browse(app).get(path, query_string={"q": query})
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert int(answer.headers["Retry-After"]) > 0
        assert browse(app).get("/palidziba").status_code == HTTPStatus.OK


def test_a_list_that_exceeds_the_time_limit_is_a_503(walked: Walk) -> None:
    app = create_app(walked.config)
    service: Service = app.extensions["service"]
    client = browse(app)
    release = client.get("/api/v1/changes").get_json()["changes"][0]["release"]
    service.settings = service.settings.model_copy(update={"answer_s": -1.0})
    for path in ("/api/v1/changes", f"/api/v1/releases/{release}/versions"):
        assert client.get(path).status_code == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.fixture
def bets(walked: Walk) -> Iterator[None]:
    """Let the operator recommend an address and a release that does not exist; the texts are invented."""
    path = walked.config.with_name("best_bets.toml")
    path.write_text(
        '[[bet]]\nqueries = ["valsts budžets"]\nurl = "https://budzets.example/"\n'
        'title = "Budžets <īsumā>"\ntext = "Kam valsts tērē naudu."\n'
        '[[bet]]\nqueries = ["valsts budžets"]\nrelease = "fm-0000000000"\n',
        encoding="utf-8",
    )
    yield
    path.unlink()


@pytest.mark.usefixtures("bets")
def test_best_bets_are_shown_apart_from_the_hits(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=valsts+budžetu").get_json()
    assert answer["best_bets"] == [
        {
            "title": "Budžets <īsumā>",
            "url": "https://budzets.example/",
            "text": "Kam valsts tērē naudu.",
            "release": None,
            "ministry": None,
            "published": None,
        }
    ]
    page = client.get("/?q=valsts+budžetu").text
    assert page.index("Budžets &lt;īsumā&gt;") < page.index('<ol class="hits"')


@pytest.mark.parametrize(
    "query",
    [
        "budžets",
        "-valsts budžets",
        "valsts budžets valoda:lv",
        "valsts budžets&page=2",
        "valsts budžets&language=lv",
    ],
)
@pytest.mark.usefixtures("bets")
def test_best_bets_are_for_the_query_alone(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/search?q={query}").get_json()["best_bets"] == []


def test_a_pasted_address_finds_its_release(client: FlaskClient) -> None:
    hit = client.get("/api/v1/search?q=ministrija").get_json()["hits"][0]
    for address in (
        hit["url"],
        f"  {hit['url']}?utm_source=x#top",
        f"<{hit['url']}>.",
        f"“{hit['url']}”,",
        f"https://relizes.example.lv/en/releases/{hit['id']}",
        f"/releases/{hit['id']}",
    ):
        answer = client.get("/api/v1/search", query_string={"q": address}).get_json()
        assert answer["correction"]["kind"] == "address"
        assert hit["id"] in [found["id"] for found in answer["hits"]]
        assert {found["title"] for found in answer["hits"]} == {hit["title"]}


def test_a_pasted_address_that_is_not_here_finds_nothing_else(client: FlaskClient) -> None:
    query = {"q": "https://www.example.lv/lv/jaunums/pensionari-sanems-vairak"}
    answer = client.get("/api/v1/search", query_string=query).get_json()
    assert (answer["total"], answer["near"], answer["hits"], answer["nearest"]) == (0, 0, [], [])
    assert (answer["query"]["related"], answer["relaxations"], answer["suggestion"]) == ([], [], None)
    assert "nekas nav atrasts" in client.get("/", query_string=query).text
