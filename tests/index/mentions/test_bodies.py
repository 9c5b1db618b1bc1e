"""Public bodies are found in three languages, in all cases, and by acronyms that are theirs."""

from pathlib import Path

import pytest

from crawler.config import Language, load
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.bodies import BODIES, BodyName, KnownBodies, read_bodies, shipped_bodies
from index.mentions.citations import find_citations

ROOT = Path(__file__).parents[3]


def bodies(text: str, language: Language = "lv", known: KnownBodies | None = None) -> dict[str, list[str]]:
    found = (known or shipped_bodies()).find(AnnotatedText(text, language, default_analyzer()))
    return {body.id: [text[start:end] for start, end in body.places] for body in found}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Iekšlietu ministrijai un Valsts robežsardzes", "lv",
         {"iem": ["Iekšlietu ministrijai"], "rs": ["Valsts robežsardzes"]}),
        ("VUGD un Valsts ugunsdzēsības un glābšanas dienestam", "lv",
         {"vugd": ["VUGD", "Valsts ugunsdzēsības un glābšanas dienestam"]}),
        ("Centrālās statistikas pārvaldes", "lv", {"csp": ["Centrālās statistikas pārvaldes"]}),
        ("Valsts policijas koledžā", "lv", {"vp-koledza": ["Valsts policijas koledžā"]}),
        ("Ekonomikas ministrija (EM) ziņo. EM lems.", "lv", {"em": ["Ekonomikas ministrija", "EM", "EM"]}),
        ("The State Border Guard and the Ministry of the Interior", "en",
         {"rs": ["State Border Guard"], "iem": ["Ministry of the Interior"]}),
        ("в Министерстве обороны и Сейме", "ru", {"mod": ["Министерстве обороны"], "saeima": ["Сейме"]}),
    ],
)  # fmt: skip
def test_bodies_are_found_by_name(text: str, language: Language, expected: dict[str, list[str]]) -> None:
    assert bodies(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Igaunijas Iekšlietu ministrija",
        "Garums ir 5 KM, un EM notiks Rīgā",
        "Ministry of Defence of Ukraine",
        "Saeimu",
    ],
)
def test_others_are_no_bodies(text: str) -> None:
    assert bodies(text) in ({}, {"saeima": ["Saeimu"]})


def test_the_issuer_of_a_cited_act_is_none() -> None:
    text = "Ministru kabineta noteikumi Nr. 445"
    annotated = AnnotatedText(text, "lv", default_analyzer())
    assert shipped_bodies().find(annotated, find_citations(annotated)) == ()


def test_an_operator_adds_names() -> None:
    known = KnownBodies(read_bodies("rtu\tRīgas Tehnisk-ā universitāt-e\t\t\tRTU"))
    assert bodies("Rīgas Tehniskajā universitātē (RTU)", known=known) == {
        "rtu": ["Rīgas Tehniskajā universitātē", "RTU"]
    }


def test_a_row_without_a_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2: write an id and a name"):
        list(read_bodies("# names\nrtu"))


def test_all_columns_but_the_names_may_be_missing() -> None:
    assert list(read_bodies("rtu\tRTU")) == [BodyName("rtu", ("RTU",), ())]


def test_every_built_in_institution_is_listed() -> None:
    listed = {row.id for row in read_bodies(BODIES.read_text(encoding="utf-8"))}
    sites = {site.id for site in load(ROOT / "config.toml")[1].sites}
    assert sites - listed <= {"covid19", "stat"}, "portals of bodies that have ids of their own"
