"""A release is read as a whole."""

from datetime import date

from index.analysis import default_analyzer
from index.mentions import Mentions, read_mentions


def test_an_empty_text_mentions_nothing() -> None:
    assert read_mentions(default_analyzer(), "", "lv", date(2024, 1, 2)) == Mentions()
