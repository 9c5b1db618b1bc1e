import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.lucene import OneTermAnalyzer, stem
from crawler.config import Language
from index.analysis import Analyzer
from index.meaning.concept_file import ConceptFile, open_concepts
from index.meaning.concept_index import _GAP, Term, _lemmas
from index.query import AllOf, Word, parse

CONCEPTS = """
siltināšana, māju siltināšana, siltumizolācija | insulation |
bez darba palicis, bezdarbnieks | unemployed |
māja, ēka | house |
ES, Eiropas Savienība | EU |
slimība, kaite | disease |
satiksme, transports | traffic |
peldēt, niršana | swim |
negaidīts, pēkšņs | sudden |
gaidīt, gaidīšana | wait |
nelegāls, aizliegts | illegal |
slimnīca | hospital |
laipns | hospitable |
ceļotājs | traveller |
ceļojums | travel |
meža ugunsgrēks | forest fire |
ugunsgrēks, uguns | fire | пожар
atlaist | fire, sack |
uzteikums | fired |
vīza | visa | виза
vizīte | visit | визит
dati | | данные
Dānija | | Дания
dalīt | | делить
lieta | | дело
"""


@pytest.fixture
def concepts_in(analyzer: Analyzer, tmp_path: Path) -> Callable[[str], dict[str, list[int]]]:
    """Return a function that returns the concepts in a query, by the words that express them."""
    path = tmp_path / "concepts.txt"
    path.write_text(CONCEPTS, encoding="utf-8")
    index = open_concepts(ConceptFile.at(path, analyzer))

    def concepts_in(text: str) -> dict[str, list[int]]:
        clause = parse(text, analyzer=analyzer, today=date(2026, 11, 25)).clause
        clauses = clause.clauses if isinstance(clause, AllOf) else (clause,)
        words = [word for word in clauses if isinstance(word, Word)]
        listed = index.concepts_in(words)
        found = listed | index.closest_concepts(words, listed)
        return {" ".join(words[at].text for at in sorted(span)): sorted(found[span]) for span in found}

    return concepts_in


def test_an_analyzer_with_other_lemmas_has_an_index_of_its_own(analyzer: Analyzer, tmp_path: Path) -> None:
    path = tmp_path / "concepts.txt"
    path.write_text(CONCEPTS, encoding="utf-8")
    files = [ConceptFile.at(path, each) for each in (analyzer, OneTermAnalyzer(stem), OneTermAnalyzer(str))]
    assert len({id(open_concepts(file)) for file in files}) == 3


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("hospitals", [10]),
        ("hospitable", [11]),
        ("Hospitals", [10]),
        ("traveling", [12, 13]),
        ("travelling", [12, 13]),
        ("travellers", [12, 13]),
        ("travel", [12, 13]),
    ],
)
def test_an_english_word_is_known_by_its_forms_and_those_who_do_it(
    concepts_in: Callable[[str], dict[str, list[int]]], text: str, concepts: list[int]
) -> None:
    assert concepts_in(text) == {text: concepts}


@pytest.mark.parametrize("text", ["hospitality", "hospitalise", "insular", "diseased"])
def test_a_word_that_only_shares_a_stem_expresses_nothing(
    concepts_in: Callable[[str], dict[str, list[int]]], text: str
) -> None:
    assert 10 not in concepts_in(text).get(text, [])
    assert 0 not in concepts_in(text).get(text, [])


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("fires", [15, 16]),
        ("fired", [15, 16, 17]),
        ("визы", [18]),
        ("визит", [19]),
        ("визами", [18]),
        ("данных", [20]),
        ("Данию", [21]),
        ("делить", [22]),
        ("дела", [23]),
    ],
)
def test_a_foreign_word_is_of_the_concepts_to_whose_terms_it_is_closest(
    concepts_in: Callable[[str], dict[str, list[int]]], text: str, concepts: list[int]
) -> None:
    assert concepts_in(text) == {text: concepts}


def test_a_phrase_tells_which_meaning_its_words_have(
    concepts_in: Callable[[str], dict[str, list[int]]],
) -> None:
    assert concepts_in("forest fires") == {"forest fires": [14], "fires": [15]}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("siltumizolācijas", {"siltumizolācijas": [0]}),
        ("māju siltināšanai", {"māju siltināšanai": [0], "siltināšanai": [0], "māju": [2]}),
        ("siltināšana mājām", {"siltināšana mājām": [0], "siltināšana": [0], "mājām": [2]}),
        ("māju lētā siltināšana", {"māju siltināšana": [0], "siltināšana": [0], "māju": [2]}),
        ("darba bez palikušie", {"darba palikušie": [1]}),
        ("ES fondi", {"ES": [3]}),
        ("es", {"es": [3]}),
        ("ziemā", {}),
        ("jāgaida", {"jāgaida": [8]}),
        ("negaidītas", {"negaidītas": [7, 8]}),
        ("nelegāli", {"nelegāli": [9]}),
    ],
)
def test_concepts_are_found_in_any_form_and_order(
    concepts_in: Callable[[str], dict[str, list[int]]], text: str, concepts: dict[str, list[int]]
) -> None:
    assert concepts_in(text) == concepts


