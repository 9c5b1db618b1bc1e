"""Where sentences begin and end, compiled and interpreted."""

import random
from collections.abc import Callable
from itertools import product
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.sentences import BEFORE_CAPITALS
from tests.support import sentence_pattern
from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]

WORDS = (
    "Rīgā vārds u.c. u.t.t. U.C. и.т.д. И.Т.Д. Nr. plkst. 5. 27. 123. ٣. A. Ž. Я. Ω. Bērziņš iela "
    'ул. УЛ. Дом 2012. gads. beidzas! Kas? „Sākas (Jā) tā... "Nē." “labi” — – '
    "tūkst. DR. dr. x1. t. T. _a. _dr. š … !. 1.5 …) .» Kpt. ģen. ĢEN. 漢字. 😀. \ud800. ß ẞ."
).split()
SPACES = [" "] * 14 + ["\n", "\n\n", "\u00a0", "  ", "\t", "", "\u2003", "\r\n", "\u2028", " \n "]


def sentences_of(load: Load, text: str) -> list[str]:
    return [text[start:end] for start, end in load("index.analysis.sentences").spans(text)]


def expected(text: str) -> list[str]:
    return [sentence for sentence in sentence_pattern.sentences(text) if sentence]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Viens. Divi! Trīs?", ["Viens.", "Divi!", "Trīs?"]),
        ("Likums Nr. 5 stājas spēkā.", ["Likums Nr. 5 stājas spēkā."]),
        ("Pirmdien, 27.novembrī, ir sēde. Otrdien nav.", ["Pirmdien, 27.novembrī, ir sēde.", "Otrdien nav."]),
        ("No 30. septembra līdz 2. oktobrim.", ["No 30. septembra līdz 2. oktobrim."]),
        ("Kopš 2012.gadā sāktā. Un 2012. gadā.", ["Kopš 2012.gadā sāktā.", "Un 2012. gadā."]),
        ("Tā sacīja D.Trofimovs un D. Trofimovs.", ["Tā sacīja D.Trofimovs un D. Trofimovs."]),
        ("Akcīzes, PVN u.c. nodokļi. Arī citi.", ["Akcīzes, PVN u.c. nodokļi.", "Arī citi."]),
        ("14. Saeima sanāk plkst. 9. Tad runā.", ["14. Saeima sanāk plkst. 9. Tad runā."]),
        ("Tas notika 2017. Tad vairs ne.", ["Tas notika 2017.", "Tad vairs ne."]),
        ("Ministrs: „Tā ir.” Viss.", ["Ministrs: „Tā ir.”", "Viss."]),
        ("Virsraksts bez punkta\n\nTeksts.", ["Virsraksts bez punkta", "Teksts."]),
        ("The Minister met Mr. Smith. They talked.", ["The Minister met Mr. Smith.", "They talked."]),
        ("Министр прибыл в Ригу. Он говорил.", ["Министр прибыл в Ригу.", "Он говорил."]),
        ("", []),
    ],
)
@each_form
def test_text_is_split_into_sentences(load: Load, text: str, sentences: list[str]) -> None:
    assert sentences_of(load, text) == sentences


@each_form
@given(st.text(alphabet="aB1. !?\n„”ā", max_size=200))
def test_every_character_is_in_one_sentence(load: Load, text: str) -> None:
    inside = "".join(sentences_of(load, text))
    assert "".join(inside.split()) == "".join(text.split())


@each_form
@given(st.text(alphabet="aB1. !?\n„”ā", max_size=200), st.data())
def test_the_sentence_around_a_word_contains_it(load: Load, text: str, data: st.DataObject) -> None:
    module = load("index.analysis.sentences")
    spans = [*module.spans(text)]
    for place in [place for place, letter in enumerate(text) if letter.isalnum()]:
        start = data.draw(st.sampled_from([0, *(start for start, _ in spans if start <= place)]))
        *found, following = module.sentence_around(text, place, start, len(text))
        assert [tuple(found)] == [span for span in spans if span[0] <= place < span[1]]
        assert [span for span in spans if span[0] >= following] == spans[spans.index(tuple(found)) + 1 :]


# --- As the regular expression has it ---


@each_form
@given(st.text(alphabet='.!…” \u00a0\n"“AāĀr5n_ ', max_size=60))
def test_sentences_are_those_of_the_pattern(load: Load, text: str) -> None:
    assert sentences_of(load, text) == expected(text)


@each_form
@pytest.mark.parametrize("seed", range(20))
def test_sentences_of_long_texts_are_those_of_the_pattern(load: Load, seed: int) -> None:
    rng = random.Random(seed)
    # Texts are stored in one, two or four bytes a character, by their widest one.
    widest = rng.choice((0xFF, 0xFFFF, 0x10FFFF))
    words, spaces = (
        [piece for piece in pieces if max(map(ord, piece), default=0) <= widest] for pieces in (WORDS, SPACES)
    )
    for _ in range(20):
        text = "".join(rng.choice(words) + rng.choice(spaces) for _ in range(rng.randrange(1, 150)))
        assert sentences_of(load, text) == expected(text)


@each_form
@pytest.mark.parametrize("word", BEFORE_CAPITALS)
def test_every_abbreviation_is_known(load: Load, word: str) -> None:
    forms = (word, word.upper(), word.title(), f"{word}x", word[1:])
    for before, form in product(("", "x", "_", "-", "5"), forms):
        text = f"Te {before}{form}. Jūra. Nē."
        assert sentences_of(load, text) == expected(text)


@each_form
@pytest.mark.sweep
@pytest.mark.long_sweep
def test_every_letter_is_of_the_same_kind(load: Load) -> None:
    # A pattern that ignores case takes ſ for an s, too.
    for letter in [letter for letter in map(chr, range(0x2200)) if letter.lower() == letter.casefold()]:
        for text in (f"Te {letter}. Jūra.", f"Te. {letter}jūra.", f"Te{letter} Jūra.", f"Te.{letter}Jūra."):
            assert sentences_of(load, text) == expected(text)
