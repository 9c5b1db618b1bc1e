import re
from datetime import UTC, datetime

import pytest
from flask import g
from flask.testing import FlaskClient
from msgspec.structs import replace

from searcher.feeds.content import (
    SUMMARY_CHARS,
    alternate_address,
    clean,
    content,
    page_address,
    summary,
    title,
)
from searcher.feeds.entries import FeedEntry
from tests.support.listed_release import LISTED

RELEASE = replace(LISTED, body="vārds " * 200)


def test_a_summary_is_one_short_line_of_whole_words() -> None:
    text = summary(RELEASE)
    assert len(text) <= SUMMARY_CHARS
    assert text.endswith("vārds…")
    assert summary(replace(RELEASE, lead=" Ievads.\nOtra\trinda. ")) == "Ievads. Otra rinda."


@pytest.mark.parametrize(
    ("given", "expected"), [("Ziņa", "Ziņa"), ("\x0b ", RELEASE.url), ("a\x85b\ufffe", "ab")]
)
def test_a_title_is_never_blank(given: str, expected: str) -> None:
    assert title(replace(RELEASE, title=given)) == expected


def test_text_keeps_its_lines_and_loses_what_xml_forbids() -> None:
    assert clean("a\tb\nc\0\x1f\x7f\x9f\ud800\ufffdā") == "a\tb\ncā"


def test_an_address_has_only_what_readers_take_for_one() -> None:
    release = replace(RELEASE, url="https://www.iem.example/ziņas?f[0]=a|b&c={d}%20e")
    assert alternate_address(release) == "https://www.iem.example/ziņas?f%5B0%5D=a%7Cb&c=%7Bd%7D%20e"


@pytest.mark.parametrize(
    ("gone", "edited", "notes"),
    [
        (False, False, []),
        (True, False, ["no longer on the site"]),
        (False, True, ["edited after publication"]),
        (True, True, ["edited after publication", "no longer on the site"]),
    ],
)
def test_an_entry_says_what_became_of_its_release_and_leads_to_what_can_be_opened(
    shelf_client: FlaskClient, notes: list[str], *, gone: bool, edited: bool
) -> None:
    release = replace(LISTED, lead="Ievads.", body="Viens.\n\n \n\nDivi.", gone=gone, edited=edited)
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)
    entry = FeedEntry(id="urn:x", release=release, published=moment, updated=moment)
    app = shelf_client.application
    with app.test_request_context("/"):
        g.interface = app.extensions["interfaces"]["en"]
        paragraphs = re.findall(r"<p>(.*?)</p>", content(entry))
        address, ours = alternate_address(release), page_address(release)
    texts = [re.sub("<[^>]*>", "", paragraph) for paragraph in paragraphs]
    assert texts == [*([", ".join(notes)] if notes else []), "Ievads.", "Viens.", "Divi."]
    assert (ours in paragraphs[0]) is bool(notes)
    assert address == (ours if gone else release.url)
