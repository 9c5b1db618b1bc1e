from collections.abc import Mapping

import pytest

from index.analysis import Analyzer
from index.suggest.base_form import BaseForms, group_forms

FAMILIES: Mapping[str, Mapping[str, int]] = {
    "pabalstu": {"pabalstu": 5, "pabalsts": 3},
    "meklētāju": {"meklētāju": 5, "meklētājiem": 2},
}


@pytest.fixture(scope="module")
def base_forms(analyzer: Analyzer) -> BaseForms:
    return BaseForms(analyzer, lambda form: FAMILIES.get(form, {}))


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
        ({"travel warnings": 2}, "travel warnings"),
        ({"Sanitas Kalnkrastes": 1, "Sanita Kalnkraste": 4}, "Sanita Kalnkraste"),
    ],
)
def test_a_nominative_is_shown(base_forms: BaseForms, forms: Mapping[str, int], shown: str) -> None:
    assert base_forms(forms) == shown


def test_forms_are_grouped_by_their_lemmas(base_forms: BaseForms) -> None:
    forms = {"algas": 2, "alga": 1, "algots": 9}
    assert group_forms(forms, base_forms.lemma) == [{"algots": 9}, {"algas": 2, "alga": 1}]
