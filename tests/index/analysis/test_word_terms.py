"""The terms of single words, through the analyzer (`word_terms`, `forms`)."""

import pytest

from crawler.config import Language
from index.analysis import Analyzer, Forms
from index.analysis.forms import QueryForms, pack, unpack
from index.analysis.latvian.hunspell import DICTIONARY
from index.analysis.word_terms import WordTerms


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


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        # A known word: no other spellings, no English stem beside the Latvian one.
        (
            "Drošības",
            QueryForms(lemma=("drošība",), stem=("drosib",), exact=("drošības",), fold=("drosibas",)),
        ),
        (
            "jāmaksā",
            QueryForms(lemma=("maksāt",), stem=("maks", "jamaks"), exact=("jāmaksā",), fold=("jamaksa",)),
        ),
        (
            "students",
            QueryForms(
                lemma=("students", "student"), stem=("studen",), exact=("students",), fold=("students",)
            ),
        ),
        # An unknown one, perhaps English.
        (
            "Trofimovam",
            QueryForms(
                lemma=("~trofimov", "trofimovam"),
                unaccented=("~~trofimov",),
                stem=("trofimov", "trofimovam"),
                exact=("trofimovam",),
                fold=("trofimovam",),
                is_known=False,
            ),
        ),
        # Unknown, and not English.
        (
            "kariņam",
            QueryForms(
                lemma=("~karin",), stem=("karin",), exact=("kariņam",), fold=("karinam",), is_known=False
            ),
        ),
        # Known without its diacritics.
        (
            "jamaksa",
            QueryForms(
                lemma=("~jamaks", "jamaksa"),
                unaccented=("maksāt", "~~jamaks"),
                stem=("jamaks", "maks"),
                exact=("jamaksa",),
                fold=("jamaksa",),
            ),
        ),
        # Acronyms: short ones, known words, and others.
        (
            "IeM",
            QueryForms(
                lemma=("^iem", "~iem", "iem"),
                stem=("iem",),
                exact=("^iem", "iem"),
                fold=("iem",),
                acronym=("^iem",),
                is_known=False,
            ),
        ),
        (
            "ABCD",
            QueryForms(
                lemma=("^abcd", "~abcd", "abcd"),
                stem=("abcd",),
                exact=("^abcd", "abcd"),
                fold=("abcd",),
                is_known=False,
            ),
        ),
        # Without its diacritics no acronym, though the dictionary knows the word with them.
        (
            "UDENS",
            QueryForms(
                lemma=("^udens", "~uden", "uden"), stem=("uden",), exact=("^udens", "udens"), fold=("udens",)
            ),
        ),
        # Cyrillic: letters that most texts leave out are left out.
        ("ёлки", QueryForms(lemma=("елк",), stem=("елк",), exact=("ёлки",), fold=("елки",))),
        # The first term of a compound: the whole.
        (
            "Covid-19",
            QueryForms(
                lemma=("~covid19", "covid19"),
                unaccented=("~~covid19",),
                stem=("covid19",),
                exact=("covid19",),
                fold=("covid19",),
                is_known=False,
            ),
        ),
        # No words: a number, a time, an initial, an address.
        ("12 000", QueryForms(lemma=("12000",), stem=("12000",), exact=("12000",), fold=("12000",))),
        ("10.30", QueryForms(lemma=("10.30",), stem=("10.30",), exact=("10.30",), fold=("10.30",))),
        ("Š", QueryForms(lemma=(), stem=("s",), exact=("š",), fold=("s",))),
        (
            "www.drosiba.lv",
            QueryForms(lemma=(), stem=("drosiba",), exact=("drosiba",), fold=("drosiba",)),
        ),
    ],
    ids=str,
)
def test_a_query_word_has_its_terms_in_each_field(analyzer: Analyzer, word: str, forms: QueryForms) -> None:
    assert analyzer.query_forms(word) == forms


