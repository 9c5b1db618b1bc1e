"""Positions as a segment stores them: without holes."""

import numpy as np

from index.segment.array_file import Array


def restore_holes(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions as they were before ``remove_holes``."""
    plain = positions.astype(np.int64)
    for after, length in holes:
        # Earlier holes are restored already.
        plain[plain >= after - length] += length
    return plain
