"""The terms of single words, through the analyzer (`word_terms`, `forms`)."""

import pytest

from crawler.config import Language
from index.analysis import Analyzer


def test_every_field_has_its_terms(analyzer: Analyzer) -> None:
    forms = analyzer.forms("Drošības")
    assert (forms.lemma, forms.stem, forms.exact, forms.fold) == (
        ("drošība",),
        ("drosib",),
        ("drošības",),
        ("drosibas",),
    )


def test_an_initial_has_no_lemma(analyzer: Analyzer) -> None:
    forms = analyzer.forms("D")
    assert (forms.lemma, forms.stem, forms.exact) == ((), ("d",), ("d",))


def test_an_acronym_has_a_mark_beside_its_letters(analyzer: Analyzer) -> None:
    assert analyzer.forms("ES").exact == ("^es", "es")
    assert analyzer.forms("ES").lemma == ("^es", "es")
    assert analyzer.forms("es").exact == ("es",)
    assert analyzer.query_forms("ES").exact[0] == "^es"


@pytest.mark.parametrize(
    ("word", "language", "lemma"),
    [
        ("ministers", "en", ("minist",)),
        ("Министерства", "ru", ("министерств",)),
        ("Министерства", "lv", ("министерств",)),
        ("ministrijas", "ru", ("ministrija",)),
        ("Rīgā", "en", ("rīga",)),
        ("2017", "en", ("2017",)),
    ],
)
def test_words_are_analysed_by_language_and_script(
    analyzer: Analyzer, word: str, language: Language, lemma: tuple[str, ...]
) -> None:
    assert analyzer.forms(word, language).lemma == lemma


@pytest.mark.parametrize(
    ("typed", "written", "language"),
    [
        ("ministers", "minister", "en"),
        ("министров", "министр", "ru"),
        ("Bērziņam", "Bērziņš", "en"),
        ("Uldim", "Uldis", "en"),
        ("Purmalietim", "Purmalietis", "en"),
        ("Rigai", "Riga", "en"),
        ("ministriem", "ministrs", "lv"),
    ],
)
def test_a_query_word_matches_texts_in_every_language(
    analyzer: Analyzer, typed: str, written: str, language: Language
) -> None:
    query_forms, text_forms = analyzer.query_forms(typed), analyzer.forms(written, language)
    assert not {*query_forms.lemma, *query_forms.unaccented}.isdisjoint(text_forms.lemma)


@pytest.mark.parametrize(
    ("word", "acronym"),
    [("ES", ("^es",)), ("VID", ("^vid",)), ("VARAM", ("^varam",)), ("COVID", ()), ("es", ()), ("Es", ())],
)
def test_a_query_takes_an_acronym_for_nothing_else_if_it_looks_like_a_word(
    analyzer: Analyzer, word: str, acronym: tuple[str, ...]
) -> None:
    assert analyzer.query_forms(word).acronym == acronym


def test_the_parts_of_a_compound_may_be_acronyms(analyzer: Analyzer) -> None:
    assert "^covid" in analyzer.forms("COVID-19").lemma
    assert "^covid" not in analyzer.forms("Covid-19").lemma


def test_the_words_of_an_address_are_no_words_of_the_text(analyzer: Analyzer) -> None:
    forms = analyzer.forms("www.drosiba.lv")
    assert (forms.lemma, "drosiba" in forms.exact) == ((), True)


@pytest.mark.parametrize("word", ["students", "STUDENTS", "As", "The", "Students'"])
def test_english_words_are_not_analysed_as_latvian_names(analyzer: Analyzer, word: str) -> None:
    assert set(analyzer.forms(word, "en").lemma) <= {"student", "^students", "as", "the"}
