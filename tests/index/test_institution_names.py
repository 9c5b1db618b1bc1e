import pytest

from index.institution_names import institution_names, short_names, translated_names

NAMES = ("Iekšlietu ministrija", "Vides aizsardzības ministrija", "Viedās administrācijas ministrija")


@pytest.mark.parametrize(
    ("expansions", "sites", "found"),
    [
        ({"IeM": ["Iekšlietu ministrijā"]}, {}, {"iem": [NAMES[0]]}),
        ({"VARAM": NAMES[1:]}, {}, {"varam": [*NAMES[1:]]}),
        ({"ĀM": [NAMES[0]]}, {}, {"ām": [NAMES[0]], "am": [NAMES[0]]}),
        ({"ĀM": [NAMES[0]], "AM": [NAMES[1]]}, {}, {"ām": [NAMES[0]], "am": [NAMES[1]]}),
        ({"VID": ["Valsts ieņēmumu dienests"]}, {}, {}),
        ({}, {"iem-lv": NAMES[0], "vid": "Valsts ieņēmumu dienests"}, {"iem-lv": [NAMES[0]]}),
        ({"IEM": [NAMES[0]]}, {"iem": NAMES[0]}, {"iem": [NAMES[0]]}),
    ],
)
def test_an_acronym_or_an_id_means_the_institutions_that_the_index_has(
    expansions: dict[str, list[str]], sites: dict[str, str], found: dict[str, list[str]]
) -> None:
    assert short_names(NAMES, expansions=expansions, sites=sites) == found


def test_an_institution_is_known_by_each_of_its_names() -> None:
    assert translated_names(("Finanšu ministrija", "Nezināma iestāde")) == {
        "Ministry of Finance": "Finanšu ministrija",
        "Министерство финансов": "Finanšu ministrija",
    }


def test_every_ministry_has_a_name_in_each_language() -> None:
    named = {name: len(names) for name, names in institution_names().items() if "ministrija" in name}
    assert len(named) >= 14
    assert set(named.values()) == {3}
