from datetime import date

import pytest

from index.analysis import Analyzer
from index.query import parse, pieces
from index.query.times.appearances import QUESTION_WORDS, spell_out_appearance

ASKED = [
    ("kad pirmoreiz parādījās zaļā pāreja", "zaļā pāreja"),
    ("Kad pirmo reizi tika minēta „zaļā pāreja“?", "„zaļā pāreja“?"),
    ("kad zaļā pāreja parādījās pirmo reizi?", "zaļā pāreja"),
    ("kad parādījās zaļā pāreja pirmo reizi", "zaļā pāreja"),
    ("kad pedejo reizi mineja patvērumu", "patvērumu"),
    ("When did the green deal first appear?", "the green deal"),
    ("when was asylum last mentioned", "asylum"),
    ("when did asylum appear for the first time", "asylum"),
    ("Когда впервые появился зелёный курс?", "зелёный курс?"),
    ("когда бюджет упомянули в последний раз", "бюджет"),
]


@pytest.mark.parametrize(("text", "asked"), ASKED)
def test_a_question_of_an_appearance_is_a_search_through_time(text: str, asked: str) -> None:
    spelled = spell_out_appearance(text)
    assert " ".join(spelled.replace("versijas:", "").split()) == asked
    assert spelled.count("versijas:") == 1
    assert len(spelled) == len(text)
    assert spelled.index(asked) == text.index(asked)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kad",
        "kad budžets",
        "kad pirmoreiz parādījās",
        "kad pirmoreiz parādījās?",
        "kad pirmo reizi budžets",
        "kad parādījās budžets",
        "kad minēja pirmo personu",
        "when did the first minister appear",
        "pirmoreiz parādījās budžets",
        '"kad pirmoreiz parādījās zaļā pāreja"',
        "kad pirmoreiz parādījās " + "budžets " * QUESTION_WORDS,
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert spell_out_appearance(text) == text


@pytest.mark.parametrize(("text", "asked"), ASKED)
def test_a_query_reads_the_question(analyzer: Analyzer, text: str, asked: str) -> None:
    read = parse(text, analyzer=analyzer, today=date(2026, 1, 15))
    meant = parse(f"versijas: {asked}", analyzer=analyzer, today=date(2026, 1, 15))
    assert read.text == text
    assert (read.clause, read.filters, read.reading) == (meant.clause, meant.filters, meant.reading)


def test_a_word_of_the_question_is_no_piece() -> None:
    text = "kad pirmoreiz parādījās bužets"
    assert [text[piece.start : piece.end] for piece in pieces(text)] == ["bužets"]
