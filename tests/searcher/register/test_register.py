"""People, statements, what falls due and acts, as pages, feeds and answers of the API."""

from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from crawler.store import Store
from tests.support.registered import (
    BUDGET,
    LATER,
    MINISTER,
    OFFICIAL,
    SEEN,
    Registered,
    build_registered,
    id_of,
)

PERSON = f"/cilveki/{quote(MINISTER)}"
ACT = "MK 2017-03-28 171"

ADDRESSES = (
    "/cilveki",
    "/izteikumi",
    "/api/v1/people",
    "/api/v1/statements",
    "/api/v1/facets",
    "/api/v1/complete?q=agra",
    "/api/v1/complete?q=Agra+Lep",
    "/api/v1/complete?q=ministre+ag",
)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Registered:
    return build_registered(tmp_path_factory.mktemp("registered"))


@pytest.fixture(scope="module")
def client(registered: Registered) -> FlaskClient:
    return registered.client


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/cilveki", MINISTER),
        ("/en/people", MINISTER),
        ("/ru/people", MINISTER),
        ("/cilveki?name=Brukn", OFFICIAL),
        (PERSON, "finanšu ministre"),
        (PERSON, "Skolām piešķirsim"),
        (f"/en/people/{quote(MINISTER)}", "2 statements"),
        ("/izteikumi", "ceļu remonts turpināsies"),
        (f"/izteikumi?q=skolas&speaker={quote(MINISTER)}", "1 izteikums"),
        ("/izteikumi?q=neviens", "Izteikumu ar šādiem vārdiem nav."),
        ("/kalendars", "2031. gada marts"),
        ("/ru/calendar", "срок"),
        ("/kalendars?kind=event", "Šīm dienām relīzēs nekas nav pieteikts."),
        ("/tiesibu-akti", ACT),
        (f"/tiesibu-akti/{quote(ACT)}", BUDGET.title),
        (f"/releases/{id_of(BUDGET)}", "15.03.2031."),
        (f"/releases/{id_of(BUDGET)}", "12 miljonus eiro"),
        ("/?q=Agrai+Lepzarei", 'class="note card"'),
        ("/?q=lepzare", 'class="note card"'),
        (f"/?person={quote(MINISTER)}", "2 rezultāti"),
        (f"/?act={quote(ACT)}", BUDGET.title),
        ("/?place=Kuldīga", BUDGET.title),
    ],
)
def test_a_page_shows_it(client: FlaskClient, address: str, expected: str) -> None:
    answer = client.get(address, follow_redirects=True)
    assert (answer.status_code, expected in answer.text) == (200, True)


def test_what_is_hidden_after_the_last_reindex_is_not_shown(tmp_path: Path) -> None:
    made = build_registered(tmp_path)
    with Store(made.store) as store:
        store.hide(LATER.url, seen=SEEN)
    for address in (PERSON, "/izteikumi", "/izteikumi.atom", "/api/v1/statements"):
        text = made.client.get(address).text
        assert ("turpināsies" in text, "Skolām piešķirsim" in text) == (False, True), address


def test_counts_and_names_are_without_what_is_hidden_after_the_last_reindex(tmp_path: Path) -> None:
    made = build_registered(tmp_path)

    def people() -> dict[str, int]:
        return {one["name"]: one["releases"] for one in made.client.get("/api/v1/people").get_json()["names"]}

    def said() -> int:
        return int(made.client.get("/api/v1/statements").get_json()["total"])

    assert (people()[MINISTER], said()) == (2, 2)
    with Store(made.store) as store:
        store.hide(LATER.url, seen=SEEN)
    assert (people()[MINISTER], said()) == (1, 1)
    with Store(made.store) as store:
        store.hide(BUDGET.url, seen=SEEN)
    assert (people(), said()) == ({}, 0)
    assert made.client.get(PERSON).status_code == 404
    for address in ADDRESSES:
        assert MINISTER not in made.client.get(address).text, address


def test_a_hidden_name_is_on_no_page(tmp_path: Path) -> None:
    client = build_registered(tmp_path, names=f'hide = ["{MINISTER}"]').client
    assert client.get(PERSON).status_code == 404
    for address in ADDRESSES:
        assert MINISTER not in client.get(address).text, address
    kinds = [one["kind"] for one in client.get("/api/v1/complete?q=agra").get_json()["completions"]]
    assert "person" not in kinds


@pytest.mark.parametrize("name", ["Valdis Nelaimīgs", "Nav Tāda", "%", "_", "x" * 300])
def test_whoever_is_merely_named_has_no_page(client: FlaskClient, name: str) -> None:
    assert client.get(f"/cilveki/{quote(name, safe='')}").status_code == 404
    assert client.get(f"/api/v1/people/{quote(name, safe='')}").status_code in (400, 404)


