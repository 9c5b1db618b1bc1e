"""Tests of how rules are read, on a grammar of two fruits."""

from datetime import date

import pytest

from index.query.times.grammar import Grammar, backwards
from index.query.times.lexicon import TimeLexicon

TODAY = date(2026, 11, 25)


def _weigh(_: date, count: int, grams: int) -> int:
    if count > 9:
        raise ValueError("too many")
    return count * grams


GRAMMAR = Grammar(
    {
        "fruit": (("FRUIT", lambda _, grams: grams),),
        "fruits": (
            ("COUNT 'ripe'? fruit", _weigh),
            ("fruit '*' COUNT~", backwards(_weigh)),
            ("COUNT fruit !'juice' fruit", lambda _, count, one, other: count * one + other),
        ),
    }
)
LEXICON = TimeLexicon([[("FRUIT", 150, "apple-,s"), ("FRUIT", 5, "cherry cherries")]], (), GRAMMAR.literals)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("2 apples", {2: 300}),
        ("2 ripe apples", {3: 300}),
        ("2 green apples", {}),
        ("apple*3", {3: 450}),
        ("apple* 3", {}),
        ("2 apples cherry", {2: 300, 3: 305}),
        ("2 apples juice", {2: 300}),
        ("10 apples", {}),
        ("apples", {}),
    ],
)
def test_rules_read_what_they_describe(text: str, weights: dict[int, int]) -> None:
    assert GRAMMAR.reader(LEXICON.tokens(text), TODAY).read("fruits", 0) == weights


def test_only_runs_of_known_words_that_may_name_a_time_are_read() -> None:
    lexicon = TimeLexicon([[("YEAR_WORD", None, "gad-s,ā")]], (), {"."})
    runs = lexicon.runs("budžets 2017. gadā un 3 . 4 gads 112")
    assert [[token.text for token in run] for run in runs] == [
        ["2017", ".", "gada"],
        ["3", ".", "4", "gads", "112"],
    ]
