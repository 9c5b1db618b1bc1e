from index.institution_names import institution_names, translated_names


def test_an_institution_is_known_by_each_of_its_names() -> None:
    assert translated_names(("Finanšu ministrija", "Nezināma iestāde")) == {
        "Ministry of Finance": "Finanšu ministrija",
        "Министерство финансов": "Finanšu ministrija",
    }


def test_every_ministry_has_a_name_in_each_language() -> None:
    named = {name: len(names) for name, names in institution_names().items() if "ministrija" in name}
    assert len(named) >= 14
    assert set(named.values()) == {3}
