"""Counts in memory that a process shares with those that it forks."""

import ctypes
import mmap
from collections.abc import MutableSequence


def share_counts(length: int) -> MutableSequence[int]:
    """Return an array of zeros, which processes forked later see and change, too.

    Unlike `multiprocessing.RawArray` it needs no file, so it works where nothing may be written.
    """
    array = ctypes.c_int * length
    memory = mmap.mmap(-1, ctypes.sizeof(array))
    return array.from_buffer(memory)  # type: ignore[return-value]  # ctypes does not declare what it is
