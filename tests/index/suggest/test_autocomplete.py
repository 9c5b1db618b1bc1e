"""Tests of autocompletion and `title_index`; `suggester_data` is tested with the segments."""

import numpy as np
import pytest

from index.suggest import Completer, Completion
from index.suggest.autocomplete import SegmentTitles
from index.suggest.phrase_index import Entry, PhraseIndex
from index.suggest.title_index import TitleIndex, build_arrays, words_of
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
    return Completer([SegmentTitles.of(TITLES)], {"ministry": INSTITUTIONS}, [Wordlist.of(FORMS)])


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
    completer = Completer([titles], {}, [Wordlist.of((f"budžets{'a' * n}", 5) for n in range(9))])
    for limit in (1, 2, 5, 8):
        assert len(completer.complete("budž", limit=limit)) == limit


def test_an_empty_index_completes_nothing() -> None:
    assert Completer([], {}, []).complete("budž") == ()
    assert Completer([SegmentTitles.of([])], {}, [Wordlist.of([])]).complete("budž") == ()


def test_segments_are_merged() -> None:
    older, newer = (
        SegmentTitles.of(["Budžets 1", "Budžets 2"]),
        SegmentTitles.of(["Budžets 2", "Par budžetu"]),
    )
    words = [Wordlist.of([("budžets", 1), ("budžetu", 1)]), Wordlist.of([("budžets", 1)])]
    completions = Completer([older, newer], {}, words).complete("budž")
    assert texts(completions, "word") == ["budžets"]
    assert texts(completions, "title") == ["Budžets 1", "Budžets 2", "Par budžetu"]


# --- What is offered, and in which order ---


def completed(completer: Completer, typed: str, limit: int = 8) -> list[tuple[str, str]]:
    return [(completion.kind, completion.text) for completion in completer.complete(typed, limit=limit)]


def words_only(*forms: tuple[str, int]) -> Completer:
    return Completer([], {}, [Wordlist.of(forms)])


def phrases_only(*entries: tuple[str, int, bool]) -> Completer:
    return Completer([], {}, [], phrases=[PhraseIndex.of(Entry(*entry) for entry in entries)])


MANY_WORDS = [(f"budž{letter}sts", 50 - row) for row, letter in enumerate("abdegijklm")]
MANY_TITLES = SegmentTitles.of([f"Budžeta ziņa {number}" for number in range(9)])


@pytest.mark.parametrize(
    ("limit", "words", "titles"), [(8, 5, 3), (4, 3, 1), (3, 2, 1), (2, 2, 0), (1, 1, 0), (16, 10, 6)]
)
def test_three_of_eight_places_are_for_titles(limit: int, words: int, titles: int) -> None:
    completions = completed(Completer([MANY_TITLES], {}, [Wordlist.of(MANY_WORDS)]), "budž", limit)
    expected = [("word", form) for form, _ in MANY_WORDS[:words]]
    assert completions == [*expected, *(("title", f"Budžeta ziņa {number}") for number in range(titles))]


def test_more_words_fill_the_places_that_titles_leave() -> None:
    few = SegmentTitles.of(["Budžeta ziņa"])
    kinds = [kind for kind, _ in completed(Completer([few], {}, [Wordlist.of(MANY_WORDS)]), "budž")]
    assert kinds == ["word"] * 5 + ["title"] + ["word"] * 2


def test_institutions_come_first_and_one_that_contains_the_word_before_the_titles() -> None:
    institutions = [
        "Budžeta birojs",
        "Budžeta centrs",
        "Budžeta dienests",
        "Valsts budžets",
        "Viss par budžetu",
    ]
    completions = completed(
        Completer([MANY_TITLES], {"ministry": institutions}, [Wordlist.of(MANY_WORDS)]), "budž"
    )
    assert completions == [
        ("institution", "Budžeta birojs"),
        ("institution", "Budžeta centrs"),
        ("word", "budžasts"),
        ("word", "budžbsts"),
        ("institution", "Valsts budžets"),
        ("title", "Budžeta ziņa 0"),
        ("title", "Budžeta ziņa 1"),
        ("title", "Budžeta ziņa 2"),
    ]


def test_what_differs_only_by_case_or_diacritics_is_offered_once() -> None:
    titles = SegmentTitles.of(["BUDŽETS", "Budžets 2"])
    completer = Completer([titles], {"ministry": ["Budzets"]}, [Wordlist.of([("budžets", 5)])])
    assert completed(completer, "budz") == [("institution", "Budzets"), ("title", "Budžets 2")]


def test_only_a_value_of_a_filter_stands_for_it() -> None:
    titles = SegmentTitles.of(["Budžeta ziņas"])
    names = {"ministry": ["Budžeta padome", "Jaunā budžeta padome"]}
    completer = Completer([titles], names, [Wordlist.of([("budžets", 5)])])
    assert [(one.text, one.kind, one.filter) for one in completer.complete("budž")] == [
        ("Budžeta padome", "institution", "ministry"),
        ("budžets", "word", None),
        ("Jaunā budžeta padome", "institution", "ministry"),
        ("Budžeta ziņas", "title", None),
    ]


