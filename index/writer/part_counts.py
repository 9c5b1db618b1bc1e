"""The parts of a segment's documents: the weight of each, and the number of tokens of each document in it."""

from collections.abc import Iterable

import numpy as np

from index.segment import Array, ArrayWriter
from index.segment.array_file import shrink
from index.writer.token_buffer import DocumentPart


class PartCounts:
    """Weights and counts by base, the position at which a part begins."""

    def __init__(self) -> None:
        self.weights: dict[int, int] = {}
        self._counts: dict[int, tuple[list[Array], list[Array]]] = {}

    def __bool__(self) -> bool:
        return bool(self.weights)

    def check(self, parts: Iterable[DocumentPart]) -> None:
        """Take the weights of parts that are new.

        Raises:
            ValueError: the weight of a part differs from earlier documents.
        """
        for part in parts:
            if self.weights.setdefault(part.base, part.weight) != part.weight:
                raise ValueError(
                    f"the part at {part.base} has weight {self.weights[part.base]}, not {part.weight}"
                )

    def count(self, base: int, docs: Array, counts: Array) -> None:
        """Add the number of tokens of documents in the part at *base*."""
        all_docs, all_counts = self._counts.setdefault(base, ([], []))
        all_docs.append(docs)
        all_counts.append(counts)

    def lengths(self, documents: int) -> Array:
        """Return the length of each document: the sum of the weights of its tokens."""
        lengths = np.zeros(documents, np.int64)
        for base in self._counts:
            lengths += self.weights[base] * self._in_part(base, documents)
        return lengths

    def write(self, out: ArrayWriter, documents: int) -> Array:
        """Write the weights and counts; return the number of tokens of each document."""
        totals = np.zeros(documents, np.int64)
        for base in sorted(self.weights):
            counts = self._in_part(base, documents)
            out.add(f"part/{base}", shrink(counts))
            totals += counts
        out.describe(parts=sorted(self.weights.items()))
        return totals

    def _in_part(self, base: int, documents: int) -> Array:
        counts = np.zeros(documents, np.int64)
        for docs, chunk in zip(*self._counts.get(base, ([], [])), strict=True):
            counts[docs] = chunk
        return counts
