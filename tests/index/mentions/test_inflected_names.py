"""All cases of a name are written as its readers write them."""

import pytest

from index.mentions.inflected_names import forms_of, nominative_of


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Cēs-is", "Cēsis Cēsu Cēsīm Cēsīs"),
        ("Daugav-pils", "Daugavpils Daugavpilij Daugavpili Daugavpilī"),
        ("Preiļ-i", "Preiļi Preiļu Preiļiem Preiļus Preiļos"),
        ("Pļaviņ-as", "Pļaviņas Pļaviņu Pļaviņām Pļaviņās"),
        ("Sald-us", "Saldus Saldum Saldu Saldū"),
        ("Saeim-a", "Saeima Saeimas Saeimai Saeimu Saeimā"),
        ("Риг-а", "Рига Риги Риге Ригу Ригы Ригой"),
        ("NATO", "NATO"),
    ],
)
def test_one_word_has_its_cases(name: str, forms: str) -> None:
    assert forms_of(name) == set(forms.split())


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Nacionāl-ais veselības dienest-s", "Nacionālajam veselības dienestam"),
        ("Nacionāl-ie bruņot-ie spēk-i", "Nacionālajos bruņotajos spēkos"),
        ("Центральн-ое статистическ-ое управлени-е", "Центрального статистического управления"),
        ("Министерств-о обороны", "Министерством обороны"),
    ],
)
def test_marked_words_are_in_the_same_case(name: str, form: str) -> None:
    assert form in forms_of(name)


def test_a_hyphen_that_marks_no_ending_stays() -> None:
    assert nominative_of("Пожарно-спасательная служб-а") == "Пожарно-спасательная служба"
