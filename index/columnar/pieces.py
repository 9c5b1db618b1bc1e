"""Pieces of texts, met again and again, and the tokens in each: most of a text is looked up, not read."""

from array import array
from collections.abc import Callable, Sequence

import numpy as np

from index.analysis import PieceReader, Pieces
from index.columnar.format import Array
from index.columnar.lists import ranges
from index.columnar.vocabulary import Vocabulary, arranged

# Then all are forgotten, and those that are common soon met again; one takes some 200 bytes.
KNOWN_MAX = 200_000


class PieceTable:
    """Distinct pieces by number; their words are those of *vocabulary*."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.forget()

    def forget(self) -> None:
        """Let go of all pieces; the next have other numbers."""
        self._numbers: dict[PieceReader, _Numbers] = {}
        self._widths, self._counts = array("I"), array("I")
        self._words, self._starts, self._ends = array("I"), array("I"), array("I")

    def __len__(self) -> int:
        return len(self._widths)

    def numbers(self, pieces: Pieces) -> list[int]:
        """Return the numbers of *pieces*."""
        numbers = self._numbers.get(pieces.reader)
        if numbers is None:
            reader = pieces.reader
            numbers = self._numbers[reader] = _Numbers(lambda piece: self._add(reader, piece))
        return list(map(numbers.__getitem__, pieces.texts))

    def _add(self, reader: PieceReader, piece: str) -> int:
        tokens = reader.tokens(piece)
        for start, end, packed in tokens:
            self._words.append(self._vocabulary.number(arranged(packed)))
            self._starts.append(start)
            self._ends.append(end)
        self._counts.append(len(tokens))
        self._widths.append(len(piece))
        return len(self._widths) - 1

    def count(self, numbers: Sequence[int]) -> int:
        """Return how many tokens there are in the pieces *numbers* together."""
        return sum(map(self._counts.__getitem__, numbers))

    def tokens(self, numbers: Array, sizes: Array) -> tuple[Array, Array, Array]:
        """Return word, start and end of the tokens in texts, one text after another.

        *numbers* are the pieces of the texts, *sizes* says how many each has.
        """
        of_piece = _plain(self._counts)
        firsts = np.cumsum(of_piece) - of_piece
        counts = of_piece[numbers]
        places = ranges(firsts[numbers], counts)
        ends = np.cumsum(_plain(self._widths)[numbers] + 1)
        before = np.concatenate(([0], ends[:-1]))
        before -= np.repeat(before[np.cumsum(sizes) - sizes], sizes)
        shifts = np.repeat(before, counts)
        return (
            _plain(self._words)[places],
            _plain(self._starts)[places] + shifts,
            _plain(self._ends)[places] + shifts,
        )


def _plain(numbers: "array[int]") -> Array:
    return np.array(numbers, np.int64)


class _Numbers(dict[str, int]):
    """The numbers of the pieces that one reader reads."""

    def __init__(self, add: Callable[[str], int]) -> None:
        super().__init__()
        self._add = add

    def __missing__(self, piece: str) -> int:
        return self.setdefault(piece, self._add(piece))
