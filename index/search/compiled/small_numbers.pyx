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
        is_right = self.packed.size == 1 and self.packed.length * (8 // bits) >= count
        if count and not is_right or self.others.length != self.other_places.length:
            raise ValueError(f"{name}: arrays with a wrong length")

    cdef Py_ssize_t first_other(self, int64_t row) noexcept:
        """Return the place in the list of other numbers of the first one from *row* on."""
        return first_from_value(self.other_places, row)

    cdef int unpack(self, int64_t first, Py_ssize_t count, float* found) except -1:
        """Set *found* to *count* numbers of four bits."""
        cdef const uint8_t* packed = self.packed.bytes + (first >> 1)
        cdef int64_t place
        cdef Py_ssize_t other = self.first_other(first), row, odd = first & 1
        if odd and count:
            found[0] = packed[0] >> 4
        for row in range((count - odd) >> 1):
            found[odd + 2 * row] = packed[odd + row] & 15
            found[odd + 2 * row + 1] = packed[odd + row] >> 4
        if count > odd and (count - odd) & 1:
            found[count - 1] = packed[odd + ((count - odd) >> 1)] & 15
        while other < self.others.length:
            place = at(self.other_places, other) - first
            if place >= count:
                break
            if place < 0:
                raise ValueError("places of other numbers that do not ascend")
            found[place] = <float>at(self.others, other)
            other += 1
        return 0
