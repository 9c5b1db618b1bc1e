"""An open-addressing hash table in two flat arrays; it takes a tenth of the memory of a dict."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

HashKeys = NDArray[np.uint64]
Numbers = NDArray[np.integer[Any]]

_SMALLEST_BITS = 10
# The table grows beyond this share of used slots, because probes would get long.
_FULL = 0.7
# The key of an empty slot.
_NONE = 0
# Stands for the key 0.
_INSTEAD_OF_NONE = 1


class HashTable:
    """Numbers distinct 64-bit keys in the order in which they are added; keys must be well mixed."""

    def __init__(self) -> None:
        self._count = 0
        self._make(_SMALLEST_BITS)

    def __len__(self) -> int:
        return self._count

    def find(self, keys: HashKeys) -> Numbers:
        """Return the number of each of *keys*, -1 if it is missing."""
        numbers = np.empty(len(keys), np.int64)
        self._find(keys.data, numbers.data)
        return numbers

    def add(self, keys: HashKeys) -> None:
        """Add *keys*, which are distinct and new."""
        self._add(keys.data)

    def number(self, keys: HashKeys) -> tuple[Numbers, Numbers]:
        """Number *keys*, adding the missing ones; return the numbers, and the first place of each new key."""
        numbers, firsts = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
        count = self._number(keys.data, numbers.data, firsts.data)
        return numbers, firsts[:count].copy()

    def _find(self, keys: memoryview, numbers: memoryview) -> None:
        for row in range(len(keys)):
            place = self._place(_usable(keys[row]))
            numbers[row] = self._numbers[place] if self._keys[place] != _NONE else -1

    def _add(self, keys: memoryview) -> None:
        for row in range(len(keys)):
            key = _usable(keys[row])
            self._put(self._place(key), key)

    def _number(self, keys: memoryview, numbers: memoryview, firsts: memoryview) -> int:
        """Set the numbers of *keys*, and the first places of the new ones; return how many are new."""
        count = 0
        for row in range(len(keys)):
            key = _usable(keys[row])
            place = self._place(key)
            if self._keys[place] != _NONE:
                numbers[row] = self._numbers[place]
                continue
            numbers[row] = self._count
            firsts[count] = row
            count += 1
            self._put(place, key)
        return count

    def _place(self, key: int) -> int:
        """Return the slot of *key*, or the empty one where it belongs."""
        place = key >> self._shift
        while self._keys[place] != key and self._keys[place] != _NONE:
            place = (place + 1) & self._last
        return place

    def _put(self, place: int, key: int) -> None:
        """Store the number of a new key at its place."""
        self._keys[place] = key
        self._numbers[place] = self._count
        self._count += 1
        if self._count > _FULL * len(self._keys):
            self._grow()

    def _grow(self) -> None:
        keys, numbers = self._keys, self._numbers
        self._make(65 - self._shift)
        for row in range(len(keys)):
            if keys[row] != _NONE:
                place = self._place(keys[row])
                self._keys[place] = keys[row]
                self._numbers[place] = numbers[row]

    def _make(self, bits: int) -> None:
        self._shift, self._last = 64 - bits, (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64).data
        self._numbers = np.zeros(1 << bits, np.int32).data


def _usable(key: int) -> int:
    return key if key != _NONE else _INSTEAD_OF_NONE


def first_of_each(keys: HashKeys) -> Numbers:
    """Return the index of the first occurrence of each distinct key, ascending.

    >>> first_of_each(np.array([7, 3, 7, 5], np.uint64)).tolist()
    [0, 1, 3]
    """
    return np.sort(np.unique(keys, return_index=True)[1])
