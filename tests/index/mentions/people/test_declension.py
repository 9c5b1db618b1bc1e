"""Names are declined, and a form is traced to the nominatives that it may have."""

import pytest

from index.mentions.people.declension import Case, Gender, declined, nominatives, unlikeliness


@pytest.mark.parametrize(
    ("nominative", "gender", "forms"),
    [
        ("Lielais", "m", "Lielais Lielā Lielajam Lielo Lielajā"),
        ("Lācis", "m", "Lācis Lāča Lāca Lācim Lāci Lācī"),
        ("Bērziņš", "m", "Bērziņš Bērziņa Bērziņam Bērziņu Bērziņā"),
        ("Ozols", "m", "Ozols Ozola Ozolam Ozolu Ozolā"),
        ("Markus", "m", "Markus Markus Markum Marku Markū"),
        ("Kuka", "m", "Kuka Kukas Kukam Kuku Kukā"),
        ("Bože", "m", "Bože Božes Božem Boži Božē"),
        ("Abu", "m", "Abu Abu Abu Abu Abu"),
        ("Liepa", "f", "Liepa Liepas Liepai Liepu Liepā"),
        ("Egle", "f", "Egle Egles Eglei Egli Eglē"),
        ("Lielā", "f", "Lielā Lielās Lielajai Lielo Lielajā"),
        ("Jo", "f", "Jo Jo Jo Jo Jo"),
    ],
)
def test_a_name_is_declined(nominative: str, gender: Gender, forms: str) -> None:
    found = declined(nominative, gender)
    assert " ".join(form for form, _ in found) == forms
    assert "".join(case for _, case in found) == ("NGGDAL" if len(found) == 6 else "NGDAL")


@pytest.mark.parametrize(
    ("form", "case", "gender", "expected"),
    [
        ("Ozola", "G", "m", "Ozols Ozolš"),
        ("Ozols", "N", "m", "Ozols"),
        ("Kalniņa", "G", "m", "Kalniņš Kalninis Kalniņis Kalniņs"),
        ("Kalniņa", "N", "f", "Kalniņa"),
        ("Kalniņai", "D", "f", "Kalniņa"),
        ("Lāča", "G", "m", "Lācis Lāčis Lāčs Lāčš"),
        ("Briža", "G", "m", "Bridis Brizis Brižis Brižs Brižš"),
        ("Bērza", "G", "m", "Bērzs Bērzš"),
        ("Hansena", "G", "m", "Hansens Hansenš"),
        ("Hanseņa", "G", "m", "Hansenis Hanseņis Hanseņš Hanseņs"),
        ("Ruļļa", "G", "m", "Rullis Ruļlis Ruļļis Ruļļs Ruļļš"),
        ("Ābeļa", "G", "m", "Ābelis Ābeļis Ābeļs Ābeļš"),
        ("Ozolam", "D", "m", "Ozols Ozolš Ozola"),
        ("Ozoliem", "D", "m", ""),
        ("Lācim", "D", "m", "Lācis"),
        ("Lielajā", "L", "f", "Lielaja Lielā"),
        ("Ozolu", "A", "m", "Ozols Ozolš Ozolus Ozola"),
        ("Ozoli", "A", "m", "Ozolis Ozole"),
        ("Šulco", "A", "m", "Šulco Šulcais"),
        ("Abu", "A", "m", "Abs Abus Aba Abš"),
        ("Lepzarei", "D", "f", "Lepzare"),
        ("Jo", "G", "m", "Jo"),
        ("Bush", "N", "m", "Bush"),
        ("Bušam", "N", "m", ""),
        ("Bušam", "D", "m", "Bušs Buša Bušš"),
        ("Tomas", "G", "m", "Toma"),
        ("Us", "D", "m", ""),
        ("Kalniņi", "N", "m", ""),
        ("Lielajā", "N", "f", ""),
        ("Petrovs", "N", "f", ""),
        ("Liepā", "N", "m", ""),
        ("Sanču", "N", "m", "Sanču"),
        ("Kurzemnieku", "A", "f", "Kurzemnieka"),
    ],
)
def test_a_form_may_be_of_several_names_the_likeliest_first(
    form: str, case: Case, gender: Gender, expected: str
) -> None:
    assert " ".join(nominatives(form, case, gender)) == expected


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        *((name, "m") for name in "Ozols Kalniņš Lācis Eglītis Bušs Lielais Markus Kuka Jo".split()),
        *((name, "f") for name in "Kuka Egle Lielā Jo".split()),
    ],
)
def test_a_form_of_each_case_is_traced_to_its_name(name: str, gender: Gender) -> None:
    traced = {case for form, case in declined(name, gender) if name in nominatives(form, case, gender)}
    assert traced == set("NGDAL")


@pytest.mark.parametrize(
    ("name", "gender", "points"),
    [
        ("Kozlovskis", "m", 0),
        ("Bērziņš", "m", 0),
        ("Ābelis", "m", 1),
        ("Ņš", "m", 8),
        ("Kalns", "m", 2),
        ("Markus", "m", 6),
        ("Bush", "m", 5),
        ("Kuka", "m", 6),
        ("Lielais", "m", 4),
        ("Bičs", "m", 1),
        ("Putniņa", "f", 1),
        ("Lepša", "f", 6),
        ("Petroviča", "f", 1),
        ("Ozola", "f", 1),
        ("Lielā", "f", 4),
        ("Bezgalē", "f", 5),
        ("Šulco", "f", 3),
    ],
)
def test_some_endings_are_rare(name: str, gender: Gender, points: int) -> None:
    assert unlikeliness(name, gender) == points
