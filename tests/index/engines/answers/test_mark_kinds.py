from datetime import date

import pytest

from index.analysis import Analyzer
from index.engines.answers.mark_kinds import MarkKinds
from index.query import Expansion, RelatedTerm, parse
from index.results import Passage


@pytest.fixture
def kinds(analyzer: Analyzer) -> MarkKinds:
    terms = [("darba meklētājs", (("darbs",), ("meklētājs",))), ("bezdarbnieks", (("bezdarbnieks",),))]
    related = tuple(RelatedTerm(text=text, language="lv", words=words) for text, words in terms)
    clause = parse("bezdarbs robežas", analyzer=analyzer, today=date(2026, 11, 1)).clause
    return MarkKinds((Expansion("bezdarbs", related),), clause, analyzer)


def mark(text: str, *words: str) -> Passage:
    starts = [(text.index(word), word) for word in words]
    return Passage(text, tuple((start, start + len(word)) for start, word in starts))


def test_a_mark_of_a_related_word_says_to_what(kinds: MarkKinds) -> None:
    passage = kinds.tell_in(mark("Bezdarba laikā bezdarbnieki mācās.", "Bezdarba", "bezdarbnieki"), "lv")
    assert passage.related_to == ("", "bezdarbs")


def test_a_mark_with_both_is_parted(kinds: MarkKinds) -> None:
    passage = kinds.tell_in(mark("Robežas darba meklētāji", "Robežas darba meklētāji"), "lv")
    assert [
        (passage.text[slice(*each)], to) for each, to in zip(passage.marks, passage.related_to, strict=True)
    ] == [
        ("Robežas", ""),
        ("darba meklētāji", "bezdarbs"),
    ]


@pytest.mark.parametrize("words", [("Bezdarbs",), ("robežu",), ()])
def test_typed_words_are_marked_as_before(kinds: MarkKinds, words: tuple[str, ...]) -> None:
    passage = mark("Bezdarbs pie robežu", *words)
    assert kinds.tell_in(passage, "lv") is passage


def test_a_mark_that_is_neither_typed_nor_related_is_taken_away(kinds: MarkKinds) -> None:
    told = kinds.tell_in(mark("Ir robežas un darbs", "Ir", "robežas", "darbs"), "lv")
    assert [told.text[slice(*each)] for each in told.marks] == ["robežas"]
