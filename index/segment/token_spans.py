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


# The length of a span by its code, and the distance from the previous end to its end.
_LENGTH = ((np.arange(256) - 1) % LENGTHS + 1).astype(np.uint8)
_STEP = (_LENGTH + (np.arange(256) - 1) // LENGTHS + 1).astype(np.uint8)


def unpack_spans(
    codes: Array, odd: tuple[Array, Array, Array] | None, tokens: Array, firsts: Array
) -> tuple[Array, Array]:
    """Return the starts and ends of *tokens*.

    *odd* are the last three arrays of ``pack_spans``, None if they are empty; *firsts* is the first token of
    the text of each of *tokens*.
    """
    steps, lengths = _STEP.take(codes), _LENGTH.take(codes)
    if odd is not None:
        steps, lengths = steps.astype(np.int64), lengths.astype(np.int64)
        odd_tokens, odd_gaps, odd_lengths = odd
        lengths[odd_tokens] = odd_lengths
        steps[odd_tokens] = odd_gaps + odd_lengths
    ends = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(steps, out=ends[1:])
    after = ends[tokens + 1] - ends[firsts] - 1
    return after - lengths[tokens], after
