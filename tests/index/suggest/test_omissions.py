from collections.abc import Callable
from datetime import date

import pytest

from index.query import Filters
from index.suggest import Omission, omissions
from tests.index.suggest.conftest import NO_FILTERS

Omit = Callable[..., tuple[Omission, ...]]


@pytest.fixture
def omit(count: Callable[..., int]) -> Omit:
    return lambda text, filters=NO_FILTERS: omissions(text, filters, count)


def test_names_the_word_to_leave_out(omit: Omit) -> None:
    assert [(omission.left_out, omission.text, omission.hits) for omission in omit("pensijas žogs")] == [
        ("pensijas", "žogs", 1),
        ("žogs", "pensijas", 2),
    ]


def test_names_the_filter_to_leave_out(omit: Omit) -> None:
    filters = Filters(ministries=("Labklājības ministrija",), published_from=date(2017, 1, 1))
    assert [(omission.left_out, omission.filters.ministries) for omission in omit("žogs", filters)] == [
        ("ministry", ())
    ]


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("ministry", Filters(ministries=("Labklājības ministrija",))),
        ("category", Filters(categories=("NATO",))),
        ("language", Filters(languages=("ru",))),
        ("published", Filters(published_from=date(2030, 1, 1))),
        ("published", Filters(published_to=date(1990, 1, 1))),
        ("published", Filters(published_from=date(1990, 1, 1), published_to=date(1991, 1, 1))),
        ("has", Filters(traits=("gone",))),
    ],
)
def test_each_filter_can_be_left_out(omit: Omit, name: str, filters: Filters) -> None:
    assert omit("žogs", filters) == (Omission(name, "žogs", NO_FILTERS, 1),)


def test_a_typed_filter_can_be_left_out(omit: Omit) -> None:
    assert [(omission.left_out, omission.text) for omission in omit("reforma gads:2011")] == [
        ("gads:2011", "reforma")
    ]


def test_the_part_of_a_word_can_be_left_out(omit: Omit) -> None:
    assert [
        (omission.left_out, omission.text, omission.hits) for omission in omit("virsraksts:patvēruma")
    ] == [("virsraksts:", "patvēruma", 1)]


def test_punctuation_goes_with_the_word_left_out(omit: Omit) -> None:
    assert [omission.text for omission in omit("qwertyuiop.žogs")] == ["žogs"]


def test_the_name_of_what_is_left_out_has_no_spaces_around_it(omit: Omit) -> None:
    for text in ("pensijas žogs", " pensijas  žogs ", '"pensijas"  "žogs"  '):
        assert all(found.left_out == found.left_out.strip() != "" for found in omit(text))


@pytest.mark.parametrize(
    ("text", "any_word", "hits"),
    [
        ("reforma žogs indeksācija", "reforma VAI žogs VAI indeksācija", 3),
        ("reforma indeksācija -pensijas", "reforma VAI indeksācija", 2),
    ],
)
def test_offers_any_of_the_words_if_leaving_out_one_does_not_help(
    omit: Omit, text: str, any_word: str, hits: int
) -> None:
    (only,) = omit(text)
    assert (only.left_out, only.text, only.hits) == ("", any_word, hits)


@pytest.mark.parametrize("text", ["", "qwertyuiop", "-pensijas", "((", '"', "a " * 500])
def test_offers_nothing_without_hits(omit: Omit, text: str) -> None:
    assert all(omission.hits for omission in omit(text))


def test_what_is_left_has_a_word(omit: Omit) -> None:
    assert omit("qwertyuiop@") == ()
