"""Tests of spelling corrections and `word_index`."""

import random
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.letters import fold
from index.analysis.latvian.tokenizer import TOKEN
from index.suggest import Suggester, word_index
from index.suggest.phrase_index import Entry, PhraseIndex
from index.suggest.spelling import distance
from index.suggest.word_index import (
    WORD_CHARS,
    Wordlist,
    build_arrays,
    highest,
    key_of,
    keys_of,
    letters_of,
    pad,
    sum_of,
    sums_of,
    sums_of_beginnings,
)
from tests.support.effort import calls

SAMPLES = Path(__file__).parents[3] / "samples" / "releases"
ALPHABET = "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž"


@pytest.fixture(scope="module")
def forms() -> Counter[str]:
    """Count the sample releases that contain each word."""
    counts: Counter[str] = Counter()
    for path in SAMPLES.rglob("*.toml"):
        body = tomllib.loads(path.read_text(encoding="utf-8"))["body"]
        counts.update({match[0].lower() for match in TOKEN.finditer(body)})
    return counts


@pytest.fixture(scope="module")
def suggester(forms: Counter[str]) -> Suggester:
    return Suggester.of(forms.items())


def make_slip(word: str, chance: random.Random) -> str:
    """Return *word* with one random slip, not in the first letter."""
    at = chance.randrange(1, len(word))
    match chance.choice(("wrong", "left out", "superfluous", "swapped")):
        case "wrong":
            return word[:at] + chance.choice(ALPHABET) + word[at + 1 :]
        case "left out":
            return word[:at] + word[at + 1 :]
        case "superfluous":
            return word[:at] + chance.choice(ALPHABET) + word[at:]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def share_right_first(
    suggester: Suggester, forms: Counter[str], mistype: Callable[[str, random.Random], str]
) -> float:
    chance = random.Random(11)
    words = [form for form in sorted(forms) if form.isalpha() and 4 < len(form) <= WORD_CHARS]
    cases = [(word, typed) for word in words if (typed := mistype(word, chance)) not in forms]
    assert len(cases) > 1000
    right = [
        [correction.word for correction in suggester.correct(typed, limit=1)] == [word]
        for word, typed in cases
    ]
    return sum(right) / len(right)


@pytest.mark.sweep
def test_nine_of_ten_slips_are_corrected_first(suggester: Suggester, forms: Counter[str]) -> None:
    assert share_right_first(suggester, forms, make_slip) >= 0.9


@pytest.mark.sweep
def test_missing_diacritics_are_corrected_first(suggester: Suggester, forms: Counter[str]) -> None:
    assert share_right_first(suggester, forms, lambda word, _: fold(word)) >= 0.95


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("elektroenerģjas", "elektroenerģijas"),
        ("reorma", "reforma"),
        ("robežsarzde", "robežsardze"),
        ("Trofimofs", "trofimovs"),
        ("robezsarzde", "robežsardze"),
        ("reformaaa", "reforma"),
        ("reformm" + 40 * "m" + "a", "reforma"),
        ("sabiedrīīības", "sabiedrības"),
    ],
)
def test_a_slip_is_corrected(suggester: Suggester, typed: str, meant: str) -> None:
    assert suggester.correct(typed)[0].word == meant


@pytest.mark.parametrize(
    ("typed", "forms", "meant"),
    [
        ("savas", {"savās": 9, "tavas": 500}, "savās"),  # a diacritic costs less than a letter
        ("tāpt", {"tapt": 1, "tāpat": 102}, "tāpat"),  # superfluous diacritics are rare
        ("sanes", {"saknes": 2, "saņems": 2}, "saknes"),
        ("tsavas", {"savas": 101, "tavas": 5}, "savas"),
        ("masas", {"mašas": 1, "māsas": 12}, "māsas"),  # the more frequent
    ],
)
def test_the_likelier_slip_comes_first(typed: str, forms: dict[str, int], meant: str) -> None:
    assert Suggester.of(forms.items()).correct(typed)[0].word == meant


words = st.text("abcšņ", min_size=2, max_size=7)


