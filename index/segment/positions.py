"""Positions as a segment stores them: without holes, and their number by posting."""

import numpy as np

from index.segment.array_file import Array, ArrayWriter, shrink
from index.segment.small_numbers import COUNT_BITS, SmallNumbersWriter


def restore_holes(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions as they were before ``remove_holes``."""
    plain = positions.astype(np.int64)
    for after, length in holes:
        # Earlier holes are restored already.
        plain[plain >= after - length] += length
    return plain


class PositionCountsWriter:
    """Writes the number of positions of each posting, and where the positions of each term begin."""

    def __init__(self, out: ArrayWriter, name: str) -> None:
        self._out, self._name = out, name
        self._counts = SmallNumbersWriter(out, f"{name}/counts", COUNT_BITS)
        self._ends = [np.zeros(1, np.int64)]

    def add(self, counts: Array, sizes: Array) -> None:
        """Add the counts of the next terms; *sizes* are their document frequencies."""
        before = np.concatenate(([0], counts.cumsum(dtype=np.int64)))
        self._ends.append(self._ends[-1][-1] + before[sizes.cumsum()])
        self._counts.append(counts)

    def write(self) -> None:
        """Write the counts."""
        self._counts.write()
        self._out.add(f"{self._name}/position_starts", shrink(np.concatenate(self._ends)[:-1]))
