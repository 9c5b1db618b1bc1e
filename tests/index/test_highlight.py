import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.columnar.marks import Mark
from index.highlight import ENOUGH_CHARS, PASSAGES_MAX, SENTENCE_CHARS, passages, title
from tests.effort import calls

WORD = re.compile(r"\w+")


def marks_of(text: str, *words: str) -> list[Mark]:
    """Mark every occurrence of *words* in a body; the place of a word in *words* is its leaf."""
    return [
        Mark("body", found.start(), found.end(), words.index(found[0]))
        for found in WORD.finditer(text)
        if found[0] in words
    ]


def marked(text: str, *words: str) -> list[list[str]]:
    shown = passages({"body": text}, marks_of(text, *words))
    return [[one.text[start:end] for start, end in one.marks] for one in shown]


def test_the_best_passage_is_the_one_with_most_of_the_query() -> None:
    text = "Te ir jūra. Te ir jūra un osta. Te ir osta."
    assert passages({"body": text}, marks_of(text, "jūra", "osta"))[0].text == "Te ir jūra un osta."


def test_a_further_passage_shows_other_words() -> None:
    text = "Te jūra. Te jūra. Te jūra. Tur osta."
    assert marked(text, "jūra", "osta")[:2] == [["osta"], ["jūra"]]


def test_there_are_at_most_three() -> None:
    text = "Te jūra. " * 20
    assert len(marked(text, "jūra")) == PASSAGES_MAX


def test_enough_is_enough() -> None:
    text = ("Te jūra " + "ir dziļa " * (ENOUGH_CHARS // 16) + "beigās. ") * 5
    assert len(marked(text, "jūra")) == 2


def test_adjacent_words_are_one_mark() -> None:
    assert marked("Civilā aizsardzība, glābšana", "Civilā", "aizsardzība", "glābšana") == [
        ["Civilā aizsardzība", "glābšana"]
    ]


def test_a_long_sentence_is_cut_at_words_around_its_marks() -> None:
    text = "vārds " * 200 + "jūra osta " + "vārds " * 200
    (passage,) = passages({"body": text}, marks_of(text, "jūra", "osta"))
    assert len(passage.text) <= SENTENCE_CHARS + 4
    assert passage.text.startswith("… vārds")
    assert passage.text.endswith("vārds …")
    assert [passage.text[start:end] for start, end in passage.marks] == ["jūra osta"]


def test_the_title_shows_only_its_own_marks() -> None:
    marks = [Mark("title", 0, 4, 0), Mark("body", 5, 9, 0)]
    assert title("Jūra un osta", marks).marks == ((0, 4),)


@pytest.mark.parametrize(
    ("texts", "opening"),
    [
        ({"lead": "Ievads.", "body": "Teksts."}, ["Ievads."]),
        ({"lead": "", "body": "Teksts."}, ["Teksts."]),
        ({"lead": "", "body": ""}, []),
    ],
)
def test_without_matches_the_opening_is_shown(texts: dict[str, str], opening: list[str]) -> None:
    assert [passage.text for passage in passages(texts, [])] == opening


@given(st.text(alphabet="ab. \nĀ!„”", max_size=900), st.sets(st.integers(0, 40)))
def test_marks_are_whole_words_of_the_text(text: str, chosen: set[int]) -> None:
    words = [found for number, found in enumerate(WORD.finditer(text)) if number in chosen]
    marks = [Mark("body", found.start(), found.end(), 0) for found in words]
    texts = {found[0] for found in words}
    for passage in passages({"body": text}, marks):
        assert all(set(passage.text[start:end].split()) <= texts for start, end in passage.marks)
        assert passage.text.strip("… ") in " ".join(text.split()) or passage.text.strip("… ") in text


def test_work_is_bounded_whatever_the_text() -> None:
    text = "jūra " * 200_000
    marks = marks_of(text[:500_000], "jūra")
    (passage,) = passages({"body": text}, marks)
    assert len(passage.text) <= SENTENCE_CHARS + 4
    assert calls(lambda: passages({"body": text}, marks)) < len(marks) + 40_000
