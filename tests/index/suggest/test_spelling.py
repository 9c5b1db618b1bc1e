"""Tests of spelling corrections and `word_index`."""

import random
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.letters import fold
from index.analysis.latvian.tokenizer import TOKEN
from index.suggest import Suggester
from index.suggest.spelling import distance
from index.suggest.word_index import WORD_CHARS
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
