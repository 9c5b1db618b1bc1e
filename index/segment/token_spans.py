"""Packs the spans of a text's tokens, their starts and ends, into about a byte each."""

import numpy as np

from index.segment.array_file import Array

# The gap to the previous span and the length share a byte if they are small, as nearly all are.
GAPS, LENGTHS = 4, 63


def pack_spans(starts: Array, ends: Array, counts: Array) -> tuple[Array, Array, Array, Array]:
    """Pack half-open spans into bytes; *counts* is the number of spans of each text.

    A byte is 1 + (gap - 1) * LENGTHS + (length - 1); the gap of a text's first span is measured from one
    character before the text. If that does not fit, the byte is 0, and the other three arrays hold index, gap
    and length.
    """
    before = np.empty_like(ends)
    before[1:] = ends[:-1]
    heads = np.cumsum(counts) - counts
    before[heads[counts > 0]] = -1
    gaps, lengths = starts - before, ends - starts
    fits = (gaps >= 1) & (gaps <= GAPS) & (lengths >= 1) & (lengths <= LENGTHS)
    codes = np.where(fits, 1 + (gaps - 1) * LENGTHS + (lengths - 1), 0).astype(np.uint8)
    odd = np.flatnonzero(~fits)
    return codes, odd, gaps[odd].astype(np.int32), lengths[odd].astype(np.int32)
