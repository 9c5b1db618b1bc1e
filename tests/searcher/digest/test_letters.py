import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import g
from flask_openapi.openapi import OpenAPI
from msgspec.structs import replace

from index.results import ListedRelease
from searcher import create_app
from searcher.digest.letters import SHOWN_MAX, Letter, LetterParts, message_id, results_address, write_letter
from searcher.digest.saved_searches import SavedSearch
from tests.support.listed_release import LISTED, STOOD
from tests.support.shelf import Shelf

MADE = datetime(2026, 3, 1, 9, tzinfo=UTC)
RELEASE = replace(LISTED, title="Drošība <b> & jūra", lead="Ievads.")


@pytest.fixture(scope="module")
def app(shelf: Shelf) -> OpenAPI:
    return create_app(shelf.config)


def letter(
    app: OpenAPI, path: str = "/", count: int = 1, release: ListedRelease = RELEASE, manage: str = ""
) -> EmailMessage:
    search = SavedSearch(name="Drošība", address=f"{path}?q=drošība", to=("a@example.lv",))
    with app.test_request_context():
        g.interface = app.extensions["interfaces"][search.language]
        service = app.extensions["service"]
        written = Letter(
            name=search.name,
            recipient="a@example.lv",
            sender="relizes@example.lv",
            results=results_address(service, search.query),
            message_id="<x@example.lv>",
            made=MADE,
            manage=manage,
        )
        return write_letter(service, written, LetterParts((release,) * count))


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_a_mail_names_the_releases_as_text_and_as_html(app: OpenAPI) -> None:
    message = letter(app)
    assert message["Subject"] == "Drošība: 1 jauna relīze"
    assert (message["To"], message["From"]) == ("a@example.lv", "Preses relīzes <relizes@example.lv>")
    text, html = part(message, "plain"), part(message, "html")
    assert "Drošība <b> & jūra" in text
    assert "Drošība &lt;b&gt; &amp; jūra" in html
    for shown in (text, html):
        assert "https://www.iem.example/x" in shown
        assert "https://relizes.example.lv/?q=dro%C5%A1%C4%ABba" in shown
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_mail_says_which_text_it_has_of_a_search_through_time(app: OpenAPI) -> None:
    message = letter(app, release=replace(RELEASE, stood=STOOD))
    for shown in (part(message, "plain"), part(message, "html")):
        assert "https://relizes.example.lv/releases/iem-0/versions/2" in shown
        assert RELEASE.url not in shown
        assert "2. redakcija: domājams, kopš 02.01.2020." in shown


@pytest.mark.parametrize(
    ("path", "subject"), [("/", "21 jauna relīze"), ("/en/", "21 new releases"), ("/ru/", "21 новый релиз")]
)
def test_a_mail_is_in_the_language_of_the_search(app: OpenAPI, path: str, subject: str) -> None:
    assert letter(app, path, 21)["Subject"] == f"Drošība: {subject}"


def test_the_same_mail_has_the_same_bytes(app: OpenAPI) -> None:
    assert letter(app).as_bytes() == letter(app).as_bytes()


def test_what_exceeds_a_mail_is_counted_and_on_the_page(app: OpenAPI) -> None:
    text = part(letter(app, count=SHOWN_MAX + 2), "plain")
    assert text.count(replace(RELEASE).title) == SHOWN_MAX
    assert "Vēl 2: https://relizes.example.lv/?q=" in text


def test_a_mail_has_the_headers_of_an_automatic_one(app: OpenAPI) -> None:
    message = letter(app, "/en/")
    assert message["Date"] == "Sun, 01 Mar 2026 09:00:00 +0000"
    assert (message["Message-ID"], message["Content-Language"]) == ("<x@example.lv>", "en")
    assert message["List-Unsubscribe"] is None  # no contact is configured
    assert message.get_content_type() == "multipart/alternative"


def test_a_mail_with_a_contact_says_how_to_end_it(shelf: Shelf, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    data = shelf.config.parent / "data"
    config.write_text(f'data_dir = "{data}"\n[searcher]\ncontact_email = "prese@a.lv"\n', encoding="utf-8")
    assert letter(create_app(config))["List-Unsubscribe"] == "<mailto:prese@a.lv>"


def test_as_many_releases_as_a_mail_has_are_all_in_it(app: OpenAPI) -> None:
    text = part(letter(app, count=SHOWN_MAX), "plain")
    assert text.count(RELEASE.title) == SHOWN_MAX
    assert "Vēl " not in text


def test_the_id_of_a_mail_depends_on_all_it_is_about() -> None:
    first = message_id(["a@b.lv /?q=a", "1", "2"], "r@c.lv")
    assert first == message_id(["a@b.lv /?q=a", "1", "2"], "other@c.lv")
    assert re.fullmatch(r"<[0-9a-f]{32}@c\.lv>", first)
    others = (["a@b.lv /?q=b", "1", "2"], ["a@b.lv /?q=a", "2", "1"], ["a@b.lv /?q=a", "12"])
    assert len({first, *(message_id(parts, "r@c.lv") for parts in others)}) == 4


def test_a_mail_that_its_reader_subscribed_to_is_stopped_by_one_click(app: OpenAPI) -> None:
    message = letter(app, manage="https://relizes.example.lv/abonet/parvaldit?t=x")
    assert message["List-Unsubscribe"] == "<https://relizes.example.lv/abonet/parvaldit?t=x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert "https://relizes.example.lv/abonet/parvaldit?t=x" in part(message, kind)
