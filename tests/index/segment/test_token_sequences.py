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
