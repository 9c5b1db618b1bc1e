"""Reads the numbers of two or four bits that `index/segment/small_numbers.py` describes."""

import numpy as np

from index.compiled.whole_numbers import WholeNumbers
from index.segment.array_file import ArrayFile

# A row after the last one.
AFTER_ALL = 1 << 62


class SmallNumberArrays:
    """An array of *count* small numbers; who asks for rows has checked that they are inside."""

    def __init__(self, arrays: ArrayFile, name: str, bits: int, count: int) -> None:
        packed = arrays[name]
        self.other_places = WholeNumbers(arrays[f"{name}_other_places"])
        self.others = WholeNumbers(arrays[f"{name}_others"])
        is_right = packed.itemsize == 1 and len(packed) * (8 // bits) >= count
        if not is_right or self.others.length != self.other_places.length:
            raise ValueError(f"{name}: arrays with a wrong length")
        self.packed = WholeNumbers(packed)
        # Sums are of words of 64 bits; the last one may be incomplete.
        self.word_count = len(packed) // 8
        whole = packed[: 8 * self.word_count].view("<u8")
        self.words = np.require(whole, np.uint64, ["C", "A"]).data
        self.last_word = int.from_bytes(packed[8 * self.word_count :].tobytes(), "little")

    def first_other(self, row: int) -> int:
        """Return the place in the list of other numbers of the first one from *row* on."""
        return self.other_places.first_from(row)

    def unpack(self, first: int, count: int, found: "memoryview[float]", place: int) -> int:
        """Set *found* from *place* on to *count* numbers of four bits."""
        byte, odd = first >> 1, first & 1
        if odd and count:
            found[place] = self.packed.ones[byte] >> 4
        byte += odd
        pairs = (count - odd) >> 1
        for row in range(pairs):
            found[place + odd + 2 * row] = self.packed.ones[byte + row] & 15
            found[place + odd + 2 * row + 1] = self.packed.ones[byte + row] >> 4
        if count > odd and (count - odd) & 1:
            found[place + count - 1] = self.packed.ones[byte + pairs] & 15
        other = self.first_other(first)
        while other < self.others.length:
            row = self.other_places.at(other) - first
            if row >= count:
                break
            if row < 0:
                raise ValueError("places of other numbers that do not ascend")
            found[place + row] = self.others.at(other)
            other += 1
        return 0

    def add_up(self, first: int, rows: memoryview, count: int, sums: memoryview, numbers: memoryview) -> int:
        """Set *numbers* to those of two bits in *count* rows, and *sums* to the sums from *first* to each.

        *rows* ascend, and are counted from *first*.
        """
        other, row, total, four = self.first_other(first), first, 0, 4
        next_other = self.other_row(other)
        for i in range(count):
            last = first + rows[i]
            word, end = row >> 5, last >> 5
            bits = word_at(self, word) >> ((row & 31) << 1)
            while word < end:
                total += sum_of_pairs(bits)
                word += 1
                row = word << 5
                bits = word_at(self, word)
            bits &= (four << ((last - row) << 1)) - 1
            total += sum_of_pairs(bits)
            number = bits >> ((last - row) << 1)
            while next_other <= last:
                total += self.others.at(other)
                if next_other == last:
                    number += self.others.at(other)
                other += 1
                next_other = self.other_row(other)
            sums[i], numbers[i] = total, number
            row = last + 1
        return 0

    def other_row(self, other: int) -> int:
        """Return the row of one of the other numbers; after the last one, a row after all."""
        return self.other_places.at(other) if other < self.others.length else AFTER_ALL


def word_at(numbers: SmallNumberArrays, word: int) -> int:
    """Return 32 numbers of two bits."""
    return numbers.words[word] if word < numbers.word_count else numbers.last_word


def sum_of_pairs(bits: int) -> int:
    """Return the sum of 32 numbers of two bits: they are added in twos, in fours, and all by one product."""
    bits = (bits & twice(0x33333333)) + (bits >> 2 & twice(0x33333333))
    bits = (bits + (bits >> 4)) & twice(0x0F0F0F0F)
    return (bits * twice(0x01010101) >> 56) & 255


def twice(bits: int) -> int:
    """Return 32 bits twice, as 64."""
    return bits << 32 | bits
