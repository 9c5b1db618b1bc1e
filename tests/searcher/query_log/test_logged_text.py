import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.query_log.logged_text import QUERY_CHARS_MAX, logged_text


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("  Valsts  BUDŽETS ", "valsts budžets"),
        ("budz\u030cets", "budžets"),
        ("gads:2019-2021", "gads:2019-2021"),
        ("27.11.2017", "27.11.2017"),
        ('"kritiskā infrastruktūra"', '"kritiskā infrastruktūra"'),
    ],
)
def test_queries_that_mean_the_same_are_counted_together(typed: str, counted: str) -> None:
    assert logged_text(typed) == counted


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "010190-12345",
        "jānis 01019012345",
        "320000-00000",
        "tālr. 67000000",
        "+371 67 000 000",
        "a.b@example.lv",
        "LV00BANK0000000000000",
        "0000 0000 0000 0000",
        "x" * (QUERY_CHARS_MAX + 1),
        "a\u200bb",
    ],
)
def test_what_may_name_a_person_is_never_counted(typed: str) -> None:
    assert logged_text(typed) is None


@given(st.text())
def test_any_query_is_one_short_line_or_none(typed: str) -> None:
    text = logged_text(typed)
    assert text is None or (text.isprintable() and 0 < len(text) <= QUERY_CHARS_MAX)