def test_pages_of_people_are_not_for_search_engines(client: FlaskClient) -> None:
    for address in ("/cilveki", PERSON, "/izteikumi"):
        assert '<meta name="robots" content="noindex, nofollow">' in client.get(address).text


def test_a_query_for_statements_leads_to_them(client: FlaskClient) -> None:
    answer = client.get('/?q=teica:"Agra Lepzare" skolas', follow_redirects=False)
    assert (answer.status_code, answer.location) == (302, "/izteikumi?q=skolas&speaker=Agra+Lepzare")


def test_the_api_has_statements_with_their_places(client: FlaskClient) -> None:
    answer = client.get("/api/v1/statements?q=skola").get_json()
    (said,) = answer["statements"]
    assert BUDGET.body[said["start"] : said["end"]] == said["text"]
    assert (answer["total"], said["speaker"], said["direct"]) == (1, MINISTER, True)
    assert said["release"]["id"] == id_of(BUDGET)


def test_a_typed_name_is_cut_to_what_a_name_may_have(client: FlaskClient) -> None:
    page = client.get(f"/cilveki?name={'A' * 300}").text
    assert f'value="{"A" * 200}"' in page


def test_the_api_finds_a_person_whatever_the_case(client: FlaskClient) -> None:
    for typed in (MINISTER.lower(), MINISTER.upper()):
        assert client.get(f"/api/v1/people/{quote(typed)}").get_json()["name"] == MINISTER


def test_the_page_of_a_person_has_one_address(client: FlaskClient) -> None:
    for typed in (MINISTER.lower(), MINISTER.upper(), MINISTER):
        answer = client.get(f"/cilveki/{quote(typed)}")
        assert (answer.status_code, quote(answer.request.path)) == (200, PERSON)


def test_the_api_has_a_person(client: FlaskClient) -> None:
    person = client.get(f"/api/v1/people/{quote(MINISTER)}").get_json()
    assert (person["name"], person["statements"], person["may_be_several"]) == (MINISTER, 2, False)
    assert [one["name"] for one in person["beside"]] == [OFFICIAL]
    assert client.get("/api/v1/people?name=Lepz").get_json()["names"][0]["name"] == MINISTER


def test_the_api_has_what_falls_due_and_what_a_release_mentions(client: FlaskClient) -> None:
    (due,) = client.get("/api/v1/due").get_json()["due"]
    assert (due["first"], due["kind"]) == ("2031-03-15", "deadline")
    assert client.get("/api/v1/due?from=2032-01-01").get_json()["due"] == []
    mentions = client.get(f"/api/v1/releases/{id_of(BUDGET)}/mentions").get_json()
    assert mentions["persons"] == [MINISTER, OFFICIAL]
    assert [one["act"] for one in mentions["citations"]] == [ACT]
    assert client.get("/api/v1/releases/nav/mentions").status_code == 404


def test_the_calendar_is_an_icalendar(client: FlaskClient) -> None:
    lines = client.get("/kalendars.ics").text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert "DTSTART;VALUE=DATE:20310315" in lines
    assert "DTEND;VALUE=DATE:20310316" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = client.get("/kalendars.ics").text.replace("\r\n ", "")
    assert "SUMMARY:Finanšu ministrija: Pieteikumi jāiesniedz līdz 2031. gada 15. martam." in unfolded


def test_the_feed_of_statements_has_an_entry_for_each(client: FlaskClient) -> None:
    feed = client.get(f"/izteikumi.atom?speaker={quote(MINISTER)}").text
    assert feed.count("<entry ") == 2
    assert "uzsvēra Agra Lepzare" in feed


@pytest.mark.parametrize(
    "address",
    [
        "/izteikumi?page=0",
        "/izteikumi?from=nekad",
        "/izteikumi?page=9999",
        "/kalendars?kind=cits",
        "/kalendars?from=2027-01-01&to=2026-01-01",
    ],
)
def test_a_wrong_parameter_is_named_on_the_page(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


def test_addresses_have_one_spelling(client: FlaskClient) -> None:
    answer = client.get("/izteikumi?page=1&speaker=&nezināms=1&q=ceļš", follow_redirects=False)
    assert (answer.status_code, answer.location) == (302, "/izteikumi?q=ce%C4%BC%C5%A1")


def test_the_institution_has_a_page(client: FlaskClient) -> None:
    (finance,) = (
        one
        for one in client.get("/api/v1/institutions").get_json()["institutions"]
        if one["name"] == "Finanšu ministrija"
    )
    page = client.get(f"/iestades/{finance['sites'][0]}" if finance.get("sites") else "/iestades/iem")
    assert page.status_code == 200
    assert LATER.title in page.text
    assert client.get("/iestades/nav-tadas").status_code == 404
