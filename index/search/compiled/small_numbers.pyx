# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Reads the numbers of two or four bits that `index/segment/small_numbers.py` describes."""

import numpy as np  # for `column_of`

from libc.stdint cimport int64_t, uint8_t

from index.search.compiled.columns cimport Column, at, column_of, first_from_value


cdef class SmallNumberArrays:
    """An array of *count* small numbers; who reads it has checked that the rows are inside."""

    def __init__(self, arrays, name, bits, count):
        self.kept = []
        self.packed = column_of(arrays[name], self.kept)
        self.other_places = column_of(arrays[f"{name}_other_places"], self.kept)
        self.others = column_of(arrays[f"{name}_others"], self.kept)
        self.bits, self.per_byte = bits, 8 // bits
        is_right = self.packed.size == 1 and self.packed.length * self.per_byte >= count
        if count and not is_right or self.others.length != self.other_places.length:
            raise ValueError(f"{name}: arrays with a wrong length")

    cdef Py_ssize_t first_other(self, int64_t row) noexcept:
        """Return the place in the list of other numbers of the first one from *row* on."""
        return first_from_value(self.other_places, row)

    cdef int unpack(self, int64_t first, Py_ssize_t count, float* found) except -1:
        """Set *found* to *count* numbers."""
        cdef const uint8_t* packed = self.packed.bytes
        cdef int shift = 1 if self.bits == 4 else 2, mask = (1 << self.bits) - 1
        cdef int64_t row, place, in_byte = self.per_byte - 1
        cdef Py_ssize_t other = self.first_other(first)
        for row in range(first, first + count):
            found[row - first] = packed[row >> shift] >> ((row & in_byte) * self.bits) & mask
        while other < self.others.length:
            place = at(self.other_places, other) - first
            if place >= count:
                break
            if place < 0:
                raise ValueError("places of other numbers that do not ascend")
            found[place] = <float>at(self.others, other)
            other += 1
        return 0
