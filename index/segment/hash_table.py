"""An open-addressing hash table in two flat arrays: a tenth of a dict's memory, looked up in batches."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

HashKeys = NDArray[np.uint64]
Numbers = NDArray[np.integer[Any]]

_SMALLEST_BITS = 10
# Probes get long in a fuller table.
_FULL = 0.7
# Marks an empty slot.
_NONE = np.uint64(0)
_INSTEAD_OF_NONE = np.uint64(1)


class HashTable:
    """Numbers distinct 64-bit keys in the order they are added; keys must be well mixed."""

    def __init__(self) -> None:
        self._count = 0
        self._make(_SMALLEST_BITS)

    def __len__(self) -> int:
        return self._count

    def find(self, keys: HashKeys) -> Numbers:
        """Return the number of each of *keys*, -1 if it is missing."""
        keys = _usable(keys)
        places = self._first(keys)
        held = self._keys[places]
        found = np.where(held == keys, self._numbers[places], -1)
        walking = ((held != keys) & (held != _NONE)).nonzero()[0]
        places, keys = places[walking], keys[walking]
        while walking.size:
            places = (places + 1) & self._last
            held = self._keys[places]
            there = held == keys
            found[walking[there]] = self._numbers[places[there]]
            on = ~there & (held != _NONE)
            walking, places, keys = walking[on], places[on], keys[on]
        return found

    def add(self, keys: HashKeys) -> None:
        """Add *keys*, which are distinct and new."""
        first, self._count = self._count, self._count + len(keys)
        while self._count > _FULL * len(self._keys):
            self._grow()
        self._put(_usable(keys), np.arange(first, self._count, dtype=np.int32))

    def _make(self, bits: int) -> None:
        self._shift, self._last = np.uint64(64 - bits), (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._numbers = np.zeros(1 << bits, np.int32)

    def _grow(self) -> None:
        keys, numbers = self._keys, self._numbers
        there = keys != _NONE
        self._make(len(keys).bit_length())
        self._put(keys[there], numbers[there])

    def _put(self, keys: HashKeys, numbers: Numbers) -> None:
        places = self._first(keys)
        while keys.size:
            free = self._keys[places] == _NONE
            self._keys[places[free]] = keys[free]
            put = self._keys[places] == keys  # of several keys for one slot the last one wins
            self._numbers[places[put]] = numbers[put]
            keys, numbers, places = keys[~put], numbers[~put], (places[~put] + 1) & self._last

    def _first(self, keys: HashKeys) -> Numbers:
        """Return the slot where the probe for each key starts."""
        return (keys >> self._shift).astype(np.int64)


def _usable(keys: HashKeys) -> HashKeys:
    return np.where(keys == _NONE, _INSTEAD_OF_NONE, keys)


def first_of_each(keys: HashKeys) -> Numbers:
    """Return the index of the first occurrence of each distinct key, ascending.

    >>> first_of_each(np.array([7, 3, 7, 5], np.uint64)).tolist()
    [0, 1, 3]
    """
    return np.sort(np.unique(keys, return_index=True)[1])
