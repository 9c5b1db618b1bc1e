import pytest
from msgspec.structs import replace

from searcher.feeds.content import SUMMARY_CHARS, alternate_address, clean, summary, title
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
