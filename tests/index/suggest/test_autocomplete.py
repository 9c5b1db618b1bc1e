"""Tests of autocompletion and `title_index`; `suggester_data` is tested with the segments."""

import pytest

from index.suggest import Completer, Completion
from index.suggest.autocomplete import SegmentTitles
from index.suggest.word_index import Wordlist

TITLES = [
    "Valsts budžets pieņemts",
    "Budžeta projekts iesniegts Saeimai",
    "Drošības izaicinājumi Baltijas jūras reģionā",
    "„Rail Baltica” būvdarbi sākušies",
]
INSTITUTIONS = ["Iekšlietu ministrija", "Valsts ugunsdzēsības un glābšanas dienests"]
FORMS = [
    ("budžets", 9),
    ("budžeta", 20),
    ("drošība", 5),
    ("drošības", 7),
    ("retums", 1),
    ("ugunsdzēsības", 3),
    ("budžetnieks", 2),
    ("budžetnieciski", 1),
]


@pytest.fixture(scope="module")
def completer() -> Completer:
    return Completer([SegmentTitles.of(TITLES)], INSTITUTIONS, [Wordlist.of(FORMS)])


def texts(completions: tuple[Completion, ...], kind: str) -> list[str]:
    return [completion.text for completion in completions if completion.kind == kind]


@pytest.mark.parametrize("typed", ["drošības iz", "drosibas iz", "DROSIBAS  IZ", " drošības iz"])
def test_titles_match_without_diacritics(completer: Completer, typed: str) -> None:
    assert texts(completer.complete(typed), "title") == [TITLES[2]]


def test_titles_starting_with_the_text_come_before_titles_containing_it(completer: Completer) -> None:
    assert texts(completer.complete("budz"), "title") == [TITLES[1], TITLES[0]]


def test_quotes_in_a_title_are_ignored(completer: Completer) -> None:
    assert texts(completer.complete("rail balt"), "title") == [TITLES[3]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("vugd", INSTITUTIONS[1:]),
        (" VUGD ", INSTITUTIONS[1:]),
        ("im", INSTITUTIONS[:1]),
        ("vuugd", []),
        ("vu", []),
        ("Valsts  uguns", INSTITUTIONS[1:]),
    ],
)
def test_institutions_match_by_their_initials_and_whatever_the_spaces(
    completer: Completer, typed: str, found: list[str]
) -> None:
    assert texts(completer.complete(typed), "institution") == found


@pytest.mark.parametrize("typed", ["valsts budžets pie", "  valsts \t budžets  pie"])
def test_spaces_change_no_completion(completer: Completer, typed: str) -> None:
    assert completer.complete(typed) == completer.complete(" ".join(typed.split())) != ()


def test_institutions_match_by_any_of_their_words(completer: Completer) -> None:
    assert texts(completer.complete("ugunsdz"), "institution") == [INSTITUTIONS[1]]


def test_the_last_word_is_completed_by_the_most_frequent_form_of_each_word(completer: Completer) -> None:
    assert texts(completer.complete("valsts budz"), "word") == ["valsts budžeta", "valsts budžetnieks"]


def test_rare_words_are_offered_only_if_nothing_else_is(completer: Completer) -> None:
    assert texts(completer.complete("retu"), "word") == ["retums"]
    assert "budžetnieciski" not in texts(completer.complete("budž"), "word")


@pytest.mark.parametrize("typed", ["", " ", "zzz", ".*", "(", "\\", "\ud800", "日本", "x" * 5000])
def test_odd_input_completes_to_nothing(completer: Completer, typed: str) -> None:
    assert completer.complete(typed) == ()


def test_the_limit_holds() -> None:
    titles = SegmentTitles.of([f"Budžets {n}" for n in range(50)])
    completer = Completer([titles], [], [Wordlist.of((f"budžets{'a' * n}", 5) for n in range(9))])
    for limit in (1, 2, 5, 8):
        assert len(completer.complete("budž", limit=limit)) == limit


def test_an_empty_index_completes_nothing() -> None:
    assert Completer([], [], []).complete("budž") == ()
    assert Completer([SegmentTitles.of([])], [], [Wordlist.of([])]).complete("budž") == ()


def test_segments_are_merged() -> None:
    older, newer = (
        SegmentTitles.of(["Budžets 1", "Budžets 2"]),
        SegmentTitles.of(["Budžets 2", "Par budžetu"]),
    )
    words = [Wordlist.of([("budžets", 1), ("budžetu", 1)]), Wordlist.of([("budžets", 1)])]
    completions = Completer([older, newer], [], words).complete("budž")
    assert texts(completions, "word") == ["budžets"]
    assert texts(completions, "title") == ["Budžets 1", "Budžets 2", "Par budžetu"]
