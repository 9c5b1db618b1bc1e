from index.suggest import Suggester
from index.suggest.readings.spacing import are_side_by_side, halves, join

SUGGESTER = Suggester.of([("rail", 3), ("baltica", 3), ("muzeju", 2), ("nakts", 2), ("eveselība", 4)])
RELEASES = {'"rail baltica"~1': 3, '"muzeju nakts"~1': 2}


def count(text: str) -> int:
    return RELEASES.get(text, 0)


def test_a_word_is_two_that_are_side_by_side() -> None:
    assert halves("railbaltica", SUGGESTER, count) == "rail baltica"
    assert halves("balticarail", SUGGESTER, count) == ""


def test_the_first_half_may_be_a_stem() -> None:
    assert halves("muzejnakts", SUGGESTER, count) == "muzeju nakts"


def test_two_words_are_one_that_is_in_the_index() -> None:
    assert join("e", "veselība", SUGGESTER) == "e-veselība"
    assert join("rail", "baltica", SUGGESTER) == ""


def test_two_words_of_the_index_are_joined_if_the_whole_is_one_too() -> None:
    known = Suggester.of([("rail", 3), ("baltica", 3), ("railbaltica", 1)])
    assert join("rail", "baltica", known) == "railbaltica"


def test_side_by_side() -> None:
    assert are_side_by_side("rail", "baltica", count)
    assert not are_side_by_side("e", "veselība", count)