@pytest.mark.parametrize(
    ("forms", "typed", "offered"),
    [
        ([("skola", 2)], "sk", ["skola"]),
        ([("skola", 2)], "s", []),  # two letters at least
        ([("oga", 9), ("ogas", 2)], "og", ["ogas"]),  # of four letters at least
        ([("virs", 9), ("viršu", 2)], "vir", ["viršu"]),  # no stop word
        ([("skola", 5), ("skolā", 9), ("sols", 12)], "s", []),
        ([("skola", 5), ("skolā", 9), ("skandāls", 12)], "sk", ["skolā", "skandāls"]),  # forms count together
        ([("skola", 5), ("skolā", 9)], "skolā", ["skolā"]),
        ([("škola", 5), ("skolu", 9)], "škol", ["škola"]),  # the typed diacritics
        ([("škola", 5), ("skolu", 9)], "skol", ["skolu"]),
        ([("škola", 1), ("skoliņa", 1)], "skol", ["škola"]),  # rare ones: only the first
    ],
)
def test_words_are_offered_by_the_releases_that_have_any_form(
    forms: list[tuple[str, int]], typed: str, offered: list[str]
) -> None:
    assert [text for _, text in completed(words_only(*forms), typed)] == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rai", [("name", "Rail Baltica"), ("word", "raibs tauriņš")]),
        ("ra", []),  # three letters at least
        ("rail b", [("name", "Rail Baltica")]),
        ("Rail Baltica", []),  # typed already
        ("raibs tauriņš", []),
        ("raibs tauriņ", [("word", "raibs tauriņš")]),
        ("nato", [("name", "NATO")]),  # a single word, though typed
        ("raí", []),
    ],
)
def test_names_and_phrases_are_offered(typed: str, offered: list[tuple[str, str]]) -> None:
    entries = ("raibs tauriņš", 3, False), ("Rail Baltica", 5, True), ("NATO", 4, True)
    assert completed(phrases_only(*entries), typed) == offered


@pytest.mark.parametrize(("names", "kind"), [(2, "word"), (3, "word"), (4, "name")])
def test_a_phrase_is_a_name_if_more_than_half_of_its_forms_are(names: int, kind: str) -> None:
    completer = phrases_only(
        ("Valsts kase", names, True), ("valsts kase", 3, False), ("valsts kasē", 0, False)
    )
    assert {found for found, _ in completed(completer, "valsts k")} == {kind}


def test_a_phrase_weighs_twice_as_much_as_a_word() -> None:
    phrases = [PhraseIndex.of([Entry("skolas soma", 3, False)])]
    for count, first in ((5, "skolas soma"), (7, "skolotājs")):
        completer = Completer([], {}, [Wordlist.of([("skolotājs", count)])], phrases=phrases)
        assert completed(completer, "skol")[0] == ("word", first)


def test_the_words_before_stay_as_typed_without_continuations() -> None:
    completer = words_only(("budžets", 9), ("budžeta", 1), ("budze", 1))
    assert completed(completer, "Valsts  budž") == [("word", "Valsts budžets")]


def test_the_newest_titles_come_first_and_deleted_ones_are_left_out() -> None:
    def segment(*titles: tuple[str | None, int]) -> SegmentTitles:
        texts = [title or "Budžets dzēsts" for title, _ in titles]
        made = SegmentTitles.of(texts)
        days = np.array([day for _, day in titles], np.int32)
        return SegmentTitles(
            made.index, days, lambda number: titles[number][0], lambda number: f"{days[number]}"
        )

    first = segment(("Budžets B", 30), (None, 25), ("Par budžetu", 20), ("Budžets D", 10))
    second = segment(("Budžets A", 40), ("Budžets B", 39), ("Budžets C", 20))
    completer = Completer([first, second], {}, [])
    found = ["Budžets A", "Budžets B", "Budžets C", "Budžets D", "Par budžetu"]
    assert [text for _, text in completed(completer, "budž")] == found
    assert [text for _, text in completed(completer, "budž", 2)] == found[:2]
    assert [one.release for one in completer.complete("budž")] == ["40", "39", "20", "10", "20"]


@pytest.mark.parametrize(
    ("title", "typed", "is_found"),
    [
        ("Garš virsraksts par budžetu", "virsraksts par budž", True),
        ("Garš virsraksts par budžetu", "virsraksts par mež", False),
        ("Garš virsraksts par budžetu", "irsraksts", False),
        ("„Rail-Baltica” (sākas)", "rail baltica s", True),
        ("  Divas   atstarpes ", "divas atst", True),
    ],
)
def test_titles_are_found_by_words_that_follow_each_other(title: str, typed: str, *, is_found: bool) -> None:
    found = [text for _, text in completed(Completer([SegmentTitles.of(["Cits", title])], {}, []), typed)]
    assert found == ([title] if is_found else [])


def test_a_title_is_kept_as_its_words() -> None:
    index = TitleIndex(build_arrays(["Ķēniņš, „Rīgā”", "", "B"]))
    assert [index[number] for number in range(3)] == [b"kenins riga", b"", b"b"]
    assert words_of(" „Rīgā”  (2) ") == b"riga 2"
