"""The number of positions of each posting, in two bits, because nearly all are 1, 2 or 3."""

import numpy as np

from index.segment.array_file import Array, ArrayFile, ArrayWriter, shrink, smallest_type
from index.segment.doc_lists import Docs, expand_ranges, take_ranges

# A byte holds four codes. A code is the count itself, or OTHER for a count that is listed with its place.
CODES_PER_BYTE, TOP_CODE, OTHER = 4, 3, 0
_SHIFTS = np.arange(0, 8, 2, dtype=np.uint8)
# The codes of each byte, as the bytes of one number.
_UNPACKED = (np.arange(256, dtype=np.uint8)[:, None] >> _SHIFTS & TOP_CODE).view(np.uint32).reshape(-1)


class PositionCounts:
    """The number of positions of each posting of a field."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self.starts = arrays[f"{name}/position_starts"]
        """Where the positions of each term begin."""
        self._codes = arrays[f"{name}/counts"]
        self._other_places = arrays[f"{name}/other_places"]
        self._other_counts = arrays[f"{name}/other_counts"]

    def read(self, starts: Docs, sizes: Docs) -> Docs:
        """Return the counts of ranges of postings, concatenated."""
        counts: Docs = self._read_codes(starts, sizes).astype(np.int64)
        first = self._count_others_before(starts)
        listed = self._count_others_before(starts + sizes) - first
        if listed.any():
            others = expand_ranges(first, listed)
            places = self._other_places[others].astype(np.int64)
            counts[places + (sizes.cumsum() - sizes - starts).repeat(listed)] = self._other_counts[others]
        return counts

    def _count_others_before(self, places: Docs) -> Array:
        # Places of another type would make numpy convert the whole array.
        return self._other_places.searchsorted(places.astype(self._other_places.dtype))

    def _read_codes(self, starts: Docs, sizes: Docs) -> Array:
        firsts = starts >> 2
        lengths = (starts + sizes + 3 >> 2) - firsts
        codes = _UNPACKED.take(take_ranges(self._codes, firsts, lengths)).view(np.uint8)
        return take_ranges(codes, (lengths.cumsum() - lengths - firsts << 2) + starts, sizes)


class PositionCountsWriter:
    """Writes the number of positions of each posting of a field."""

    def __init__(self, out: ArrayWriter, name: str) -> None:
        self._out, self._name = out, name
        self._codes = out.spool(f"{name}/counts", np.uint8)
        self._other_places = out.spool(f"{name}/other_places", np.uint64)
        self._other_counts = out.spool(f"{name}/other_counts", np.uint32)
        self._ends = [np.zeros(1, np.int64)]
        self._postings = self._top = 0
        self._rest = np.zeros(0, np.uint8)

    def add(self, counts: Array, sizes: Array) -> None:
        """Add the counts of the next terms; *sizes* are their document frequencies."""
        before = np.concatenate(([0], counts.cumsum(dtype=np.int64)))
        self._ends.append(self._ends[-1][-1] + before[sizes.cumsum()])
        codes = np.where(counts <= TOP_CODE, counts, OTHER).astype(np.uint8)
        others = (codes == OTHER).nonzero()[0]
        self._other_places.append(self._postings + others)
        self._other_counts.append(counts[others])
        self._top = max(self._top, int(counts.max(initial=0)))
        self._postings += len(counts)
        pending = np.concatenate((self._rest, codes))
        whole = len(pending) // CODES_PER_BYTE * CODES_PER_BYTE
        self._append(pending[:whole])
        self._rest = pending[whole:]

    def _append(self, codes: Array) -> None:
        self._codes.append(np.bitwise_or.reduce(codes.reshape(-1, CODES_PER_BYTE) << _SHIFTS, axis=1))

    def write(self) -> None:
        """Write the counts."""
        self._append(np.append(self._rest, np.zeros(-len(self._rest) % CODES_PER_BYTE, np.uint8)))
        self._codes.write()
        self._other_places.write(smallest_type(self._postings))
        self._other_counts.write(smallest_type(self._top))
        self._out.add(f"{self._name}/position_starts", shrink(np.concatenate(self._ends)[:-1]))
