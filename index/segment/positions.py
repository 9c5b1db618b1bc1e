"""Positions as a segment stores them: without holes, and with running sums of their counts."""

import numpy as np

from index.segment.array_file import Array
from index.segment.doc_lists import Docs, expand_ranges

# One running sum of position counts is stored per 2 ** SUM_BITS postings.
SUM_BITS = 6


def count_positions_before(counts: Array, sums: Array, places: Docs) -> Docs:
    """Return the number of positions before those of the postings in rows *places*."""
    marks = places >> SUM_BITS
    lengths = places - (marks << SUM_BITS)
    ends = lengths.cumsum()
    between = np.concatenate(([0], counts[expand_ranges(marks << SUM_BITS, lengths)].cumsum(dtype=np.int64)))
    before: Docs = sums[marks].astype(np.int64) + between[ends] - between[ends - lengths]
    return before


def restore_holes(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions as they were before ``remove_holes``."""
    plain = positions.astype(np.int64)
    for after, length in holes:
        # Earlier holes are restored already.
        plain[plain >= after - length] += length
    return plain
