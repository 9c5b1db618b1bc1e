"""Compact lists of ascending document numbers, one per term; each is decoded independently.

A document number is split into its *block* (the high bits) and its low 16 bits. A long list has a row of
block starts; a short list stores the block of each posting in a byte.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.segment.array_file import Array, ArrayFile, ArrayWriter, shrink

BLOCK_BITS = 16
BLOCK = 1 << BLOCK_BITS
# A block number must fit in a byte, and so must the number after the last block.
BLOCKS_MAX = 255
# A row of block starts takes four bytes per block; short lists take one byte per posting instead.
ROW_PAYS_AT = 4

Docs = NDArray[np.int64]


class DocLists:
    """The document lists of a field, by term number."""

    def __init__(self, arrays: ArrayFile, name: str, blocks: int) -> None:
        self.starts = arrays[f"{name}/starts"]
        self._low = arrays[f"{name}/low"]
        self._blocks = blocks
        self._high = arrays[f"{name}/high"] if blocks > 1 else None
        self._rows = arrays[f"{name}/rows"].reshape(-1, blocks + 1) if blocks > 1 else None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def count(self, term: int) -> int:
        """Return the document frequency of *term*."""
        return int(self.starts[term + 1]) - int(self.starts[term])

    def counts(self) -> Array:
        """Return the document frequency of each term."""
        return np.diff(self.starts.astype(np.int64))

    def extents(self, terms: Docs) -> tuple[Docs, Docs]:
        """Return the first row of each term's postings in the parallel arrays, and their number."""
        starts: Docs = self.starts[terms].astype(np.int64)
        return starts, self.starts[terms + 1].astype(np.int64) - starts

    def extent(self, term: int) -> tuple[int, int]:
        """Return the first row of a term's postings in the parallel arrays, and the end."""
        return int(self.starts[term]), int(self.starts[term + 1])

    def docs(self, term: int) -> Docs:
        """Return the documents of *term*, ascending."""
        first, last = self.extent(term)
        docs = self._low[first:last].astype(np.int64)
        if self._rows is None or self._high is None:
            return docs
        if last - first < ROW_PAYS_AT * self._blocks:
            place = int(self.before[0][term])
            docs += self._high[place : place + last - first].astype(np.int64) << BLOCK_BITS
            return docs
        row = self._rows[int(self.before[1][term])].tolist()
        for block in range(1, self._blocks):
            docs[row[block] : row[block + 1]] += block << BLOCK_BITS
        return docs

    def docs_of(self, terms: Sequence[int] | Docs) -> Docs:
        """Return the documents of many terms, concatenated."""
        numbers = np.asarray(terms, np.int64)
        starts, sizes = self.extents(numbers)
        docs = take_ranges(self._low, starts, sizes).astype(np.int64)
        if self._rows is None or self._high is None:
            return docs
        is_long = sizes >= ROW_PAYS_AT * self._blocks
        long, short = numbers[is_long], numbers[~is_long]
        edges = self._rows[self.before[1][long]].astype(np.int64)
        per_block = (edges[:, 1:] - edges[:, :-1]).reshape(-1)
        in_long = np.repeat(is_long, sizes)
        docs[in_long] += np.repeat(np.tile(np.arange(self._blocks), len(long)), per_block) << BLOCK_BITS
        high = self._high[expand_ranges(self.before[0][short], sizes[~is_long])]
        docs[~in_long] += high.astype(np.int64) << BLOCK_BITS
        return docs

    @cached_property
    def before(self) -> tuple[Array, Array]:
        """Per term, the number of postings in earlier short lists, and the number of earlier long lists."""
        counts = np.diff(self.starts.astype(np.int64))
        is_long = counts >= ROW_PAYS_AT * self._blocks
        short, rows = np.where(is_long, 0, counts), is_long.astype(np.int64)
        return (np.cumsum(short) - short).astype(np.uint32), (np.cumsum(rows) - rows).astype(np.uint32)


def block_count(documents: int) -> int:
    """Return the number of blocks of this many documents; at least one."""
    return max(1, -(-documents // BLOCK))


class DocListsWriter:
    """Writes the document lists of a field; they are added in chunks of complete lists."""

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
        """Add the documents of the next terms; *sizes* are their document frequencies."""
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
        """Write the lists."""
        self._out.add(f"{self._name}/starts", shrink(np.cumsum(np.concatenate(self._sizes))))
        for spool in (self._low, self._high, self._rows):
            if spool:
                spool.write()


def expand_ranges(starts: Array, counts: Array) -> Docs:
    """Return the numbers of many ranges, concatenated.

    >>> expand_ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    counts = counts.astype(np.int64)
    ends = counts.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    places: Docs = np.arange(total) + (starts.astype(np.int64) - (ends - counts)).repeat(counts)
    return places


# For few ranges, or ranges long on average, joining slices is faster than indexing.
FEW_RANGES, LONG_RANGE = 16, 100


def take_ranges(array: Array, starts: Array, counts: Array) -> Array:
    """Return many ranges of *array*, concatenated.

    >>> take_ranges(np.array([5, 6, 7, 8]), np.array([3, 0]), np.array([1, 2])).tolist()
    [8, 5, 6]
    """
    if not len(starts) or (len(starts) > FEW_RANGES and counts.sum() < LONG_RANGE * len(starts)):
        return array[expand_ranges(starts, counts)]
    runs = zip(starts.tolist(), counts.tolist(), strict=True)
    return np.concatenate([array[first : first + count] for first, count in runs])


def split_by_size(sizes: Array, total: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows whose *sizes* add up to about *total*; each has at least one row."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        size_before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, size_before + total, "right")))
        yield first, last
        first = last
