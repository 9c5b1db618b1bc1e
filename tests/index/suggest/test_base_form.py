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
