"""Ascending document numbers of many terms in few bytes, read without decoding more than is asked.

A document number is cut into its *block* (the upper bits) and 16 lower bits. Lists long enough to pay for it
have a row of block starts; short ones keep the block of each posting in a byte.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.segment.array_file import Array, ArrayFile, ArrayWriter, smallest

BLOCK_BITS = 16
BLOCK = 1 << BLOCK_BITS
# The block of a posting is kept in a byte, and so is the one after the last.
BLOCKS_MAX = 255
# A row of block starts costs four bytes a block, a posting of a short list one: even at four to a block.
ROW_PAYS_AT = 4

Docs = NDArray[np.int64]


class Lists:
    """The document lists of a field, by the number of the term."""

    def __init__(self, arrays: ArrayFile, name: str, blocks: int) -> None:
        self.starts = arrays[f"{name}/starts"]
        self._low = arrays[f"{name}/low"]
        self._blocks = blocks
        self._high = arrays[f"{name}/high"] if blocks > 1 else None
        self._rows = arrays[f"{name}/rows"].reshape(-1, blocks + 1) if blocks > 1 else None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def count(self, term: int) -> int:
        """Return how many documents *term* stands in."""
        return int(self.starts[term + 1]) - int(self.starts[term])

    def counts(self) -> Array:
        """Return how many documents each term stands in."""
        return np.diff(self.starts.astype(np.int64))

    def extents(self, terms: Docs) -> tuple[Docs, Docs]:
        """Return where the postings of each of many terms begin in the arrays, and how many there are."""
        starts: Docs = self.starts[terms].astype(np.int64)
        return starts, self.starts[terms + 1].astype(np.int64) - starts

    def extent(self, term: int) -> tuple[int, int]:
        """Return where the postings of *term* begin and end in the arrays that run beside the documents."""
        return int(self.starts[term]), int(self.starts[term + 1])

    def docs(self, term: int) -> Docs:
        """Return the documents of *term*, ascending."""
        first, last = self.extent(term)
        docs = self._low[first:last].astype(np.int64)
        if self._rows is None or self._high is None:
            return docs
        if last - first < ROW_PAYS_AT * self._blocks:
            place = int(self._before[0][term])
            docs += self._high[place : place + last - first].astype(np.int64) << BLOCK_BITS
            return docs
        row = self._rows[int(self._before[1][term])].tolist()
        for block in range(1, self._blocks):
            docs[row[block] : row[block + 1]] += block << BLOCK_BITS
        return docs

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, one list after another."""
        numbers = np.asarray(terms, np.int64)
        starts, sizes = self.extents(numbers)
        docs = taken(self._low, starts, sizes).astype(np.int64)
        if self._rows is None or self._high is None:
            return docs
        is_long = sizes >= ROW_PAYS_AT * self._blocks
        long, short = numbers[is_long], numbers[~is_long]
        edges = self._rows[self._before[1][long]].astype(np.int64)
        per_block = (edges[:, 1:] - edges[:, :-1]).reshape(-1)
        in_long = np.repeat(is_long, sizes)
        docs[in_long] += np.repeat(np.tile(np.arange(self._blocks), len(long)), per_block) << BLOCK_BITS
        high = self._high[ranges(self._before[0][short], sizes[~is_long])]
        docs[~in_long] += high.astype(np.int64) << BLOCK_BITS
        return docs

    @cached_property
    def _before(self) -> tuple[Array, Array]:
        """By term: postings in short lists before it, and long lists before it."""
        counts = np.diff(self.starts.astype(np.int64))
        is_long = counts >= ROW_PAYS_AT * self._blocks
        short, rows = np.where(is_long, 0, counts), is_long.astype(np.int64)
        return (np.cumsum(short) - short).astype(np.uint32), (np.cumsum(rows) - rows).astype(np.uint32)


def block_count(documents: int) -> int:
    """Return into how many blocks so many documents fall; at least one."""
    return max(1, -(-documents // BLOCK))


class ListsWriter:
    """Takes the documents of a field's terms, list after list in chunks of whole lists, and writes them."""

    def __init__(self, out: ArrayWriter, name: str, documents: int) -> None:
        self._out, self._name = out, name
        self._blocks = block_count(documents)
        if self._blocks > BLOCKS_MAX:
            raise OverflowError(f"{documents:,} documents; a segment takes {BLOCKS_MAX << BLOCK_BITS:,}")
        self._sizes = [np.zeros(1, np.int64)]
        self._low = out.spool(f"{name}/low", np.uint16)
        self._high = out.spool(f"{name}/high", np.uint8) if self._blocks > 1 else None
        self._rows = out.spool(f"{name}/rows", np.uint32) if self._blocks > 1 else None

    def add(self, docs: Docs, sizes: Array) -> None:
        """Add the documents of the next terms; *sizes* says how many each term has."""
        self._sizes.append(sizes)
        self._low.append(docs & (BLOCK - 1))
        if self._high and self._rows:
            high, is_long = (docs >> BLOCK_BITS).astype(np.uint8), sizes >= ROW_PAYS_AT * self._blocks
            self._high.append(high[np.repeat(~is_long, sizes)])
            ends = np.cumsum(sizes)
            edges = np.arange(self._blocks + 1, dtype=np.uint8)
            for term in np.flatnonzero(is_long).tolist():
                row = high[ends[term] - sizes[term] : ends[term]].searchsorted(edges)
                self._rows.append(row)

    def write(self) -> None:
        """Write what was added."""
        self._out.add(f"{self._name}/starts", smallest(np.cumsum(np.concatenate(self._sizes))))
        for spool in (self._low, self._high, self._rows):
            if spool:
                spool.write()


def ranges(starts: Array, counts: Array) -> Docs:
    """Return the places of many runs, one after another.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    counts = counts.astype(np.int64)
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places: Docs = np.arange(total) + np.repeat(starts.astype(np.int64) - (ends - counts), counts)
    return places


# The slices of so few runs, or of runs so long on average, are put together sooner than all their places are
# numbered.
FEW_RUNS, LONG_RUN = 16, 100


def taken(array: Array, starts: Array, counts: Array) -> Array:
    """Return many runs of *array*, one after another.

    >>> taken(np.array([5, 6, 7, 8]), np.array([3, 0]), np.array([1, 2])).tolist()
    [8, 5, 6]
    """
    if not len(starts) or (len(starts) > FEW_RUNS and counts.sum() < LONG_RUN * len(starts)):
        return array[ranges(starts, counts)]
    runs = zip(starts.tolist(), counts.tolist(), strict=True)
    return np.concatenate([array[first : first + count] for first, count in runs])


def cuts(sizes: Array, most: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows whose *sizes* add up to about *most*."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        done = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + most, "right")))
        yield first, last
        first = last