@pytest.mark.parametrize(
    ("word", "language", "lemma", "stem", "exact", "fold"),
    [
        (
            "ES-ASV",
            "lv",
            "^es ^asv ~esasv es asv",
            "esasv es asv",
            "^es ^asv esasv es asv",
            "esasv es asv",
        ),
        (
            "drošība-drošības",
            "lv",
            "~drosībadrosīb ~~drosibadrosib drošība",
            "drosibadrosib drosib",
            "drošībadrošības drošība drošības",
            "drosibadrosibas drosiba drosibas",
        ),
        (
            "10-gadīgs",
            "lv",
            "~10gadīg ~~10gadig 10 gadīgs",
            "10gadig 10 gadig",
            "10gadīgs 10 gadīgs",
            "10gadigs 10 gadigs",
        ),
        (
            "ministry-wide",
            "en",
            "ministrywid ministri wide",
            "ministrywid ministri wide",
            "ministrywide ministry wide",
            "ministrywide ministry wide",
        ),
        # A name in an English text, as it stands and as the dictionary or the stemmer has it.
        ("Uldim", "en", "uldim ~uld", "uldim", "uldim", "uldim"),
        ("Riga", "en", "riga rīga", "riga", "riga", "riga"),
        ("Rīgā", "en", "rīga", "rig", "rīgā", "riga"),
        # No names: too short, in capitals, in small letters.
        ("Rig", "en", "rig", "rig", "rig", "rig"),
        ("ULDIM", "en", "^uldim uldim", "uldim", "^uldim uldim", "uldim"),
        ("riga", "en", "riga", "riga", "riga", "riga"),
        ("Министерства", "en", "министерств", "министерств", "министерства", "министерства"),
    ],
)
def test_a_word_of_a_text_has_its_terms_in_each_field(  # noqa: PLR0917 - a column for each field
    analyzer: Analyzer, word: str, language: Language, lemma: str, stem: str, exact: str, fold: str
) -> None:
    assert [" ".join(terms) for terms in analyzer.forms(word, language).terms] == [lemma, stem, exact, fold]


def test_a_part_of_a_compound_is_analysed_as_a_word_of_its_own() -> None:
    seen: list[tuple[Language, str]] = []

    def peek(language: Language, word: str) -> bytes:
        seen.append((language, word))
        return pack((("lemma",), ("stem",), ("exact",), ("fold",)))

    words = WordTerms(DICTIONARY, peek)
    assert words.in_text("lv", "valsts-pilsēta-10") == (
        ("~valstspilsēta10", "~~valstspilseta10", "lemma", "10"),
        ("valstspilseta10", "stem", "10"),
        ("valstspilsēta10", "valsts", "pilsēta", "10"),
        ("valstspilseta10", "valsts", "pilseta", "10"),
    )
    assert seen == [("lv", "valsts"), ("lv", "pilsēta")]
    # The lemmas of an acronym are its own.
    assert words.in_text("lv", "ES")[0] == ("^es", "es")
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("word", "beginning"),
    [("Rīgā", "rī"), ("ūdenim", "ū"), ("drosibas", ""), ("Valmierā", ""), ("bērnu-ēka", ""), ("Š", "")],
)
def test_the_accented_beginning_is_of_words_alone(analyzer: Analyzer, word: str, beginning: str) -> None:
    assert WordTerms(DICTIONARY, lambda *_: None).accented_beginning(word) == beginning
    assert analyzer.accented_beginning(word) == beginning


def test_a_released_dictionary_is_loaded_when_it_is_needed() -> None:
    words = WordTerms(DICTIONARY, lambda *_: None)
    before = words.lemmatizer
    words.release()
    words.release()
    assert words.in_text("lv", "drošības")[0] == ("drošība",)
    assert words.lemmatizer is not before


def test_forms_are_packed_field_by_field() -> None:
    terms = (("marts", "marta"), (), ("martā",), ("marta",))
    assert pack(terms) == "marts\x1fmarta\x1e\x1emartā\x1emarta".encode()
    assert unpack(pack(terms)) == terms
    assert Forms(*terms).terms == terms
