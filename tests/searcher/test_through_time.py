"""A search through time as the page, the API and the tool for assistants answer it."""

import csv
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
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
from searcher.exports import ExportedRelease
from tests.support.pressing import press
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
    wide = press(client, page.text, "Meklēt visās redakcijās, arī agrākajās")
    assert "Meklēt visās redakcijās" not in wide


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


PAST = {"q": 'versijas: "zaļā pāreja" sākas'}
VERSION_PAGE = f"/releases/{ID}/versions/2"


def test_a_passage_of_an_earlier_text_is_linked_to_its_version(client: FlaskClient) -> None:
    [hit] = get(client, "search", **PAST)["hits"]
    assert hit["passage_url"] == VERSION_PAGE
    assert client.get(VERSION_PAGE).status_code == 200
    assert hit["version"] == {
        "release": ID,
        "number": 2,
        "since": "2026-03-02T00:00:00Z",
        "until": "2026-03-03T00:00:00Z",
    }


def test_a_passage_of_the_text_of_today_is_linked_to_the_original(client: FlaskClient) -> None:
    [hit] = get(client, "search", q="versijas: sēde", fields="passage_url,version")["hits"]
    assert hit["passage_url"].startswith("https://iem.example/1#:~:text=")
    assert (hit["version"]["number"], hit["version"]["until"]) == (3, None)


def test_rows_of_a_search_through_time_say_which_text_they_have(client: FlaskClient) -> None:
    row = client.get("/api/v1/search.ndjson", query_string=PAST).get_json(force=True)
    assert (row["version_of"], row["version"], row["version_url"]) == (ID, 2, VERSION_PAGE)
    assert (row["since"], row["until"]) == ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")
    [cells] = csv.DictReader(StringIO(client.get("/api/v1/search.csv", query_string=PAST).text))
    assert (cells["version"], cells["until"]) == ("2", "2026-03-03 00:00:00+00:00")
    assert "text" not in cells


def test_rows_and_feeds_name_the_last_visit_to_a_text_that_still_stands(client: FlaskClient) -> None:
    standing = {"q": "versijas: sēde", "fields": "version,seen,until"}
    row = client.get("/api/v1/search.ndjson", query_string=standing).get_json(force=True)
    assert row == {"id": ID, "version": 3, "seen": "2026-03-03T00:00:00Z", "until": None}
    query = {"q": "versijas: sēde"}
    [item] = client.get("/en/feed.json", query_string=query, follow_redirects=True).get_json()["items"]
    assert item["_release"]["version"]["seen"] == "2026-03-03T00:00:00.000000Z"


@pytest.mark.parametrize(("query", "added"), [("begemots", False), ("versijas: begemots", True)])
def test_only_a_search_through_time_adds_columns(client: FlaskClient, query: str, added: bool) -> None:
    [header] = client.get("/api/v1/search.csv", query_string={"q": query}).text.splitlines()
    assert ('"version_url"' in header) == added


def test_a_row_of_a_plain_search_has_no_version(client: FlaskClient) -> None:
    row = client.get("/api/v1/search.ndjson?q=lidosta").get_json(force=True)
    assert {*row} == {*ExportedRelease.model_fields}


def test_named_columns_are_those_of_any_search(client: FlaskClient) -> None:
    asked = {"q": "lidosta", "fields": "version,gone"}
    assert client.get("/api/v1/search.ndjson", query_string=asked).get_json(force=True) == {
        "id": GONE,
        "version": None,
        "gone": True,
    }


def test_a_feed_says_which_text_it_has(client: FlaskClient) -> None:
    [item] = client.get("/en/feed.json", query_string=PAST, follow_redirects=True).get_json()["items"]
    assert item["url"] == f"/en{VERSION_PAGE}"
    assert item["content_html"].startswith("<p>version 2: appeared between ")
    assert item["_release"]["version"]["until"] == "2026-03-03T00:00:00.000000Z"
    atom = client.get("/feed.atom", query_string=PAST, follow_redirects=True).text
    assert f'hreflang="lv" href="{VERSION_PAGE}"' in atom
    assert f'rel="related" type="text/html" href="/releases/{ID}"' in atom
    assert "2. redakcija: parādījās " in atom


