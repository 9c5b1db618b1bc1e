import pytest

from index.suggest.phrase_index import Entry, PhraseIndex

ENTRIES = [
    Entry("Rail Baltica", 3, True),
    Entry("rail", 9, False),
    Entry("ārkārtējā situācija", 4, False),
    Entry("ārkārtas sēde", 5, False),
    Entry("ЕС", 1, True),
]


def texts(typed: str, limit: int = 9) -> list[str]:
    return [entry.text for entry in PhraseIndex.of(ENTRIES).starting_with(typed, limit=limit)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rail b", ["Rail Baltica"]),
        ("RAIL  B", ["Rail Baltica"]),
        ("rai", ["rail", "Rail Baltica"]),  # the most frequent first
        ("arkart", ["ārkārtas sēde", "ārkārtējā situācija"]),
        ("ес", ["ЕС"]),
        ("zzz", []),
        ("\ud800", []),
    ],
)
def test_entries_are_found_by_their_beginning(typed: str, expected: list[str]) -> None:
    assert texts(typed) == expected


def test_the_limit_holds() -> None:
    assert texts("", limit=2) == ["rail", "ārkārtas sēde"]


def test_a_whole_entry_is_found_in_any_case() -> None:
    assert [entry.text for entry in PhraseIndex.of(ENTRIES).find("RAIL")] == ["rail"]


def test_an_empty_index_has_no_entries() -> None:
    assert PhraseIndex.of([]).starting_with("a", limit=3) == PhraseIndex.of([]).find("a") == []
