from typing import get_args

import pytest
from flask.testing import FlaskClient

from index.query import Note, NoteKind
from searcher.i18n import interfaces
from searcher.notes import MESSAGES, message


@pytest.mark.parametrize("kind", get_args(NoteKind))
def test_every_kind_of_note_has_a_message_in_both_languages(kind: NoteKind) -> None:
    assert "gads:x" in message(Note(kind, "gads:x"))
    latvian = interfaces()["lv"].text(MESSAGES[kind])
    assert latvian != MESSAGES[kind]
    assert "%(text)s" in latvian


def test_the_page_and_the_api_show_notes(client: FlaskClient) -> None:
    query = "/?q=budžets+ministrija:XYZ"
    assert "„ministrija:XYZ” neko neatlasa: tādas iestādes nav" in client.get(query).text
    assert (
        "“ministrija:XYZ” was not used as a filter: there is no such institution"
        in client.get(f"/en{query}").text
    )
    assert client.get(f"/api/v1/search{query[1:]}").get_json()["query"]["notes"] == [
        {
            "kind": "no institution",
            "text": "ministrija:XYZ",
            "message": "“ministrija:XYZ” was not used as a filter: there is no such institution",
        }
    ]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("FM", "Finanšu ministrija"),
        ("fm", "Finanšu ministrija"),
        ("VUGD", "Valsts ugunsdzēsības un glābšanas dienests"),
        ("iem", "Iekšlietu ministrija"),
        ("mfa", "Ārlietu ministrija"),
        ("ĀM", "Ārlietu ministrija"),
    ],
)
def test_institutions_have_short_names(client: FlaskClient, typed: str, name: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": f"ministrija:{typed}"}).get_json()
    assert answer["query"]["filters"]["ministries"] == [name]
    assert {hit["ministry"] for hit in answer["hits"]} == {name}
    page = client.get("/", query_string={"q": f"ministrija:{typed}"}).text
    assert f"Tikai šo iestāžu relīzes: {name}" in page


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("no institution", "“x” was not used as a filter: there is no such institution"),
        ("no language", "“x” was not used as a filter: the languages are lv, en and ru"),
        ("no date", "“x” was not used as a filter: this is not a date"),
        ("no exclusion", "“x” was not used as a filter: this condition cannot be negated"),
        ("no filter", "“x” is not a filter, so it was read as a word"),
        ("short wildcard", "“x” has too few letters, so it was read without * and ?"),
        ("wildcard in phrase", "x: the signs *, ? and ~ have no effect in quotes"),
        ("too many wildcards", "“x” was read without its sign: only two words may have ~, ? or an inner *"),
        ("no boost", "“x” was left out: words have no weights"),
        ("open quote", "The quotation mark x has no pair, so it was left out"),
    ],
)
def test_each_note_says_what_was_done(kind: NoteKind, expected: str) -> None:
    assert message(Note(kind, "x")) == expected
    assert {*MESSAGES} == {*get_args(NoteKind)}
