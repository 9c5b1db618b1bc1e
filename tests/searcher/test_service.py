from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from searcher import create_app
from searcher.service import Service
from tests.conftest import Walk


def test_a_correction_is_suggested_but_not_applied(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Trofimvos").get_json()
    assert (answer["total"], answer["suggestion"]["hits"]) == (0, 1)
    assert answer["suggestion"]["q"].startswith("Trofimov")
    assert "Vai jūs domājāt" in client.get("/?q=Trofimvos").text


def test_a_search_without_hits_offers_relaxations(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Trofimovs&language=ru").get_json()
    assert answer["relaxations"] == [{"left_out": "language", "q": "Trofimovs", "hits": 1}]


def test_few_hits_are_followed_by_partial_matches(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=Rail+Baltica+stacija").get_json()
    assert answer["total"] == len(answer["hits"]) < 10
    assert "Ārvalstu konsultanti: „Rail Baltica” dzelzceļš ir ekonomiski pamatots" in {
        hit["title"] for hit in answer["nearest"]
    }
    page = client.get("/?q=Rail+Baltica+stacija").text
    assert page.index("Relīzes, kurās ir tikai daļa no meklētā") < page.index("dzelzceļš ir ekonomiski")


def test_a_relaxation_that_is_already_shown_is_not_offered(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=ministrija+xyzzyqw+qwxyzz").get_json()
    assert (answer["widened"], answer["relaxations"]) == (True, [])


@pytest.mark.parametrize(
    "query", ["valsts budžets", '"valsts budžets"', "va*", "budžets~2", "valsts VAI -budžets"]
)
def test_an_answer_that_exceeds_the_time_limit_is_a_503(walked: Walk, query: str) -> None:
    app = create_app(walked.config)
    service: Service = app.extensions["service"]
    service.settings = service.settings.model_copy(update={"answer_s": -1.0})
    for path in ("/", "/en/", "/api/v1/search"):
        answer = app.test_client().get(path, query_string={"q": query})
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert int(answer.headers["Retry-After"]) > 0
        assert app.test_client().get("/palidziba").status_code == HTTPStatus.OK