@given(st.sets(words, max_size=40), words, st.randoms(use_true_random=False))
def test_the_word_is_among_the_corrections_of_any_slip(
    others: set[str], word: str, chance: random.Random
) -> None:
    suggester = Suggester.of((form, 1) for form in {*others, word})
    typed = make_slip(word, chance)
    assert len(typed) < 2 or word in [correction.word for correction in suggester.correct(typed, limit=100)]


def test_an_unknown_form_is_corrected_by_its_stem() -> None:
    suggester = Suggester.of([("uzņemšanas", 3), ("uzņemšanu", 9)])
    assert suggester.correct("uzņemšna") == ()
    assert [correction.word for correction in suggester.correct_stem("uzņemšna")] == ["uzņemšanu"]


@pytest.mark.parametrize(
    ("form", "typed", "is_corrected"),
    [("skolām", "skoliem", True), ("ostām", "ostiem", False), ("x" * 300, "x" * 300, False)],
)
def test_only_a_stem_that_says_something_is_compared(form: str, typed: str, *, is_corrected: bool) -> None:
    corrected = [correction.word for correction in Suggester.of([(form, 4)]).correct_stem(typed)]
    assert corrected == ([form] if is_corrected else [])


@pytest.mark.parametrize(
    ("forms", "typed", "spelt"),
    [
        ({"skolā": 9, "skola": 5}, "skola", "skolā"),
        ({"skolā": 5, "skola": 9}, "skola", "skola"),
        ({"skolā": 5, "skola": 9}, "Skolā", "skola"),
        ({"skolā": 9, "skolu": 50}, "skola", "skolā"),
        ({"skolu": 9}, "Skola", "Skola"),
        ({}, "Skola", "Skola"),
    ],
)
def test_a_word_has_the_diacritics_that_most_releases_have(
    forms: dict[str, int], typed: str, spelt: str
) -> None:
    assert Suggester.of(forms.items()).spell(typed) == spelt


@pytest.mark.parametrize("typed", ["", "a", "123", "x" * 300, "…", "日本語", "\ud800", "ёлка"])
def test_odd_input_is_unknown_and_raises_nothing(suggester: Suggester, typed: str) -> None:
    assert isinstance(suggester.correct(typed), tuple)
    assert isinstance(suggester.correct_stem(typed), tuple)
    assert not suggester.knows(typed)


def test_an_empty_index_corrects_nothing() -> None:
    suggester = Suggester.of([])
    assert suggester.correct("budžets") == suggester.correct_stem("budžets") == ()
    assert not suggester.knows("budžets")


def test_a_word_is_known_with_or_without_its_diacritics(suggester: Suggester) -> None:
    assert suggester.knows("Drošības")
    assert suggester.knows("drosibas")
    assert not suggester.knows("drošbas")


def test_a_diacritic_costs_less_than_a_letter() -> None:
    assert distance("drošiba", "drošība") < distance("drošba", "drošība") < distance("drošxība", "drošība")


@pytest.mark.sweep
def test_work_does_not_grow_with_the_number_of_forms(forms: Counter[str]) -> None:
    many = {
        form + ending: count
        for form, count in forms.items()
        for ending in ("", "u", "am", "ošs", "iņa", "ēz")
    }
    typed = ["elektroenerģjas", "ministrijsa", "drošbas", "pašvaldbas"]

    def work(vocabulary: Counter[str]) -> int:
        suggester = Suggester.of(vocabulary.items())
        return calls(lambda: [suggester.correct(word) for word in typed])

    assert work(Counter(many)) < 3 * work(forms)


# --- The word list ---

FORMS = [("ābele", 3), ("abele", 2), ("abols", 9), ("ābols", 7), ("zars", 1), ("zari", 1), ("зима", 4)]


def test_forms_are_in_the_order_of_their_keys() -> None:
    wordlist = Wordlist.of(FORMS)
    assert len(wordlist) == 7
    assert [wordlist[number] for number in range(7)] == [
        "abele",
        "ābele",
        "abols",
        "ābols",
        "zari",
        "zars",
        "зима",
    ]
    assert [wordlist.count(number) for number in range(7)] == [2, 3, 9, 7, 1, 1, 4]


