from pathlib import Path

import numpy as np
import pytest

from index.segment.token_sequences import TokenSequences
from tests.support.array_files import write_arrays

# Two documents with a title part (base 0) and a body part (base 10); word 70_000 needs high bits.
WORDS = np.array([5, 70_000, 6, 5])


@pytest.fixture
def sequences(tmp_path: Path) -> TokenSequences:
    arrays = {
        "span/starts": np.array([0, 3, 4]),
        "span/words": (WORDS & 0xFFFF).astype(np.uint16),
        "span/words_high": (WORDS >> 16).astype(np.uint8),
        "part/0": np.array([1, 0]),
        "part/10": np.array([2, 1]),
    }
    return TokenSequences(write_arrays(tmp_path / "file", arrays, parts=[[0, 4], [10, 1]]))


def test_words_and_positions_are_in_reading_order(sequences: TokenSequences) -> None:
    words, rows, positions = sequences.read(np.array([0, 1]))
    assert (words.tolist(), rows.tolist(), positions.tolist()) == (
        WORDS.tolist(),
        [0, 0, 0, 1],
        [0, 10, 11, 10],
    )


def test_tokens_of_a_word_are_found(sequences: TokenSequences) -> None:
    rows, tokens = sequences.find_tokens([5], np.array([0, 1]))
    assert (rows.tolist(), tokens.tolist()) == ([0, 1], [0, 3])


def test_position_and_token_convert(sequences: TokenSequences) -> None:
    docs = np.array([0, 0, 1])
    assert sequences.tokens(docs, np.array([0, 11, 10])).tolist() == [0, 2, 3]
    first, end = sequences.part_of(docs, np.array([0, 2, 3]))
    assert (first.tolist(), end.tolist()) == ([0, 1, 3], [1, 3, 4])


def test_each_document_has_the_counts_and_extents_of_its_parts(sequences: TokenSequences) -> None:
    docs = np.array([1, 0])
    assert sequences.bases == [0, 10]
    assert sequences.counts(docs).tolist() == [[0, 1], [1, 2]]
    assert [column.tolist() for column in sequences.extents(docs)] == [[3, 0], [1, 3]]
    assert sequences.words(docs).tolist() == [5, 5, 70_000, 6]
    assert sequences.words(np.array([], np.int64)).tolist() == []


@pytest.mark.parametrize(
    ("words", "docs", "found"),
    [
        ([5], [0, 1], [(0, 0), (1, 3)]),
        ([5], [1, 0], [(0, 3), (1, 0)]),
        ([6, 70_000], [0, 1], [(0, 1), (0, 2)]),
        ([70_000 & 0xFFFF], [0, 1], []),  # shares its low bits with another
        ([70_000], [1], []),
        ([7], [0, 1], []),
        ([5], [], []),
    ],
)
def test_tokens_are_those_of_the_words(
    sequences: TokenSequences, words: list[int], docs: list[int], found: list[tuple[int, int]]
) -> None:
    rows, tokens = sequences.find_tokens(words, np.array(docs, np.int64))
    assert list(zip(rows.tolist(), tokens.tolist(), strict=True)) == found


@pytest.mark.parametrize(
    ("shift", "words"), [(0, [5, 6]), (1, [70_000, 5]), (-1, [5, 70_000]), (2, [6, 5]), (-2, [5, 5])]
)
def test_words_beside_tokens_are_read_to_the_edges(
    sequences: TokenSequences, shift: int, words: list[int]
) -> None:
    assert sequences.words_beside(np.array([0, 2]), shift).tolist() == words


def test_a_page_is_read_again_only_if_it_is_another(sequences: TokenSequences) -> None:
    first = sequences.read(np.array([0]))
    assert sequences.read(np.array([0])) is first
    second = sequences.read(np.array([1]))
    assert [column.tolist() for column in second] == [[5], [0], [10]]
    assert [column.tolist() for column in sequences.read(np.array([0]))] == [
        [5, 70_000, 6],
        [0, 0, 0],
        [0, 10, 11],
    ]
