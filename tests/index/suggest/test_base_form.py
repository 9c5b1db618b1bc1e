from collections.abc import Mapping

import pytest

from index.analysis import Analyzer
from index.suggest.base_form import BaseForms, PlainForms, group_forms
from index.suggest.spelling import Suggester

FORMS = {"pabalstu": 5, "pabalsts": 3, "meklētāju": 5, "meklētājiem": 2}


@pytest.fixture(scope="module")
def base_forms(analyzer: Analyzer) -> BaseForms:
    return BaseForms(analyzer, Suggester.of(FORMS.items()))


@pytest.mark.parametrize(
    ("forms", "shown"),
    [
        ({"budžeta": 9, "budžets": 2}, "budžets"),
        ({"Latgalē": 4}, "Latgale"),
        ({"Eiropas Savienībā": 3}, "Eiropas Savienība"),
        ({"Apvienotajā Karalistē": 3}, "Apvienotā Karaliste"),
        ({"pensiju indeksācijas": 3}, "pensiju indeksācija"),
        ({"skolotājiem": 3}, "skolotāji"),
        ({"vecāku pabalstu": 2}, "vecāku pabalsts"),
        ({"patvēruma meklētāju": 2}, "patvēruma meklētāji"),
        ({"nodokļi": 2, "nodokli": 3}, "nodokļi"),
        ({"jaunā cietuma": 2}, "jaunā cietuma"),  # the noun agrees with the adjective
        ({"biodrošības": 2}, "biodrošība"),  # the dictionary lacks it
        ({"kredītu maksājumus": 2}, "kredītu maksājumi"),
        ({"Dace Sīpoliņa": 2}, "Dace Sīpoliņa"),  # not the genitive of Sīpoliņš
        ({"Nacionālo bruņoto spēku": 2}, "Nacionālo bruņoto spēku"),
        ({"cilvēki ar invaliditāti": 2}, "cilvēki ar invaliditāti"),
        ({"Zviedrijas Institūtā": 2}, "Zviedrijas Institūts"),
        ({"non-taxable minimum": 2}, "non-taxable minimum"),
        ({"travel warnings": 2}, "travel warnings"),
        ({"Sanitas Kalnkrastes": 1, "Sanita Kalnkraste": 4}, "Sanita Kalnkraste"),
    ],
)
def test_a_nominative_is_shown(base_forms: BaseForms, forms: Mapping[str, int], shown: str) -> None:
    assert base_forms.base(forms) == shown


@pytest.mark.parametrize(
    ("forms", "shown"), [({"b": 2, "a": 1}, "b"), ({"b": 2, "a": 2, "c": 2}, "a"), ({"a": 1, "c": 9}, "c")]
)
def test_without_a_dictionary_the_most_frequent_form_is_shown(forms: dict[str, int], shown: str) -> None:
    assert PlainForms().base(forms) == shown


def test_forms_are_grouped_by_their_lemmas(base_forms: BaseForms) -> None:
    forms = {"algas": 2, "alga": 1, "algots": 9}
    assert group_forms(forms, base_forms) == [{"algots": 9}, {"algas": 2, "alga": 1}]


@pytest.mark.parametrize(
    ("word", "is_verb"),
    [("apliecina", True), ("nosoda", True), ("apliecināt", False), ("alga", False), ("events", False)],
)
def test_verbs_are_told_from_nouns(base_forms: BaseForms, word: str, is_verb: bool) -> None:
    assert base_forms.is_verb(word) == is_verb


@pytest.mark.parametrize(
    ("forms", "shown"),
    [
        ({"e-receptes": 3}, "e-recepte"),  # the part after the hyphen
        ({"e-receptes": 3, "e-recepte": 1}, "e-recepte"),
        ({"e-receptes": 3, "e-receptēm": 9}, "e-receptes"),
        ({"Covid-19": 3}, "Covid-19"),
        ({"Liepājā": 3}, "Liepāja"),
        ({"pabalstu": 2}, "pabalsts"),  # the commonest form in the index
        ({"meklētāju": 2}, "meklētāji"),
        ({"vērtēšanas": 2}, "vērtēšana"),
        ({"xyz": 2}, "xyz"),
        ({"b": 2, "a": 2}, "a"),
        ({"pabalsts": 1, "budžets": 1, "pabalstu": 9}, "budžets"),
        ({"Valsts kancelejā": 3}, "Valsts kanceleja"),
    ],
)
def test_a_form_that_no_release_has_is_made_only_if_it_is_certain(
    base_forms: BaseForms, forms: Mapping[str, int], shown: str
) -> None:
    assert base_forms.base(forms) == shown


@pytest.mark.parametrize(
    ("word", "lemma"),
    [("celtu", "celt"), ("Budžeta", "budžets"), ("qwertyu", "~qwerty"), ("27", "27"), ("ceļa", "celis")],
)
def test_a_lemma_is_that_of_a_noun_if_the_word_can_be_one(
    base_forms: BaseForms, word: str, lemma: str
) -> None:
    assert base_forms.lemma(word) == lemma


def test_a_word_has_the_diacritics_of_the_index(base_forms: BaseForms) -> None:
    assert [base_forms.spell(word) for word in ("mekletaju", "mežs")] == ["meklētāju", "mežs"]


def test_plain_forms_share_their_stem() -> None:
    plain = PlainForms()
    assert (plain.lemma("skolām"), plain.is_verb("iet"), plain.spell("meza")) == ("skol", False, "meza")
    groups = group_forms({"skola": 2, "skolām": 5, "mežs": 4, "Skolas soma": 1}, plain)
    assert groups == [{"skolām": 5, "skola": 2}, {"mežs": 4}, {"Skolas soma": 1}]