def test_words_far_apart_are_no_phrase(concepts_in: Callable[[str], dict[str, list[int]]]) -> None:
    assert "māju siltināšana" not in concepts_in("māju jumta sienas grīdas logu siltināšana")


def test_a_word_that_no_concept_lists_has_the_closest(
    concepts_in: Callable[[str], dict[str, list[int]]],
) -> None:
    assert concepts_in("inflammation") == {"inflammation": [4]}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("aviosatiksmei", {"aviosatiksmei": [5]}),
        ("peldētājiem", {"peldētājiem": [6]}),
        ("kalnbezdarbniekam", {"kalnbezdarbniekam": [1]}),
        ("Kalnbezdarbniekam", {}),
    ],
)
def test_a_word_has_the_concepts_of_what_it_is_formed_from_unless_it_is_a_name(
    concepts_in: Callable[[str], dict[str, list[int]]], text: str, concepts: dict[str, list[int]]
) -> None:
    assert concepts_in(text) == concepts


def test_analyzers_that_are_alike_share_the_index_of_a_file_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "concepts.txt"
    path.write_text("slimība, kaite", encoding="utf-8")
    first, second = (open_concepts(ConceptFile.at(path, Analyzer())) for _ in range(2))
    assert first is second
    path.write_text("slimība, kaite, sērga", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert open_concepts(ConceptFile.at(path, Analyzer())) is not first


@pytest.mark.parametrize(
    ("token", "language", "lemmas"),
    [
        ("ES", "lv", ("^es",)),  # short ones in capitals are no words
        ("VUGD", "lv", ("^vugd", "~vugd")),
        ("беженец", "ru", ("беженец", "беженц")),
        ("беженец", "lv", ("беженец",)),
        ("māja", "lv", ("māja",)),
    ],
)
def test_a_word_of_a_concept_is_known_by_its_lemmas(
    analyzer: Analyzer, token: str, language: Language, lemmas: tuple[str, ...]
) -> None:
    assert _lemmas(analyzer, token, language) == lemmas


def term_of(text: str, *words: tuple[str, ...], **others: Any) -> Term:
    return Term(concept=0, text=text, language="lv", words=words, **others)


def asked(*lemmas: str) -> list[Word]:
    return [Word(text=lemma, lemma=(lemma,)) for lemma in lemmas]


PAIR = term_of("a b", ("a", "å"), ("b",))


@pytest.mark.parametrize(
    ("lemmas", "at", "span"),
    [
        (["a", "b"], 0, {0, 1}),
        (["b", "a"], 1, {0, 1}),
        (["å", "b"], 0, {0, 1}),
        (["a", "c"], 0, None),
        (["a"], 0, None),
        (["a", *["x"] * _GAP, "b"], 0, {0, _GAP + 1}),
        (["a", *["x"] * (_GAP + 1), "b"], 0, None),
        (["b", *["x"] * _GAP, "a"], _GAP + 1, {0, _GAP + 1}),
        (["b", *["x"] * (_GAP + 1), "a"], _GAP + 2, None),
        (["b", "a", "b"], 1, {0, 1}),  # the first one near
    ],
)
def test_a_term_is_where_its_words_are_near_each_other(
    lemmas: list[str], at: int, span: set[int] | None
) -> None:
    found = PAIR.span(asked(*lemmas), at)
    assert found == (None if span is None else frozenset(span))


def test_a_word_of_a_term_takes_a_place_of_its_own() -> None:
    twice = term_of("a a", ("a",), ("a",))
    assert twice.span(asked("a"), 0) is None
    assert twice.span(asked("a", "x", "a"), 0) == frozenset({0, 2})
    three = term_of("a b c", ("a",), ("b",), ("c",))
    assert three.span(asked("a", *["x"] * _GAP, "b", "c"), 0) == frozenset({0, _GAP + 1, _GAP + 2})
    # Each is near the first one, but they are too far from each other.
    assert three.span(asked("c", *["x"] * _GAP, "a", *["x"] * _GAP, "b"), _GAP + 1) is None


@pytest.mark.parametrize(
    ("lemmas", "has_only", "has_none"),
    [
        ({"a", "b"}, True, False),
        ({"å", "b", "c"}, True, False),
        ({"a"}, False, False),
        ({"b"}, False, False),
        ({"c"}, False, True),
        (set(), False, True),
    ],
)
def test_lemmas_make_up_a_term_or_are_in_none_of_it(
    lemmas: set[str], *, has_only: bool, has_none: bool
) -> None:
    assert PAIR.has_only(frozenset(lemmas)) is has_only
    assert PAIR.has_none(frozenset(lemmas)) is has_none


@pytest.mark.parametrize(
    ("text", "is_name"), [("Liepāja", True), ("liepa", False), ("SARS", True), ("2", False)]
)
def test_names_are_written_with_a_capital(text: str, *, is_name: bool) -> None:
    assert term_of(text, (text,)).is_name == is_name
