"""Places are found in all cases; streets, districts and persons that bear their names are not."""

import pytest

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.places import find_places, fold_name, listed_places


def places(text: str, language: Language = "lv") -> dict[str, list[str]]:
    found = find_places(AnnotatedText(text, language, default_analyzer()))
    return {place.name: [text[start:end] for start, end in place.places] for place in found}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Cēsīs, Rīgā un Daugavpilī", ["Cēsis", "Rīga", "Daugavpils"]),
        ("Ogres novadā un Ogrē", ["Ogres novads", "Ogre"]),
        ("Rēzeknes, Ludzas un Viļānu novadā", ["Rēzeknes novads", "Ludzas novads", "Viļānu novads"]),
        ("Saulkrastu, Sējas un Inčukalna novada", ["Saulkrastu novads", "Sējas novads", "Inčukalna novads"]),
        ("Latgalē un Kurzemes ciemos", ["Latgale", "Kurzeme"]),
        ("Amatas novads", ["Amatas novads"]),
        ("Madonā", ["Madona"]),
    ],
)
def test_places_are_found_in_all_cases(text: str, names: list[str]) -> None:
    assert list(places(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "Valmieras iela 5",
        "Jelgavas šosejā",
        "Latgales priekšpilsēta",
        "Rīgas Tehniskā universitāte",
        "Liepa un Ozols",
        "J. Madona un Madona Kalniņa",
        "valka",
        "lidosta „Rīga”",
        "Salas un Sējas darbi",
    ],
)
def test_what_bears_the_name_of_a_place_is_none(text: str) -> None:
    assert places(text) == {}


def test_other_languages_spell_places_in_their_way() -> None:
    assert places("from Riga to Liepāja", "en") == {"Rīga": ["Riga"], "Liepāja": ["Liepāja"]}
    assert places("в Риге и Даугавпилсе", "ru") == {"Rīga": ["Риге"], "Daugavpils": ["Даугавпилсе"]}


def test_a_former_municipality_is_part_of_one_of_today() -> None:
    listed = listed_places()
    successors = {place.successor for place in listed.values() if place.successor}
    assert {listed[name].kind for name in successors} == {"municipality"}
    assert listed["Amatas novads"].successor == "Cēsu novads"


def test_a_name_is_folded_word_by_word() -> None:
    assert fold_name("Ķekavas novads") == "Kekavas Novads"
