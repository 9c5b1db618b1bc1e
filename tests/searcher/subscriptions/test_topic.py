from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.i18n import interfaces
from searcher.params import ParameterError
from searcher.subscriptions.topic import name_of, parse_topic, read_topic

LATVIAN = interfaces()["lv"]


@pytest.mark.parametrize(
    ("about", "canonical"),
    [
        ("search", "search"),
        ("search?", "search"),
        ("search?q=+budžets++2026&page=3&per_page=50&sort=oldest", "search?q=bud%C5%BEets+2026"),
        ("search?ministry=B&ministry=A&ministry=B", "search?ministry=A&ministry=B"),
        ("search?q=a&verbatim=true", "search?q=a&verbatim=true"),
        ("corrections?weight=60&page=2&kind=number", "corrections?kind=number&weight=60"),
        ("corrections?q=+budžets++2026", "corrections?q=bud%C5%BEets+2026"),
        ("calendar?per_page=10&kind=event", "calendar?kind=event"),
    ],
)
def test_what_means_the_same_is_one_subject(about: str, canonical: str) -> None:
    topic = read_topic(about, "lv")
    assert topic.about == canonical
    assert parse_topic(str(topic)) == topic
    assert read_topic(topic.about, "lv") == topic


@pytest.mark.parametrize(
    "about", ["", "other", "search?x=1", "search?page=x", "calendar?kind=x", "search?q=" + "a" * 8000]
)
def test_what_no_page_shows_is_no_subject(about: str) -> None:
    with pytest.raises(ParameterError):
        read_topic(about, "lv")


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ("search", "visas relīzes"),
        ("search?q=budžets&language=lv&from=2024", "„budžets”, latviešu, 2024"),
        ("search?ministry=Finanšu+ministrija", "Finanšu ministrija"),
        ("corrections?ministry=Finanšu+ministrija", "Labojumi, Finanšu ministrija"),
        ("corrections?q=budžets&kind=number", "Labojumi, „budžets”"),
        ("calendar", "Kalendārs"),
        ("search?q=https://evil.example/x+evil.example+a@b+plkst.+9.00", "„… … … plkst. 9.00”"),
    ],
)
def test_a_subject_has_a_short_name_without_links(about: str, name: str) -> None:
    assert name_of(read_topic(about, "lv"), LATVIAN).startswith(name)


@given(st.text())
def test_any_search_has_a_name_of_one_line(typed: str) -> None:
    try:
        topic = read_topic(f"search?q={quote(typed, safe='', errors='replace')}", "en")
    except ParameterError:
        return
    name = name_of(topic, LATVIAN)
    assert len(name) <= 80
    assert name == " ".join(name.split())
    assert not any(char in name for char in "\r\n\0\u202e")
