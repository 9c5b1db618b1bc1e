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


def test_each_document_has_the_counts_and_extents_of_its_parts(sequences: TokenSequences) -> None:
    docs = np.array([1, 0])
    assert sequences.bases == [0, 10]
    assert sequences.counts(docs).tolist() == [[0, 1], [1, 2]]
    assert [column.tolist() for column in sequences.extents(docs)] == [[3, 0], [1, 3]]
    assert sequences.words(docs).tolist() == [5, 5, 70_000, 6]
    assert sequences.words(np.array([], np.int64)).tolist() == []


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
