import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import g
from flask.testing import FlaskClient
from msgspec.structs import replace

from searcher import create_app
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


def shown_with(tmp_path: Path, base_url: str, **changes: object) -> tuple[str, str]:
    """Return the content of an entry, and its address, of a service at *base_url*."""
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"\n[searcher]\nbase_url = "{base_url}"\n', encoding="utf-8")
    app = create_app(config)
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)
    release = replace(LISTED, **changes)
    with app.test_request_context("/"):
        g.interface = app.extensions["interfaces"]["en"]
        entry = FeedEntry(id="urn:x", release=release, published=moment, updated=moment)
        return str(content(entry)), page_address(release)


@pytest.mark.parametrize(
    ("base_url", "note"),
    [
        ("", "no longer on the site"),
        ("https://a.lv", '<a href="https://a.lv/en/releases/iem-1">no longer on the site</a>'),
    ],
)
def test_a_note_is_a_link_only_if_the_service_has_a_public_address(
    tmp_path: Path, base_url: str, note: str
) -> None:
    text, address = shown_with(tmp_path, base_url, gone=True, body="a < b")
    assert text == f"<p>{note}</p><p>a &lt; b</p>"
    assert address == f"{base_url}/en/releases/iem-1"


def test_an_address_that_cannot_be_opened_is_replaced_by_ours(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    app = create_app(config)
    with app.test_request_context("/"):
        g.interface = app.extensions["interfaces"]["lv"]
        assert alternate_address(replace(LISTED, url="javascript:x")) == "/releases/iem-1"
        assert alternate_address(replace(LISTED, url='https://a.lv/ <>[]\\^`{|}"')) == (
            "https://a.lv/%20%3C%3E%5B%5D%5C%5E%60%7B%7C%7D%22"
        )


@pytest.mark.parametrize(
    "char", ["\0", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\x7f", "\x9f", "\ufffd", "\ufffe", "\uffff"]
)
def test_what_xml_forbids_is_removed(char: str) -> None:
    assert clean(f"a{char}b") == "ab"


@pytest.mark.parametrize("char", ["\t", "\n", "\r", " ", "~", "\xa0", "\ufffc", "\ue000"])
def test_all_other_characters_are_kept(char: str) -> None:
    assert clean(f"a{char}b") == f"a{char}b"


@pytest.mark.parametrize(("words", "is_cut"), [(50, False), (51, True)])
def test_a_summary_is_cut_after_three_hundred_characters(words: int, *, is_cut: bool) -> None:
    text = " ".join(["vārds"] * words)
    assert len(" ".join(["vārds"] * 50)) == SUMMARY_CHARS - 1
    assert summary(replace(LISTED, body=text)) == (" ".join(["vārds"] * 50) + "…" if is_cut else text)
