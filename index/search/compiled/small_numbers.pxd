from libc.stdint cimport int64_t, uint64_t
from libc.string cimport memcpy

from index.search.compiled.columns cimport Column, at


# Numbers of two bits that a load of 64 bits has, wherever in a byte they begin.
cdef enum:
    LOADED = 28


cdef class SmallNumberArrays:
    cdef list kept
    cdef Column packed, other_places, others
    cdef Py_ssize_t first_other(self, int64_t row) noexcept
    cdef int unpack(self, int64_t first, Py_ssize_t count, float* found) except -1


cdef inline int64_t sum_through(
    SmallNumberArrays numbers, int64_t row, int64_t last, Py_ssize_t* other, int64_t* last_number
) noexcept:
    """Return the sum of the numbers of two bits from *row* to *last*, and set *last_number* to the last of them.

    The caller has checked that they are inside. *other* is the first of the other numbers from *row* on, and is moved behind *last*.
    """
    cdef int64_t total = 0
    cdef uint64_t loaded = load(numbers, row)
    while last - row >= LOADED:
        total += sum_of_pairs(loaded & (<uint64_t>1 << 2 * LOADED) - 1)
        row += LOADED
        loaded = load(numbers, row)
    total += sum_of_pairs(loaded & (<uint64_t>4 << 2 * (last - row)) - 1)
    last_number[0] = loaded >> 2 * (last - row) & 3
    while other[0] < numbers.others.length and at(numbers.other_places, other[0]) <= last:
        total += at(numbers.others, other[0])
        if at(numbers.other_places, other[0]) == last:
            last_number[0] += at(numbers.others, other[0])
        other[0] += 1
    return total


cdef inline uint64_t load(SmallNumberArrays numbers, int64_t row) noexcept:
    """Return LOADED numbers of two bits or more from *row* on, the first in the lowest bits."""
    cdef uint64_t loaded = 0
    cdef Py_ssize_t place = row >> 2
    if place + 8 <= numbers.packed.length:
        memcpy(&loaded, numbers.packed.bytes + place, 8)
    else:
        memcpy(&loaded, numbers.packed.bytes + place, numbers.packed.length - place)
    return loaded >> ((row & 3) << 1)


cdef inline int64_t sum_of_pairs(uint64_t numbers) noexcept nogil:
    """Return the sum of 32 numbers of two bits: they are added in twos, in fours, and all by one product."""
    numbers = (numbers & 0x3333333333333333ULL) + (numbers >> 2 & 0x3333333333333333ULL)
    numbers = (numbers + (numbers >> 4)) & 0x0F0F0F0F0F0F0F0FULL
    return <int64_t>(numbers * 0x0101010101010101ULL >> 56)


cdef inline int bit_count(uint64_t bits) noexcept nogil:
    """Return the number of bits that are set."""
    return <int>sum_of_pairs(bits - (bits >> 1 & 0x5555555555555555ULL))
