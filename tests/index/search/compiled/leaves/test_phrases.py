"""Phrases, found by the positions of their words; as the core is interpreted.

`tests/index/search/test_exactness.py` finds phrases with the compiled one.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from index import deadline
from index.segment import Array
from tests.support.interpreted import interpreted
from tests.support.positions import Text, arrays_of, positions_of, text_of

BASE, DOCUMENTS, WORDS = 1000, 200, 6
Phrase = Sequence[Sequence[int]]
Damage = Callable[[dict[str, Array]], None]


def keep(
    positions: Any, words: Phrase, rarest: int, docs: Sequence[int], *, first: int = 0, kept: int = 0
) -> list[int]:
    """Return all documents of an array of which those from *first* on were asked for."""
    array = np.array([BASE + doc for doc in docs], np.int32)
    find = interpreted("index.search.compiled.leaves.phrases").keep_phrase
    count = find(positions, list(map(list, words)), rarest, array.data, first, len(docs) - first, BASE, kept)
    return [doc - BASE for doc in array[: kept + count].tolist()]


def has_phrase(text: Text, words: Phrase) -> bool:
    return any(
        all(text.get(start + place) in some for place, some in enumerate(words))
        for start in range(-len(words), max(text, default=0) + 1)
    )


def found_in(text: Text, words: Phrase, dtype: Any = np.uint16) -> list[bool]:
    """Return whether a phrase is found in a text, from each of its words."""
    positions = positions_of(arrays_of({0: text}, WORDS, DOCUMENTS, dtype), DOCUMENTS)
    return [keep(positions, words, rarest, [0]) == [0] for rarest in range(len(words))]


@pytest.mark.parametrize(
    ("text", "words", "is_found"),
    [
        ([1, 2], [[1], [2]], True),
        ([2, 1], [[1], [2]], False),
        ([1, 3, 2], [[1], [2]], False),
        ([1, 3, 2], [[1], [2, 3]], True),
        ([1, 3, 2], [[1, 3], [2]], True),
        ([1, 1, 2], [[1], [1], [2]], True),
        ([1, 2, 1], [[1], [1], [2]], False),
        ([1, 2, 1, 2, 3], [[1], [2], [3]], True),
        ([1, 2, 1, 3], [[1], [2], [3]], False),
        ([4, 1], [[1], [2]], False),
        ([1, 2], [[1], []], False),
    ],
)
def test_words_are_found_one_after_another(text: Sequence[int], words: Phrase, is_found: bool) -> None:
    assert found_in(text_of(text), words) == [is_found] * len(words)
    assert found_in(text_of(text, 3_000), words) == [is_found] * len(words)


def test_the_longest_phrase_has_31_words() -> None:
    words = [[1]] * 31
    assert found_in(text_of([1] * 31), words) == [True] * 31
    assert found_in(text_of([1] * 30), words) == [False] * 31
    assert found_in(text_of([*[1] * 30, 2]), [*[[1]] * 30, [2]]) == [True] * 31


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, np.int64])
def test_positions_may_be_of_any_size(dtype: Any) -> None:
    last = min(np.iinfo(dtype).max, (1 << 40) - 1)
    assert found_in({last - 1: 1, last: 2, 0: 2}, [[1], [2]], dtype) == [True] * 2
    assert found_in({last - 1: 1, last - 65: 1, last - 64: 3, 0: 2}, [[1], [2]], dtype) == [False] * 2


def test_positions_with_the_same_last_bits_are_told_apart() -> None:
    assert found_in({5: 1, 70: 2}, [[1], [2]]) == [False] * 2
    assert found_in({5: 1, 69: 1, 70: 2, 134: 2}, [[1], [2]]) == [True] * 2


def test_words_of_one_place_meet_in_any_order_of_positions() -> None:
    text = {0: 2, 1: 3, 10: 1, 11: 3, 20: 2, 21: 4, 30: 1}
    assert found_in(text, [[1, 2], [4]]) == [True] * 2
    assert found_in(text, [[2, 1], [3]]) == [True] * 2
    assert found_in(text, [[2, 1], [3], [5]]) == [False] * 3


def test_a_start_before_others_keeps_them_when_more_room_is_needed() -> None:
    docs = range(40)
    positions = positions_of(arrays_of({doc: {0: 2, 5: 1, 6: 3} for doc in docs}, WORDS, 40), 40)
    assert keep(positions, [[1, 2], [3]], 0, docs) == [*docs]


@pytest.mark.parametrize("seed", range(40))
def test_any_documents_are_kept_that_have_the_phrase(seed: int) -> None:
    rng = random.Random(seed)
    documents = rng.choice((1, 63, 64, 65, 128, DOCUMENTS))
    texts = {
        doc: {place: rng.randrange(WORDS) for place in rng.sample(range(9), rng.randrange(9))}
        for doc in rng.sample(range(documents), rng.randint(0, documents))
    }
    positions = positions_of(arrays_of(texts, WORDS, documents), documents)
    for _ in range(6):
        words = [rng.sample(range(WORDS), rng.randrange(4)) for _ in range(rng.randint(2, 4))]
        docs = sorted(rng.sample(range(documents), rng.randint(0, documents)))
        first = rng.randrange(len(docs) + 1)
        kept = rng.randrange(first + 1)
        expected = [doc for doc in docs[first:] if has_phrase(texts.get(doc, {}), words)]
        found = keep(positions, words, rng.randrange(len(words)), docs, first=first, kept=kept)
        assert found == docs[:kept] + expected


def test_no_documents_are_asked_for() -> None:
    positions = positions_of(arrays_of({0: text_of([1, 2])}, WORDS, DOCUMENTS), DOCUMENTS)
    assert keep(positions, [[1], [2]], 0, []) == []
    assert keep(positions, [[1], [2]], 0, [3, 4], first=2, kept=1) == [3]


def test_an_expired_search_is_given_up() -> None:
    positions = positions_of(arrays_of({0: text_of([1, 2])}, WORDS, DOCUMENTS), DOCUMENTS)
    with pytest.raises(deadline.DeadlineError), deadline.at_most(0):
        keep(positions, [[1], [2]], 0, [0])


def set_array(name: str, array: Array) -> Damage:
    def damage(arrays: dict[str, Array]) -> None:
        arrays[name] = array

    return damage


def arrays_of_two() -> dict[str, Array]:
    """Return those of two documents with five and one positions of the word 1, and one of the word 2 each."""
    texts: Mapping[int, Text] = {0: text_of([1, 1, 1, 1, 1, 2]), 7: text_of([1, 2])}
    return arrays_of(texts, 3, 8)


@pytest.mark.parametrize(
    "damage",
    [
        set_array("word/position_starts", np.array([0, 0], np.uint32)),
        set_array("word/position_starts", np.array([0, 0, 6, 8], np.uint32)),
        set_array("word/counts", np.zeros(0, np.uint8)),
        set_array("word/positions", np.zeros(8, np.float32)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(damage: Damage) -> None:
    arrays = arrays_of_two()
    positions_of(arrays, 8)
    damage(arrays)
    with pytest.raises(ValueError, match=r"positions|length|whole"):
        positions_of(arrays, 8)


@pytest.mark.parametrize(
    "damage",
    [
        set_array("word/position_starts", np.array([0, 3, 6], np.uint32)),
        set_array("word/position_starts", np.array([0, 0, 7], np.uint32)),
        set_array("word/position_starts", np.array([0, -1, 6])),
        set_array("word/positions", np.arange(7, dtype=np.uint16)),
        set_array("word/counts_others", np.array([1 << 40])),
        set_array("word/counts_others", np.array([-9])),
        set_array("word/starts", np.array([0, 0, 2, 9], np.uint32)),
    ],
)
def test_positions_outside_their_array_are_damage(damage: Damage) -> None:
    arrays = arrays_of_two()
    assert keep(positions_of(arrays, 8), [[1], [2]], 0, [0, 7]) == [0, 7]
    damage(arrays)
    with pytest.raises(ValueError, match="outside"):
        keep(positions_of(arrays, 8), [[1], [2]], 0, [0, 7])