def test_a_feed_of_todays_texts_says_nothing_of_time(client: FlaskClient) -> None:
    [item] = client.get("/feed.json?q=s%C4%93de").get_json()["items"]
    assert item["url"] == "https://iem.example/1"
    assert "version" not in item["_release"]
    assert "redakcija" not in item["content_html"]


@pytest.mark.parametrize(
    ("query", "address", "version", "until"),
    [
        (PAST["q"], VERSION_PAGE, 2, "2026-03-03T00:00:00Z"),
        ("versijas: sēde", "https://iem.example/1#:~:text=", 3, None),
    ],
)
def test_a_tool_tells_which_text_it_quotes(
    app: Flask, query: str, address: str, version: int, until: str | None
) -> None:
    server = create_server(app.extensions["service"])

    async def ask() -> Any:
        return await server.call_tool("search", {"query": query})

    [hit] = anyio.run(ask).structured_content["hits"]
    assert hit["address"].startswith(address)
    assert (hit["quoted"]["id"], hit["quoted"]["version"], hit["quoted"]["until"]) == (ID, version, until)


@pytest.mark.parametrize(
    ("query", "is_ticked"),
    [
        ({"q": "versijas: sēde"}, True),
        ({"q": "sēde", "versions": "true"}, True),
        ({"q": "laikā:2026-03 sēde"}, False),
    ],
)
def test_the_page_leads_back_to_the_texts_of_today(
    client: FlaskClient, query: dict[str, str], is_ticked: bool
) -> None:
    page = client.get("/", query_string=query, follow_redirects=True).text
    assert ('name="versions" value="true" checked' in page) == is_ticked
    today = press(client, page, "Tikai pašreizējos tekstos")
    assert 'value="sēde"' in today
    assert 'name="versions" value="true" checked' not in today


def test_a_sentence_ends_with_one_full_stop(client: FlaskClient) -> None:
    page = client.get("/?q=versijas%3A+%22za%C4%BC%C4%81+p%C4%81reja%22", follow_redirects=True).text
    [first, last] = re.findall(r"<p>((?:Pirmoreiz|Pēdējoreiz).*?)</p>", page)
    assert [text.endswith(".") and not text.endswith("..") for text in (first, last)] == [True, True]


@pytest.mark.parametrize(("number", "text"), [(1, "1 relīzē"), (2, "2 relīzēs"), (11, "11 relīzēs")])
def test_releases_with_a_text_are_counted_in_the_locative(app: Flask, number: int, text: str) -> None:
    forms = "it still stands in %(num)s release", "it still stands in %(num)s releases"
    assert app.extensions["interfaces"]["lv"].count(*forms, number) == f"joprojām ir {text}"


@pytest.mark.parametrize(("day", "is_seen"), [("2026-02-28", False), ("2026-03-01", True)])
def test_a_text_that_nobody_saw_on_the_days_asked_for_is_presumed(
    client: FlaskClient, day: str, *, is_seen: bool
) -> None:
    [hit] = get(client, "search", q=f'laikā:{day} "zaļā pāreja"')["hits"]
    assert [one["observed"] for one in hit["stood"]] == [is_seen]
    page = client.get("/", query_string={"q": f'laikā:{day} "zaļā pāreja"'}, follow_redirects=True).text
    assert ("domājams: tolaik netika redzēta" in page) is not is_seen


