"""Known names are found where they are written, the longest at each place."""

from hypothesis import given
from hypothesis import strategies as st

from index.mentions.known_names import KnownNames, capitalized_words

NAMES = KnownNames({"Valsts policija": "vp", "Valsts policijas koledža": "vpk", "Rīga": "r", "VID": "vid"})


def found(text: str) -> list[tuple[str, str]]:
    return [(text[place.start : place.end], place.key) for place in NAMES.find(text, capitalized_words(text))]


def test_the_longest_name_is_found() -> None:
    assert found("Valsts policijas koledža un Valsts policija") == [
        ("Valsts policijas koledža", "vpk"),
        ("Valsts policija", "vp"),
    ]


def test_a_part_of_a_word_is_no_name() -> None:
    assert found("Rīgava, PreRīga, VIDs, e-Rīga, @Rīga") == []


def test_a_space_that_does_not_break_is_a_space() -> None:
    assert found("Valsts\u00a0policija") == [("Valsts\u00a0policija", "vp")]


@given(st.text(st.sampled_from("Rīga VIDalstspoj-.\u00a0"), max_size=60))
def test_places_of_any_text_are_in_order(text: str) -> None:
    end = 0
    for place in NAMES.find(text, capitalized_words(text)):
        assert end <= place.start < place.end <= len(text)
        end = place.end
