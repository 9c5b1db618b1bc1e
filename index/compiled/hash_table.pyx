# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""The hash table of `index/segment/hash_table.py`, compiled: it numbers keys alike."""

from libc.stdint cimport int32_t, int64_t, uint64_t

import numpy as np

# As in the other table, which says why.
cdef int _SMALLEST_BITS = 10
cdef double _FULL = 0.7
cdef uint64_t _NONE = 0, _INSTEAD_OF_NONE = 1


cdef class CompiledHashTable:
    """Numbers distinct 64-bit keys in the order in which they are added; keys must be well mixed."""

    cdef uint64_t[::1] _keys
    cdef int32_t[::1] _numbers
    cdef Py_ssize_t _count
    cdef uint64_t _last
    cdef int _shift

    def __init__(self):
        self._count = 0
        self._make(_SMALLEST_BITS)

    def __len__(self):
        return self._count

    def find(self, const uint64_t[::1] keys):
        """Return the number of each of *keys*, -1 if it is missing."""
        found = np.empty(len(keys), np.int64)
        cdef int64_t[::1] numbers = found
        cdef Py_ssize_t i
        cdef uint64_t place
        for i in range(len(keys)):
            place = self._place(_usable(keys[i]))
            numbers[i] = self._numbers[place] if self._keys[place] != _NONE else -1
        return found

    def add(self, const uint64_t[::1] keys):
        """Add *keys*, which are distinct and new."""
        cdef Py_ssize_t i
        for i in range(len(keys)):
            self._put(self._place(_usable(keys[i])), _usable(keys[i]))

    def number(self, const uint64_t[::1] keys):
        """Number *keys*, adding the missing ones; return the numbers, and the first place of each new key."""
        found, firsts = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
        cdef int64_t[::1] numbers = found, new = firsts
        cdef Py_ssize_t i, count = 0
        cdef uint64_t place
        for i in range(len(keys)):
            place = self._place(_usable(keys[i]))
            if self._keys[place] != _NONE:
                numbers[i] = self._numbers[place]
                continue
            numbers[i] = self._count
            new[count] = i
            count += 1
            self._put(place, _usable(keys[i]))
        return found, firsts[:count].copy()

    cdef inline uint64_t _place(self, uint64_t key) noexcept:
        """Return the slot of *key*, or the empty one where it belongs."""
        cdef uint64_t place = key >> self._shift
        while self._keys[place] != key and self._keys[place] != _NONE:
            place = (place + 1) & self._last
        return place

    cdef int _put(self, uint64_t place, uint64_t key) except -1:
        self._keys[place] = key
        self._numbers[place] = self._count
        self._count += 1
        if self._count > _FULL * len(self._keys):
            self._grow()
        return 0

    cdef int _grow(self) except -1:
        cdef uint64_t[::1] keys = self._keys
        cdef int32_t[::1] numbers = self._numbers
        cdef Py_ssize_t i
        cdef uint64_t place
        self._make(65 - self._shift)
        for i in range(len(keys)):
            if keys[i] != _NONE:
                place = self._place(keys[i])
                self._keys[place] = keys[i]
                self._numbers[place] = numbers[i]
        return 0

    cdef int _make(self, int bits) except -1:
        self._shift, self._last = 64 - bits, (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._numbers = np.zeros(1 << bits, np.int32)
        return 0


cdef inline uint64_t _usable(uint64_t key) noexcept:
    return key if key != _NONE else _INSTEAD_OF_NONE