def test_what_still_stands_names_the_last_visit(client: FlaskClient) -> None:
    [hit] = get(client, "search", q="versijas: sēde")["hits"]
    last = hit["stood"][-1]
    assert (last["until"], last["seen"]) == (None, "2026-03-03T00:00:00Z")
    page = client.get("/", query_string={"q": "versijas: sēde"}, follow_redirects=True).text
    assert "joprojām ir vietnē, pēdējoreiz redzēta 03.03.2026." in page


@pytest.mark.parametrize(
    ("sent", "canonical"),
    [("2026-03-01..2026-03-31", "2026-03"), ("2026-02..2026-03-02", "2026-02..2026-03-02"), ("2026", "2026")],
)
def test_days_on_the_sites_are_a_field_of_the_form(client: FlaskClient, sent: str, canonical: str) -> None:
    page = client.get("/", query_string={"q": "sākas", "during": sent}, follow_redirects=True)
    assert page.request.args["during"] == canonical
    soup = BeautifulSoup(page.text, "html.parser")
    [field] = soup("input", attrs={"name": "during"})
    assert field["value"] == canonical
    [label] = soup("label", attrs={"for": field["id"]})
    assert label.text == "Tikai tas, kas tolaik bija vietnēs"
    assert get(client, "search", q="sākas", during=sent)["total"] == 1
    assert get(client, "search", q=f"sākas laikā:{sent}")["total"] == 1


@pytest.mark.parametrize(
    ("days", "reason"), [("nekad", "not a date, e.g. 2017-11-27"), ("2999", "still to come")]
)
def test_days_on_the_sites_that_mean_nothing_are_refused(client: FlaskClient, days: str, reason: str) -> None:
    for path in ("search", "search.csv", "search.ndjson", "facets"):
        answer = client.get(f"/api/v1/{path}", query_string={"q": "sēde", "during": days})
        assert (answer.status_code, answer.get_json()["detail"]) == (400, f"during: {reason}"), path
    page = client.get("/", query_string={"q": "sēde", "during": days})
    assert page.status_code == 400
    [field] = BeautifulSoup(page.text, "html.parser")("input", attrs={"name": "during"})
    assert (field["value"], field["aria-invalid"]) == (days, "true")


@pytest.mark.parametrize(
    ("query", "kind", "through_time"),
    [
        ("sēde -versijas:", "no exclusion", False),
        ("sēde NE versijas:visas", "no exclusion", False),
        ("sēde laikā:2026-03 laikā:2025", "no overlap", True),
        ("sēde -laikā:2025", "no exclusion", False),
    ],
)
def test_what_time_cannot_mean_is_noted(
    client: FlaskClient, query: str, kind: str, *, through_time: bool
) -> None:
    answer = get(client, "search", q=query)["query"]
    assert [note["kind"] for note in answer["notes"]] == [kind]
    filters = answer["filters"]
    assert (filters["versions"] or filters["stood"] is not None) is through_time


def test_what_means_nothing_is_noted_wherever_a_search_is_answered(app: Flask, client: FlaskClient) -> None:
    query = {"q": "sēde laikā:nekad"}
    [told] = [note["message"] for note in get(client, "search", **query)["query"]["notes"]]
    for ending in ("csv", "ndjson"):
        answer = client.get(f"/api/v1/search.{ending}", query_string=query)
        assert json.loads(answer.headers["X-Query-Notes"]) == [told]
        assert answer.text
    in_latvian = "„laikā:nekad” neko neatlasa: tas nav datums"
    feed = client.get("/feed.json", query_string=query, follow_redirects=True).get_json()
    assert feed["description"] == in_latvian
    atom = client.get("/feed.atom", query_string=query, follow_redirects=True).text
    assert f"<subtitle>{in_latvian}</subtitle>" in atom
    server = create_server(app.extensions["service"])

    async def ask() -> Any:
        return await server.call_tool("search", {"query": query["q"]})

    assert anyio.run(ask).structured_content["notes"] == [told]
    plain = client.get("/api/v1/search.csv", query_string={"q": "sēde"})
    assert "X-Query-Notes" not in plain.headers
