"""Positions as a segment stores them: without their holes, and counted by sums."""

import numpy as np

from index.segment.array_file import Array
from index.segment.doc_lists import Docs, ranges

# A sum of the counts of positions is kept for so many postings (as a power of 2).
SUM_BITS = 6


def positions_before(counts: Array, sums: Array, places: Docs) -> Docs:
    """Return how many positions stand before those of the postings at *places*, by what was written."""
    marks = places >> SUM_BITS
    lengths = places - (marks << SUM_BITS)
    ends = np.cumsum(lengths)
    between = np.concatenate(([0], np.cumsum(counts[ranges(marks << SUM_BITS, lengths)], dtype=np.int64)))
    before: Docs = sums[marks].astype(np.int64) + between[ends] - between[ends - lengths]
    return before


def opened(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions as they were before ``closed``."""
    plain = positions.astype(np.int64)
    for after, length in holes:
        # What stood before this hole has had the earlier ones put back already.
        plain[plain >= after - length] += length
    return plain
