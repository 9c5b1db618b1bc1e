"""Arrays of numbers for modules of the core: C's memory, by `c/memory.pxd`, or NumPy's, here, if interpreted.

In C they have no bounds, and no length: who makes one keeps its length, and hands on the first row and the
count. A class that has one as an attribute releases it in ``__dealloc__``, and makes each by a statement of
its own: of two in one, the first would be lost if there is no memory for the second. Each has room for one
number at least.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike


def _zeros(kind: DTypeLike, count: int) -> "memoryview[Any]":
    return np.zeros(max(count, 1), kind).data


def _longer(kind: DTypeLike, numbers: memoryview | None, count: int, room: int) -> memoryview:
    """Return an array with more *room* and the first *count* of some numbers, which are released."""
    made = _zeros(kind, room)
    if numbers is not None:
        _copy(made, 0, numbers, 0, count)
    return made


def _copy(to: "memoryview[Any]", place: int, source: "memoryview[Any]", first: int, count: int) -> None:
    """Set *to* from *place* on to *count* numbers of *source* from *first* on; both may be the same."""
    to[place : place + count] = source[first : first + count]


def sort_longs(numbers: memoryview, count: int) -> None:
    """Make the first *count* numbers ascend."""
    np.asarray(numbers)[:count].sort()


def release(numbers: "memoryview[Any] | None") -> None:
    """Give an array back; nothing may read it any more."""


Maker = Callable[[int], memoryview]
FloatMaker = Callable[[int], "memoryview[float]"]
"""Makes an array of so many numbers."""

# Zeros: of uint8, int32, int64, uint64, float and double.
new_bytes: Maker = partial(_zeros, np.uint8)
new_ints: Maker = partial(_zeros, np.int32)
new_longs: Maker = partial(_zeros, np.int64)
new_words: Maker = partial(_zeros, np.uint64)
new_floats: FloatMaker = partial(_zeros, np.float32)
new_doubles: FloatMaker = partial(_zeros, np.float64)
# In C, whatever was in memory.
room_for_ints, room_for_longs = new_ints, new_longs
room_for_floats, room_for_doubles = new_floats, new_doubles
longer_ints = partial(_longer, np.int32)
longer_longs = partial(_longer, np.int64)
copy_ints = copy_longs = copy_floats = _copy
