from datetime import date

import pytest

from index.analysis import Analyzer
from index.engines.answers.mark_kinds import MarkKinds
from index.engines.answers.marked_terms import lemmas_by, marked_passages
from index.query import Expansion, RelatedTerm, parse
from index.results import Hit, Passage


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


@pytest.mark.parametrize(
    ("text", "marked", "shown"),
    [
        ("Bezdarbnieki", ["Bezdarbnieki"], {"Bezdarbnieki": "bezdarbs"}),
        ("Robežas. Bezdarbnieki", ["Robežas. Bezdarbnieki"], {"Robežas": "", "Bezdarbnieki": "bezdarbs"}),
        ("Bezdarbnieki robežas", ["Bezdarbnieki robežas"], {"Bezdarbnieki": "bezdarbs", "robežas": ""}),
        ("Darba un robežas", ["Darba", "robežas"], {"robežas": ""}),
        ("Darba", ["Darba"], {}),
        ("Darba bezdarbnieki", ["Darba bezdarbnieki"], {"bezdarbnieki": "bezdarbs"}),
    ],
)
def test_each_mark_has_its_kind(
    kinds: MarkKinds, text: str, marked: list[str], shown: dict[str, str]
) -> None:
    passage = kinds.tell_in(mark(text, *marked), "lv")
    assert [passage.text[slice(*each)] for each in passage.marks] == [*shown]
    assert passage.related_to == (tuple(shown.values()) if any(shown.values()) else ())


def test_a_term_of_two_typed_words_is_related_to_the_first(analyzer: Analyzer) -> None:
    term = RelatedTerm(text="bezdarbnieks", language="lv", words=(("bezdarbnieks",),))
    clause = parse("robežas", analyzer=analyzer, today=date(2026, 11, 1)).clause
    kinds = MarkKinds((Expansion("bezdarbs", (term,)), Expansion("darbs", (term,))), clause, analyzer)
    assert kinds.tell_in(mark("Bezdarbnieki", "Bezdarbnieki"), "lv").related_to == ("bezdarbs",)


def test_the_title_and_each_passage_are_told_apart(kinds: MarkKinds, analyzer: Analyzer) -> None:
    hit = Hit(
        id="a",
        url="https://iem.example/1",
        title=mark("Robežas", "Robežas"),
        passages=(mark("Bezdarbnieki mācās", "Bezdarbnieki"), mark("Par darbu", "darbu")),
        published=None,
        site="iem",
        ministry="Iekšlietu ministrija",
        language="lv",
        score=1,
    )
    told = kinds.tell(hit, marked_passages(hit, lemmas_by(analyzer)))
    assert [(each.text, len(each.marks), each.related_to) for each in (told.title, *told.passages)] == [
        ("Robežas", 1, ()),
        ("Bezdarbnieki mācās", 1, ("bezdarbs",)),
        ("Par darbu", 0, ()),
    ]
