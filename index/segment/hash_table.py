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
_NONE = np.uint64(0)
# Stands for the key 0.
_INSTEAD_OF_NONE = np.uint64(1)


class HashTable:
    """Numbers distinct 64-bit keys in the order in which they are added; keys must be well mixed."""

    def __init__(self) -> None:
        self._count = 0
        self._make(_SMALLEST_BITS)

    def __len__(self) -> int:
        return self._count

    def find(self, keys: HashKeys) -> Numbers:
        """Return the number of each of *keys*, -1 if it is missing."""
        keys = _usable(keys)
        places = self._first(keys)
        slot_keys = self._keys[places]
        numbers = np.where(slot_keys == keys, self._numbers[places], -1)
        pending = ((slot_keys != keys) & (slot_keys != _NONE)).nonzero()[0]
        places, keys = places[pending], keys[pending]
        while pending.size:
            places = (places + 1) & self._last
            slot_keys = self._keys[places]
            is_match = slot_keys == keys
            numbers[pending[is_match]] = self._numbers[places[is_match]]
            is_occupied = ~is_match & (slot_keys != _NONE)
            pending, places, keys = pending[is_occupied], places[is_occupied], keys[is_occupied]
        return numbers

    def add(self, keys: HashKeys) -> None:
        """Add *keys*, which are distinct and new."""
        start, self._count = self._count, self._count + len(keys)
        while self._count > _FULL * len(self._keys):
            self._grow()
        self._put(_usable(keys), np.arange(start, self._count, dtype=np.int32))

    def number(self, keys: HashKeys) -> tuple[Numbers, Numbers]:
        """Number *keys*, adding the missing ones; return the numbers, and the first place of each new key."""
        keys = _usable(keys)
        numbers = self.find(keys)
        missing = (numbers < 0).nonzero()[0]
        new = missing[first_of_each(keys[missing])]
        if new.size:
            self.add(keys[new])
            numbers[missing] = self.find(keys[missing])
        return numbers, new

    def _make(self, bits: int) -> None:
        self._shift, self._last = np.uint64(64 - bits), (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._numbers = np.zeros(1 << bits, np.int32)

    def _grow(self) -> None:
        keys, numbers = self._keys, self._numbers
        is_used = keys != _NONE
        self._make(len(keys).bit_length())
        self._put(keys[is_used], numbers[is_used])

    def _put(self, keys: HashKeys, numbers: Numbers) -> None:
        places = self._first(keys)
        while keys.size:
            free = self._keys[places] == _NONE
            self._keys[places[free]] = keys[free]
            is_stored = self._keys[places] == keys  # of several keys for one slot, the last wins
            self._numbers[places[is_stored]] = numbers[is_stored]
            keys, numbers, places = (
                keys[~is_stored],
                numbers[~is_stored],
                (places[~is_stored] + 1) & self._last,
            )

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
