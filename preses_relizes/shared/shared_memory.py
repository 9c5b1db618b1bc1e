"""Numbers in memory that a process shares with those that it forks.

Unlike those of `multiprocessing.sharedctypes` they need no file, so they work where nothing may be written.
"""

import ctypes
import mmap
from collections.abc import MutableSequence

import numpy as np
from numpy.typing import NDArray


def share_counts(length: int) -> MutableSequence[int]:
    """Return an array of zeros, which processes forked later see and change, too."""
    array = ctypes.c_int * length
    memory = mmap.mmap(-1, ctypes.sizeof(array))
    return array.from_buffer(memory)  # type: ignore[return-value]  # ctypes does not declare what it is


def share_sums(length: int) -> NDArray[np.float64]:
    """Return an array of zeros for fractions, which processes forked later see and change, too."""
    return np.frombuffer(mmap.mmap(-1, 8 * length))
