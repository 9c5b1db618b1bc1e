from collections.abc import Callable
from datetime import date

import pytest

from index.query import Filters
from index.suggest import Relaxation, relaxations
from tests.index.suggest.conftest import NO_FILTERS

Relax = Callable[..., tuple[Relaxation, ...]]


@pytest.fixture
def relax(count: Callable[..., int]) -> Relax:
    return lambda text, filters=NO_FILTERS: relaxations(text, filters, count)


def test_names_the_word_to_leave_out(relax: Relax) -> None:
    assert [
        (relaxation.left_out, relaxation.text, relaxation.hits) for relaxation in relax("pensijas žogs")
    ] == [
        ("pensijas", "žogs", 1),
        ("žogs", "pensijas", 2),
    ]


def test_names_the_filter_to_leave_out(relax: Relax) -> None:
    filters = Filters(ministries=("Labklājības ministrija",), published_from=date(2017, 1, 1))
    assert [
        (relaxation.left_out, relaxation.filters.ministries) for relaxation in relax("žogs", filters)
    ] == [("ministry", ())]


def test_a_typed_filter_can_be_left_out(relax: Relax) -> None:
    assert [(relaxation.left_out, relaxation.text) for relaxation in relax("reforma gads:2011")] == [
        ("gads:2011", "reforma")
    ]


def test_the_part_of_a_word_can_be_left_out(relax: Relax) -> None:
    assert [
        (relaxation.left_out, relaxation.text, relaxation.hits)
        for relaxation in relax("virsraksts:patvēruma")
    ] == [("virsraksts:", "patvēruma", 1)]


def test_punctuation_goes_with_the_word_left_out(relax: Relax) -> None:
    assert [relaxation.text for relaxation in relax("qwertyuiop.žogs")] == ["žogs"]


def test_offers_any_of_the_words_if_leaving_out_one_does_not_help(relax: Relax) -> None:
    (only,) = relax("reforma žogs indeksācija")
    assert (only.left_out, only.text, only.hits) == ("", "reforma VAI žogs VAI indeksācija", 3)


@pytest.mark.parametrize("text", ["", "qwertyuiop", "-pensijas", "((", '"', "a " * 500])
def test_offers_nothing_without_hits(relax: Relax, text: str) -> None:
    assert all(relaxation.hits for relaxation in relax(text))