@pytest.mark.parametrize(
    ("beginning", "numbers"),
    [
        ("", (0, 7)),
        ("ab", (0, 4)),
        ("abo", (2, 4)),
        ("abols", (2, 4)),
        ("abolss", (4, 4)),
        ("z", (4, 6)),
        ("зи", (6, 7)),
        ("q", (4, 4)),
    ],
)
def test_forms_are_found_by_their_beginning(beginning: str, numbers: tuple[int, int]) -> None:
    assert Wordlist.of(FORMS).range_starting_with(key_of(beginning)) == numbers


def test_forms_are_found_by_their_sum_and_by_that_of_their_stem() -> None:
    wordlist = Wordlist.of(FORMS)
    assert list(wordlist.find(sum_of(key_of("ābols")))) == [("abols", 9), ("ābols", 7)]
    assert list(wordlist.find(np.array([sum_of(b"zars"), sum_of(b"abele"), 7], np.uint64))) != []
    assert {form for form, _ in wordlist.find(np.array([sum_of(b"zars"), sum_of(b"abele")], np.uint64))} == {
        "zars",
        "abele",
        "ābele",
    }
    assert sorted(wordlist.find_stem(sum_of(key_of("zar")))) == [("zari", 1), ("zars", 1)]
    assert list(wordlist.find(sum_of(b"zar"))) == []


@pytest.mark.parametrize(
    ("limit", "forms"),
    [
        (1, ["abols"]),
        (2, ["abols", "ābols"]),
        (3, ["abols", "ābols", "ābele"]),
        (9, ["abols", "ābols", "ābele", "abele"]),
    ],
)
def test_the_most_frequent_forms_of_a_range_come_first(limit: int, forms: list[str]) -> None:
    assert [form for form, _ in Wordlist.of(FORMS).most_frequent(0, 4, limit)] == forms


@pytest.mark.parametrize(
    ("limit", "forms"),
    [(1, [("ābele", 3)]), (2, [("ābele", 3), ("abele", 2)]), (9, [("ābele", 3), ("abele", 2), ("ābols", 1)])],
)
def test_forms_of_deleted_releases_do_not_count(limit: int, forms: list[tuple[str, int]]) -> None:
    terms = sorted(form.encode() for form, _ in FORMS)
    counts = dict(FORMS)
    arrays = build_arrays(terms, [counts[term.decode()] for term in terms])
    live = {"abols": 0, "ābols": 1}
    wordlist = Wordlist(terms, arrays, lambda place: live.get(form := terms[place].decode(), counts[form]))
    assert wordlist.most_frequent(0, 4, limit) == forms
    assert list(wordlist.find(sum_of(b"abols"))) == [("ābols", 1)]


@pytest.mark.parametrize(
    ("term", "is_kept"),
    [
        ("a", False),
        ("ab", True),
        ("a" * WORD_CHARS, True),
        ("a" * (WORD_CHARS + 1), False),
        ("a1", False),
        ("^es", False),
        ("e-x", False),
    ],
)
def test_only_words_of_a_bounded_length_are_listed(term: str, *, is_kept: bool) -> None:
    assert len(Wordlist.of([(term, 1)])) == is_kept


def test_terms_are_read_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    terms, counts = [b"ab", b"cd", b"e", b"fg", b"hi"], [1, 2, 3, 4, 5]
    whole = build_arrays(terms, counts)
    monkeypatch.setattr(word_index, "CHUNK", 2)
    chunked = build_arrays(terms, counts)
    assert {name: array.tolist() for name, array in chunked.items()} == {
        name: array.tolist() for name, array in whole.items()
    }
    assert chunked["form/places"].tolist() == [0, 1, 3, 4]
    assert chunked["form/counts"].tolist() == [1, 2, 4, 5]
    assert bytes(chunked["form/letters"].tolist()) == b"abcdfghi"


