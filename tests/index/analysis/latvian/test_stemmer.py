from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "stems.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("word", "expected"), [row[:2] for row in ROWS if row[1] != "-"])
def test_forms_of_a_word_have_its_stem(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize("word", [row[0] for row in ROWS if not row[0].startswith("jā")])
def test_a_word_without_diacritics_has_the_same_stem(word: str) -> None:
    assert stem(fold(word)) == stem(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [("ministrija", "ministrs"), ("valsts", "valde"), ("drošība", "drosme"), ("gads", "gars")],
)
def test_different_words_keep_different_stems(word: str, other: str) -> None:
    assert stem(word) != stem(other)


@pytest.mark.parametrize("word", ["pj", "bj", "mj", "vj", "c", "dz", "z", "st", "azz"])
def test_what_is_only_the_ending_of_a_word_stays(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # A form of necessity loses its prefix, a name that begins alike does not.
        *(("jāmaksā", "maks"), ("jāvalda", "vald")),
        *(("Jānis", "jan"), ("Jāzeps", "jazep"), ("Jākabs", "jakab")),
        # The same for negation and the superlative.
        *(("nemaksāja", "maks"), ("neona", "neon"), ("visdrošākais", "dros"), ("visas", "vis")),
    ],
)
def test_a_prefix_is_told_from_a_word_that_begins_alike(word: str, expected: str) -> None:
    assert stem(word.lower()) == expected


@given(st.text())
def test_any_text_has_a_stem_no_longer_than_itself(text: str) -> None:
    stemmed = stem(text)
    assert len(stemmed) <= len(fold(text)) + 1  # latvieša -> latviet
    assert bool(stemmed) == bool(fold(text))
