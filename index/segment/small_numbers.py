"""Whole numbers of which nearly all are small: 2 or 4 bits each, and the few others in a list.

A byte of the array ``<name>`` has ``per`` = 8 / bits numbers, the first in its lowest bits: that of *row* is
``<name>[row // per] >> row % per * bits & 2**bits - 1``. 0 stands for a number that is listed, because it is
0 or does not fit: ``<name>_other_places`` has the rows of these numbers, ascending; ``<name>_others``, which
is parallel, the numbers themselves.
"""

from bisect import bisect_left

import numpy as np

from index.segment.array_file import Array, ArrayFile, ArrayWriter, smallest_type
from index.segment.doc_lists import Docs, expand_ranges, take_ranges

# 99.7 % of the postings of words have one, two or three positions.
COUNT_BITS = 2
# 99.5 % of the weights of words and unions are 1 to 15.
WEIGHT_BITS = 4
OTHER = 0


def _shifts(bits: int) -> Array:
    return np.arange(0, 8, bits, dtype=np.uint8)


# By bits, the steps in which each byte becomes two with half its bits: how far the high half is shifted, and
# which bits are kept. For long lists that takes a third of the time of a table with the numbers of each byte.
_HALVE, _QUARTER = (np.uint16(4), np.uint16(0x0F0F)), (np.uint16(6), np.uint16(0x0303))
_STEPS = {COUNT_BITS: (_HALVE, _QUARTER), WEIGHT_BITS: (_HALVE,)}


def _unpack(packed: Array, bits: int) -> Array:
    """Return the numbers of bytes."""
    for shift, kept in _STEPS[bits]:
        pairs = packed.astype(np.uint16)
        pairs |= pairs << shift
        pairs &= kept
        packed = pairs.view(np.uint8)
    return packed


class SmallNumbers:
    """The numbers of an array of a file, read as bytes; ranges with listed numbers have the type of those."""

    def __init__(self, arrays: ArrayFile, name: str, bits: int) -> None:
        self._packed = arrays[name]
        self._other_places = arrays[f"{name}_other_places"]
        self._searched = self._other_places.data
        self._others = arrays[f"{name}_others"]
        self._bits, self._per_byte = bits, 8 // bits

    def between(self, first: int, last: int) -> Array:
        """Return the numbers of a range of rows."""
        packed = self._packed[first // self._per_byte : -(-last // self._per_byte)]
        skipped = first % self._per_byte
        numbers = _unpack(packed, self._bits)[skipped : skipped + last - first]
        start = bisect_left(self._searched, first)
        end = bisect_left(self._searched, last, start)
        if start < end:
            numbers = numbers.astype(self._others.dtype, copy=False)
            numbers[self._other_places[start:end].astype(np.int64) - first] = self._others[start:end]
        return numbers

    def ranges(self, starts: Docs, sizes: Docs) -> Array:
        """Return the numbers of many ranges of rows, concatenated."""
        firsts = starts // self._per_byte
        lengths = -(-(starts + sizes) // self._per_byte) - firsts
        unpacked = _unpack(take_ranges(self._packed, firsts, lengths), self._bits)
        begins = (lengths.cumsum() - lengths - firsts) * self._per_byte + starts
        numbers = take_ranges(unpacked, begins, sizes)
        first = self._count_others_before(starts)
        listed = self._count_others_before(starts + sizes) - first
        if listed.any():
            others = expand_ranges(first, listed)
            places = self._other_places[others].astype(np.int64)
            numbers = numbers.astype(self._others.dtype, copy=False)
            numbers[places + (sizes.cumsum() - sizes - starts).repeat(listed)] = self._others[others]
        return numbers

    def _count_others_before(self, places: Docs) -> Array:
        # Places of another type would make numpy convert the whole array.
        return self._other_places.searchsorted(places.astype(self._other_places.dtype))


class SmallNumbersWriter:
    """Writes an array of numbers in chunks."""

    def __init__(self, out: ArrayWriter, name: str, bits: int) -> None:
        self._packed = out.spool(name, np.uint8)
        self._other_places = out.spool(f"{name}_other_places", np.uint64)
        self._others = out.spool(f"{name}_others", np.uint64)
        self._top_small, self._shifts = (1 << bits) - 1, _shifts(bits)
        self._rows = self._top = 0
        self._rest = np.zeros(0, np.uint8)

    def append(self, numbers: Array) -> None:
        """Append numbers."""
        small = np.where(numbers <= self._top_small, numbers, OTHER).astype(np.uint8)
        places = (small == OTHER).nonzero()[0]
        self._other_places.append(self._rows + places)
        self._others.append(numbers[places])
        self._top = max(self._top, int(numbers.max(initial=0)))
        self._rows += len(numbers)
        pending = np.concatenate((self._rest, small))
        whole = len(pending) - len(pending) % len(self._shifts)
        self._pack(pending[:whole])
        self._rest = pending[whole:]

    def _pack(self, small: Array) -> None:
        self._packed.append(
            np.bitwise_or.reduce(small.reshape(-1, len(self._shifts)) << self._shifts, axis=1)
        )

    def write(self) -> None:
        """Write the array."""
        self._pack(np.append(self._rest, np.zeros(-len(self._rest) % len(self._shifts), np.uint8)))
        self._packed.write()
        self._other_places.write(smallest_type(self._rows))
        self._others.write(smallest_type(self._top))