@pytest.mark.parametrize(
    ("count", "rows"), [(1, [1]), (2, [1, 3]), (3, [1, 3, 2]), (4, [1, 3, 2, 0]), (9, [1, 3, 2, 0])]
)
def test_the_highest_come_first_and_equal_ones_in_their_order(count: int, rows: list[int]) -> None:
    assert highest(np.array([1, 3, 2, 3]), count).tolist() == rows


def test_keys_are_folded_one_byte_a_letter() -> None:
    assert [key_of(form) for form in ("Ķēniņš", "Зима", "日")] == [b"Kenins", "Зима".encode("cp1251"), b"?"]
    assert keys_of(["ab", "зи", ""]) == [b"ab", "зи".encode("cp1251"), b""]
    assert keys_of([]) == []
    assert letters_of([b"ba", b"c"]).tolist() == [*b"abc"]


def test_the_sums_of_beginnings_are_those_of_each_the_longest_first() -> None:
    assert list(sums_of_beginnings(b"abcd", 2)) == [sum_of(b"abc"), sum_of(b"ab")]
    assert list(sums_of_beginnings(b"abcd", 4)) == []
    assert sums_of(pad([b"abcd", b""])).tolist() == [sum_of(b"abcd"), 0]


# --- The costs ---


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("skola", "skola", 0),
        ("skolā", "skolā", 0),
        ("skola", "skolā", 0),  # text without any diacritics
        ("škola", "škōlā", 0.5),  # forgotten
        ("škōlā", "skola", 2.4),  # unwanted
        ("skla", "skola", 0.82),
        ("skoola", "skola", 1.0),
        ("skula", "skola", 1.0),
        ("sokla", "skola", 0.82),
        ("kskola", "skola", 1.1),  # the first letter
        ("sskola", "skola", 1.0),
        ("skula", "skolā", 1.03),
        ("straße", "strase", 1.0),
        ("", "a", 0.92),
    ],
)
def test_a_slip_costs_what_it_is_unlikely(typed: str, meant: str, cost: float) -> None:
    assert distance(typed, meant) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("limit", "corrected"), [(1, ["aaab"]), (2, ["aaab", "aaac"]), (9, ["aaab", "aaac", "aaad"])]
)
def test_corrections_are_limited_to_the_likeliest(limit: int, corrected: list[str]) -> None:
    suggester = Suggester.of([("aaad", 5), ("aaab", 50), ("aaac", 20)])
    assert [correction.word for correction in suggester.correct("aaax", limit=limit)] == corrected


def test_a_correction_costs_less_the_more_releases_have_it() -> None:
    (correction,) = Suggester.of([("aaab", 9)]).correct("aaax")
    assert correction.cost == pytest.approx(1 - 0.12)


def test_corrections_of_segments_add_up() -> None:
    suggester = Suggester([Wordlist.of([("aaab", 4)]), Wordlist.of([("aaab", 5)])])
    (correction,) = suggester.correct("aaax")
    assert correction.cost == pytest.approx(1 - 0.12)


def test_the_family_of_a_form_begins_with_its_stem() -> None:
    suggester = Suggester.of([("skola", 3), ("skolām", 5), ("skolotājs", 2), ("soma", 4)])
    assert suggester.family("skolas") == {"skola": 3, "skolām": 5, "skolotājs": 2}


def test_a_name_is_a_form_that_releases_write_with_a_capital() -> None:
    phrases = PhraseIndex.of([Entry("Rīga", 3, True), Entry("skola", 3, False), Entry("Ogre", 2, True)])
    suggester = Suggester([Wordlist.of([("rīga", 3)])], [phrases])
    assert [suggester.is_name(form) for form in ("rīga", "riga", "skola", "ogre", "og")] == [
        True,
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(("chars", "is_known"), [(WORD_CHARS, True), (WORD_CHARS + 1, False)])
def test_words_longer_than_those_listed_are_unknown(chars: int, *, is_known: bool) -> None:
    suggester = Suggester.of([("a" * WORD_CHARS, 3)])
    assert suggester.knows("a" * chars) == is_known
    assert suggester.spell("A" * chars) == "A" * chars
