import numpy as np
import pytest

from index.query import Part, Phrase, Word
from index.search.phrases import find_phrase, is_in_part, keys_of, match_in_order

WORDS = {"a": [1, 5], "b": [2, 9], "c": [4]}


def places(word: Word) -> "tuple[np.ndarray, np.ndarray]":  # type: ignore[type-arg]  # short
    positions = np.array(WORDS[word.text], np.int64)
    return np.zeros(len(positions), np.int64), positions


@pytest.mark.parametrize(
    ("words", "slop", "starts"),
    [("ab", 0, [1]), ("abc", 0, []), ("abc", 1, [1]), ("ab", 3, [1, 5]), ("ba", 2, [2]), ("cb", 9, [4])],
)
def test_words_are_matched_in_order_within_the_slop(words: str, slop: int, starts: list[int]) -> None:
    phrase = Phrase(words=tuple(Word(text=word) for word in words), slop=slop)
    assert find_phrase(phrase, places).starts.tolist() == starts


@pytest.mark.parametrize(
    ("part", "starts"), [(None, [998, 1_000]), ("title", []), ("lead", [1_000]), ("body", [])]
)
def test_phrase_of_a_part_begins_and_ends_in_it(part: Part | None, starts: list[int]) -> None:
    positions = {"a": [998, 1_000], "b": [1_001], "c": [1_002, 3_000]}

    def of_word(word: Word) -> "tuple[np.ndarray, np.ndarray]":  # type: ignore[type-arg]  # short
        found = np.array(positions[word.text], np.int64)
        return np.zeros(len(found), np.int64), found

    phrase = Phrase(words=tuple(Word(text=word) for word in "abc"), slop=2, part=part)
    assert find_phrase(phrase, of_word).starts.tolist() == starts


def test_phrase_does_not_cross_documents() -> None:
    first, second = keys_of(np.array([0]), np.array([7])), keys_of(np.array([1]), np.array([8]))
    assert match_in_order([first, second], 10**13).rows.tolist() == []


def test_keys_are_sorted_and_distinct() -> None:
    keys = keys_of(np.array([1, 0, 1]), np.array([2, 3, 2]))
    assert len(keys) == 2
    assert keys[0] < keys[1]


def test_positions_belong_to_parts() -> None:
    assert is_in_part(np.array([0, 999, 1_000]), "title").tolist() == [True, True, False]
