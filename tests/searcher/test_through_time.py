"""A search through time as the page, the API and the tool for assistants answer it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import anyio
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from typer.testing import CliRunner

from crawler.store import Store, release_id
from index.reindex import app as reindex
from searcher import create_app
from searcher.assistants.tools import create_server
from tests.support.published import SEEN, release

ID, GONE, HIDDEN = (release_id("iem", f"https://iem.example/{number}") for number in (1, 2, 3))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The service over a release of three texts, one that is gone, and a hidden one."""
    folder = tmp_path_factory.mktemp("through-time")
    config = folder / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    (folder / "data").mkdir()
    with Store(folder / "data" / "releases.sqlite3") as store:
        for day, text in enumerate(("Zaļā pāreja. Zvaniet 67001122.", "Zaļā pāreja sākas.", "Sēde.")):
            first = replace(release(1, ("Valdības sēde", "", text)), published=date(2026, 2, 27))
            store.save(first, seen=SEEN + timedelta(days=day))
        store.save(release(2, ("Cita ziņa", "", "Par lidostu.")), seen=SEEN)
        store.mark_gone(GONE, seen=SEEN + timedelta(days=3))
        store.save(release(3, ("Trešā ziņa", "", "Zaļā pāreja.")), seen=SEEN)
        store.hide("https://iem.example/3", seen=SEEN + timedelta(days=4))
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return create_app(config)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def get(client: FlaskClient, path: str, **query: str) -> Any:
    return client.get(f"/api/v1/{path}", query_string=query).get_json()


@pytest.mark.parametrize(
    "query",
    [
        {"q": 'versijas: "zaļā pāreja"'},
        {"q": 'versions:all "zaļā pāreja"'},
        {"q": 'redakcijas: "zaļā pāreja"'},
        {"q": 'версии:"zaļā pāreja"'},
        {"q": '"zaļā pāreja"', "versions": "true"},
    ],
)
def test_a_hit_says_when_its_text_stood(client: FlaskClient, query: dict[str, str]) -> None:
    answer = get(client, "search", **query)
    assert (answer["total"], answer["query"]["filters"]["versions"]) == (1, True)
    [hit] = answer["hits"]
    first, last = hit["stood"]
    assert (hit["id"], first["release"], last["release"]) == (ID, ID, ID)
    assert [(one["first_version"], one["last_version"]) for one in hit["stood"]] == [(1, 1), (2, 2)]
    assert (first["since"], last["until"]) == ("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z")
    assert (hit["version"]["release"], hit["version"]["number"]) in {(ID, 1), (ID, 2)}
    assert "<mark>" in hit["snippet"]


def test_the_text_of_today_lacks_what_stood_before(client: FlaskClient) -> None:
    answer = get(client, "search", q='"zaļā pāreja"')
    assert (answer["total"], answer["query"]["filters"]["versions"]) == (0, False)


@pytest.mark.parametrize(
    ("days", "found"),
    [("2026-03-02", [ID]), ("2026-03-01..2026-03-02", [ID]), ("2026-03-05..2026-03-06", []), ("2010", [])],
)
@pytest.mark.parametrize("name", ["laikā", "laika", "during", "время"])
def test_a_period_finds_what_stood_then(client: FlaskClient, name: str, days: str, found: list[str]) -> None:
    answer = get(client, "search", q=f'{name}:{days} "zaļā pāreja"')
    assert [hit["id"] for hit in answer["hits"]] == found


def test_a_period_finds_what_was_removed_since(client: FlaskClient) -> None:
    assert get(client, "search", q="laikā:2026-03-02 lidosta")["total"] == 1
    assert get(client, "facets", q="laikā:2026-03-09 lidosta")["total"] == 0


def test_the_first_appearance_is_told_with_both_ends(client: FlaskClient) -> None:
    answer = get(client, "appearance", q='"zaļā pāreja"')
    assert (answer["releases"], answer["standing"]) == (1, 0)
    assert answer["first"]["stood"][0]["presumed"] == "2026-02-27"
    assert answer["first"]["stood"][0]["since"] == "2026-03-01T00:00:00Z"
    assert answer["last"]["stood"][0]["until"] == "2026-03-03T00:00:00Z"
    assert "67001122" not in answer["first"]["snippet"]
    still = get(client, "appearance", q="sēde")
    assert (still["standing"], still["last"]["stood"][0]["until"]) == (1, None)
    nowhere = get(client, "appearance", q="begemots")
    assert (nowhere["releases"], nowhere["first"], nowhere["last"]) == (0, None, None)


def test_a_wrong_parameter_of_an_appearance_is_named(client: FlaskClient) -> None:
    assert client.get("/api/v1/appearance?page=2").get_json()["errors"] == {"page": "no such parameter"}


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/", ("2. redakcija", "citēta šī", "domājams, kopš", "Pirmoreiz parādījās", "vairs nebija")),
        ("/en/", ("version 2", "quoted here", "presumably since", "First appeared", "last seen on")),
        ("/ru/", ("2-я редакция", "приведена эта", "предположительно с", "Впервые появилось", "уже нет")),
    ],
)
def test_the_page_says_when_a_text_stood(client: FlaskClient, path: str, texts: tuple[str, ...]) -> None:
    page = client.get(path, query_string={"q": '"zaļā pāreja"', "versions": "true"}).text
    assert [text for text in texts if text not in page] == []
    assert f"/releases/{ID}/versions/2" in page
    assert 'name="versions" value="true" checked' in page
    assert HIDDEN not in page


def test_of_a_period_the_page_says_what_is_earliest_then(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": '"zaļā pāreja" laikā:2026-03'}, follow_redirects=True).text
    assert ("Senākais no tā, kas toreiz bija" in page, "Pirmoreiz parādījās" in page) == (True, False)


def test_earlier_texts_are_offered_where_no_present_one_matches(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "begemots"})
    assert "Meklēt visās redakcijās" in page.text
    links = BeautifulSoup(page.text, "html.parser")("a", string="Meklēt visās redakcijās, arī agrākajās")
    [address] = [link["href"] for link in links]
    assert "Meklēt visās redakcijās" not in client.get(str(address)).text


@pytest.mark.parametrize("year", [2999, 6053, 9999])
def test_nothing_is_said_of_the_future(client: FlaskClient, year: int) -> None:
    answer = get(client, "search", q=f"sēde laikā:{year}")
    assert [note["kind"] for note in answer["query"]["notes"]] == ["future"]
    assert answer["query"]["filters"]["stood"] is None


def test_a_plain_search_says_nothing_of_time(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "sēde"}).text
    assert "joprojām ir vietnē" not in page
    assert f"/releases/{ID}/versions/" not in page
    assert 'name="versions" value="true" checked' not in page


def test_a_tool_tells_the_first_appearance(app: Flask) -> None:
    server = create_server(app.extensions["service"])

    async def ask() -> Any:
        return await server.call_tool("first_appearance", {"query": '"zaļā pāreja"'})

    found = anyio.run(ask).structured_content
    assert (found["releases"], found["standing"]) == (1, 0)
    assert (found["first"]["id"], found["first"]["version"]) == (ID, 1)
    assert found["first"]["until"] == found["last"]["since"]
