"""Tokens become sorted runs; all numbers are worked out by hand."""

import numpy as np
import pytest

from index.analysis import Analyzer, Forms, TokenColumns
from index.segment.token_spans import pack_spans
from index.writer import token_buffer
from index.writer.piece_cache import PieceTable
from index.writer.token_buffer import DocumentPart, SortedRun, TokenBuffer, weigh
from index.writer.vocabulary import Vocabulary

A, B, C = (Forms((text,), (text,), (text,), (text,)) for text in "abc")
WEIGHTS = {0: 4, 1_000: 2}


def part(base: int, *words: Forms, first: int = 0) -> DocumentPart:
    """Return a part whose words have two letters and a space."""
    starts = [first + 3 * at for at in range(len(words))]
    return DocumentPart(base, WEIGHTS[base], TokenColumns(starts, [start + 2 for start in starts], words))


class Buffer(TokenBuffer):
    """A buffer with its vocabulary."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        super().__init__(PieceTable(self.vocabulary))

    def add_all(self, *added: tuple[int, DocumentPart]) -> None:
        for docnum, one in added:
            self.add(docnum, one, self.vocabulary)
        self.read(self.vocabulary)


def columns_of(run: SortedRun) -> dict[str, list[int]]:
    return {name: getattr(run, name).tolist() for name in SortedRun.__slots__}


@pytest.mark.parametrize(("position", "weight"), [(0, 4), (999, 4), (1_000, 2), (5_000, 1)])
def test_position_weighs_what_its_part_weighs(position: int, weight: int) -> None:
    assert weigh(np.array([position]), {1_000: 2, 0: 4, 3_000: 1}).tolist() == [weight]


def test_a_run_is_sorted_by_word_then_document() -> None:
    buffer = Buffer()
    buffer.add_all(
        (7, part(0, B, A)), (7, part(1_000, A, A)), (9, part(0, A)), (9, part(1_000)), (12, part(1_000, C, B))
    )
    assert columns_of(buffer.run(WEIGHTS)) == {
        "words": [0, 1, 2],  # B, A, C: as they appeared
        "sizes": [2, 2, 1],
        "docs": [7, 12, 7, 9, 12],
        "weights": [4, 2, 8, 4, 2],
        "counts": [1, 1, 3, 1, 1],
        "positions": [0, 1_001, 1, 1_000, 1_001, 0, 1_000],
    }


def test_a_run_of_one_token_has_one_posting() -> None:
    buffer = Buffer()
    buffer.add_all((5, part(1_000, A)))
    assert columns_of(buffer.run(WEIGHTS)) == {
        "words": [0],
        "sizes": [1],
        "docs": [5],
        "weights": [2],
        "counts": [1],
        "positions": [1_000],
    }


def test_a_run_takes_the_narrowest_types() -> None:
    buffer = Buffer()
    buffer.add_all((300, part(0, A)), (70_000, part(1_000, A)))
    run = buffer.run(WEIGHTS)
    types = {name: getattr(run, name).dtype.name for name in SortedRun.__slots__}
    assert types == {
        "words": "uint32",
        "sizes": "uint8",
        "docs": "uint32",
        "weights": "uint8",
        "counts": "uint8",
        "positions": "uint16",
    }


def test_parts_without_tokens_are_not_counted() -> None:
    buffer = Buffer()
    buffer.add_all((3, part(0)), (3, part(1_000, A, B)), (4, part(0)), (5, part(0, A)))
    assert (buffer.docs, buffer.bases, buffer.counts) == ([3, 5], [1_000, 0], [2, 1])
    assert (len(buffer), buffer.words().tolist()) == (3, [0, 1, 0])


def test_a_buffer_without_tokens_is_empty() -> None:
    buffer = Buffer()
    buffer.add_all((3, part(0)))
    assert (len(buffer), buffer.words().tolist(), buffer.docs) == (0, [], [])


def test_spans_are_packed_text_by_text() -> None:
    buffer = Buffer()
    buffer.add_all((0, part(0, A, B, first=5)), (0, part(1_000, C, first=2)))
    starts, ends, counts = np.array([5, 8, 2]), np.array([7, 10, 4]), np.array([2, 1])
    packed = [column.tolist() for column in pack_spans(starts, ends, counts)]
    assert [column.tolist() for column in buffer.codes()] == packed


def test_parts_are_read_once_they_fill_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_buffer, "READ_TOKENS", 3)
    buffer = Buffer()
    lengths = []
    for words in ([A, B], [], [C], [A], [B], [A, B, C, A]):
        buffer.add(0, part(0, *words), buffer.vocabulary)
        lengths.append(len(buffer))
    assert lengths == [0, 0, 3, 3, 3, 9]
    buffer.read(buffer.vocabulary)
    assert len(buffer) == 9


@pytest.mark.parametrize(("letters", "is_read"), [(23, False), (24, True)])
def test_pieces_are_taken_for_a_token_of_each_eight_letters(
    monkeypatch: pytest.MonkeyPatch, analyzer: Analyzer, letters: int, *, is_read: bool
) -> None:
    monkeypatch.setattr(token_buffer, "READ_TOKENS", 3)
    pieces = analyzer.pieces("a" * letters)
    assert pieces is not None
    buffer = Buffer()
    buffer.add(0, DocumentPart(0, 4, pieces), buffer.vocabulary)
    assert len(buffer) == is_read


def test_pieces_and_columns_are_read_in_the_order_added(analyzer: Analyzer) -> None:
    pieces = [analyzer.pieces(text) for text in ("Rīgas dome", "dome", "", "Rīgas Rīgas")]
    first, second, third, last = [DocumentPart(0, 4, one) for one in pieces if one is not None]
    buffer = Buffer()
    buffer.add_all(
        (0, first),
        (1, part(1_000, A, B)),
        (2, part(0, A)),
        (3, second),
        (4, third),
        (5, last),
        (6, part(0, B)),
    )
    assert (buffer.docs, buffer.counts) == ([0, 1, 2, 3, 5, 6], [2, 2, 1, 1, 2, 1])
    assert buffer.bases == [0, 1_000, 0, 0, 0, 0]
    rigas, dome, a, b = 0, 1, 2, 3
    assert buffer.words().tolist() == [rigas, dome, a, b, a, dome, rigas, rigas, b]
    starts, ends = np.array([0, 6, 0, 3, 0, 0, 0, 6, 0]), np.array([5, 10, 2, 5, 2, 4, 5, 11, 2])
    packed = [column.tolist() for column in pack_spans(starts, ends, np.array(buffer.counts))]
    assert [column.tolist() for column in buffer.codes()] == packed


def buffer_to(position: int) -> Buffer:
    """Return a buffer with word numbers of one bit, documents of 41 bits, and positions up to *position*."""
    buffer = Buffer()
    last = DocumentPart(position, 4, TokenColumns([0], [2], [B]))
    buffer.add_all((0, part(0, A)), (1 << 40, last))
    return buffer


def test_the_numbers_of_a_run_fit_into_64_bits() -> None:
    last = (1 << 22) - 1
    assert columns_of(buffer_to(last).run({0: 4, last: 1})) == {
        "words": [0, 1],
        "sizes": [1, 1],
        "docs": [0, 1 << 40],
        "weights": [4, 1],
        "counts": [1, 1],
        "positions": [0, last],
    }
    with pytest.raises(OverflowError, match="too many words, documents and positions for one run"):
        buffer_to(last + 1).run({0: 4, last + 1: 1})
