"""Adjacent words of a query in texts, compiled and interpreted."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from index.segment import Array
from tests.support.interpreted import each_form
from tests.support.texts import PARTS, Arrays, Load, Text, texts_of

# They share their low 16 bits, or a word of the sieve.
FIRST, SAME_LOW_BITS, BESIDE, LARGEST = 5, 5 + (1 << 16), 6, (1 << 24) - 1


def pairs(
    load: Load, text: Text, words: Sequence[Sequence[int]], limits: Sequence[str | None] | None = None
) -> int:
    by_segment = [[list(some)] for some in words]
    limits = limits or [None] * len(words)
    adjacent = load("index.search.compiled.proximity").adjacent_words(
        [texts_of(load, [text])], [0], by_segment, limits
    )
    found: int = adjacent.pairs(0)
    return found


@each_form
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ([[], []], 0b00),
        ([[1, 2], []], 0b01),
        ([[2, 1], []], 0b00),
        ([[], [9, 1, 2]], 0b01),
        ([[1, 9, 2], []], 0b00),
        ([[1], [2]], 0b00),
        ([[2, 3], [1, 2]], 0b11),
        ([[1, 2, 3], []], 0b11),
        ([[1, 1, 2, 2, 3, 3], []], 0b11),
        ([[1, 3], [3, 2, 1]], 0b00),
    ],
)
def test_pairs_are_words_one_after_another_in_a_part(load: Load, text: Text, expected: int) -> None:
    assert pairs(load, text, [[1], [2], [3]]) == expected


@each_form
def test_words_are_told_apart_by_all_their_bits(load: Load) -> None:
    others = [0, SAME_LOW_BITS, BESIDE, LARGEST]
    assert [pairs(load, [[word, FIRST], []], [[FIRST], [FIRST]]) for word in others] == [0] * 4
    for word in others:
        assert pairs(load, [[word, FIRST], []], [[word], [FIRST]]) == 1
        assert pairs(load, [[FIRST, word], []], [[FIRST], [*others]]) == 1
        assert pairs(load, [[FIRST, word], []], [[FIRST], []]) == 0


@each_form
def test_a_word_may_fit_several_places(load: Load) -> None:
    assert pairs(load, [[7, 7, 7], []], [[7]] * 32) == (1 << 31) - 1
    assert pairs(load, [[7], []], [[7]] * 32) == 0
    assert pairs(load, [[8, 7], []], [[7], [7, 8], [7]]) == 0b10
    assert pairs(load, [[8, 7], []], [[8], [7, 8], [7]]) == 0b11


@each_form
def test_a_word_of_a_part_is_in_no_other(load: Load) -> None:
    words = [[1], [2], [3]]
    text = [[1, 2, 3], [1, 2]]
    assert pairs(load, text, words, [None, None, "body"]) == 0b01
    assert pairs(load, text, words, ["body", None, "title"]) == 0b11
    assert pairs(load, text, words, ["title", "body", "title"]) == 0b00
    assert pairs(load, text, words, ["lead", None, None]) == 0b10


@each_form
def test_documents_are_found_in_their_segments(load: Load) -> None:
    segments: list[list[Text]] = [
        [[[1, 2], []], [[], []]],
        [],
        [[[2, 1], []], [[9], [1, 9, 2]], [[], [1, 2]]],
    ]
    texts = [texts_of(load, some) for some in segments]
    adjacent = load("index.search.compiled.proximity").adjacent_words(
        [*texts, None], [0, 2, 2, 5], [[[1], [], [1], []], [[2], [], [2], []]], [None, None]
    )
    assert [adjacent.pairs(doc) for doc in (4, 0, 1, 2, 3, 5, 6)] == [1, 1, 0, 0, 0, 0, 0]


@each_form
def test_each_segment_has_words_of_its_own(load: Load) -> None:
    texts = [texts_of(load, [[[1, 2], []]])] * 2
    adjacent = load("index.search.compiled.proximity").adjacent_words(
        texts, [0, 1], [[[1], [2]], [[2], [1]]], [None, None]
    )
    assert [adjacent.pairs(0), adjacent.pairs(1), adjacent.pairs(0)] == [1, 0, 1]


@each_form
def test_any_texts_have_the_pairs_that_are_read_in_them(load: Load) -> None:
    rng, numbers = random.Random(1), [*range(4), 64, 1 << 16, (1 << 16) + 1, 1 << 23]
    for _ in range(60):
        text = [[rng.choice(numbers) for _ in range(rng.randrange(12))] for _ in PARTS]
        words = [rng.sample(numbers, rng.randrange(4)) for _ in range(rng.randint(2, 6))]
        limits = [rng.choice((None, None, *PARTS)) for _ in words]
        expected = 0
        for part, tokens in zip(PARTS, text, strict=True):
            for one, other in pairwise(tokens):
                for place, (these, those) in enumerate(pairwise(words)):
                    is_allowed = {None, part} >= set(limits[place : place + 2])
                    expected |= (is_allowed and one in these and other in those) << place
        assert pairs(load, text, words, limits) == expected


def adjacent_in(load: Load, **damaged: Array) -> Any:
    """Return what looks for a pair in two documents, of which the second one has it."""
    texts = texts_of(load, [[[9], [9]], [[9], [1, 2]]], **damaged)
    return load("index.search.compiled.proximity").adjacent_words([texts], [0], [[[1]], [[2]]], [None, None])


@each_form
@pytest.mark.parametrize(
    "damaged",
    [
        {"span_of_starts": np.array([0, 2], np.uint32)},
        {"span_of_starts": np.array([0, 2, 5, 5], np.uint32)},
        {"part_of_0": np.array([1], np.uint16)},
        {"part_of_3000": np.array([1, 2, 0], np.uint16)},
        {"span_of_words": np.array([9, 9, 9, 1, 2], np.uint32)},
        {"span_of_words_high": np.zeros(5, np.uint16)},
        {"span_of_words": np.zeros(5, np.float32)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(load: Load, damaged: dict[str, Array]) -> None:
    assert adjacent_in(load).pairs(1) == 1
    with pytest.raises(ValueError, match=r"text|whole"):
        adjacent_in(load, **damaged)


@each_form
@pytest.mark.parametrize(
    "damaged",
    [
        {"span_of_starts": np.array([0, 2, 6], np.uint32)},
        {"span_of_starts": np.array([0, 5, 4], np.uint32)},
        {"span_of_starts": np.array([0, -1, 5])},
        {"span_of_words": np.array([9, 9, 9, 1], np.uint16)},
        {"span_of_words_high": np.zeros(4, np.uint8)},
        {"part_of_0": np.array([1, 2], np.uint16)},
        {"part_of_3000": np.array([1, 3], np.uint16)},
        {"part_of_3000": np.array([1, -1])},
        {"part_of_3000": np.array([1, 1 << 62])},
    ],
)
def test_a_text_outside_its_arrays_is_damage(load: Load, damaged: dict[str, Array]) -> None:
    adjacent = adjacent_in(load, **damaged)
    with pytest.raises(ValueError, match="a text"):
        adjacent.pairs(1)


@each_form
def test_neighbours_raise_by_the_share_of_pairs(load: Load) -> None:
    module = load("index.search.compiled.proximity")
    texts = [texts_of(load, [[[1, 2, 3], [5, 6]], [[1, 2, 9], [5, 6]], [[9], [6, 5]]])]
    runs = [
        module.adjacent_words(texts, [0], [[[1]], [[2]], [[3]]], [None] * 3),
        module.adjacent_words(texts, [0], [[[5]], [[6]]], [None] * 2),
    ]
    boosts = module.Neighbours(runs, 0.75, 3.0)
    assert [boosts.boost(doc) for doc in range(3)] == [1.75, 1.5, 1.0]
    assert [boosts.most, module.Neighbours(runs[:1], 0.5, 2.0).boost(0)] == [0.75, 1.5]


@each_form
def test_texts_without_parts_have_no_words(load: Load) -> None:
    arrays = Arrays([[[], []]])
    arrays.meta["parts"] = []
    module = load("index.search.compiled.proximity")
    adjacent = module.adjacent_words([module.Texts(arrays, 1)], [0], [[[1]], [[2]]], [None, None])
    assert adjacent.pairs(0) == 0
