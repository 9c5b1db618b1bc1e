"""The arrays of a segment as the core reads them: whole numbers of one, two, four or eight bytes."""

import numpy as np

from index.segment.array_file import Array


class WholeNumbers:
    """The numbers of an array; who asks for a row has checked that it is inside.

    Those of one, two and four bytes have no sign. A loop that reads many rows takes the array of their size:
    ``ones``, ``twos``, ``fours`` or ``eights``.
    """

    def __init__(self, array: Array) -> None:
        self.length, self.size = len(array), array.itemsize
        if array.dtype.kind not in "uib":
            raise ValueError("an array that is not of whole numbers")
        # The core reads numbers as the machine has them, without gaps and at even addresses.
        native = np.require(array, array.dtype.newbyteorder("="), ["C", "A"])
        if self.size == 1:
            self.ones = native.view(np.uint8).data
        elif self.size == 2:
            self.twos = native.view(np.uint16).data
        elif self.size == 4:
            self.fours = native.view(np.uint32).data
        else:
            self.eights = native.view(np.int64).data

    def at(self, row: int) -> int:
        """Return the number of a row."""
        if self.size == 4:
            return self.fours[row]
        if self.size == 2:
            return self.twos[row]
        if self.size == 1:
            return self.ones[row]
        return self.eights[row]

    def first_from(self, value: int) -> int:
        """Return the first row of an ascending array whose number is not less than *value*."""
        low, high = 0, self.length
        while low < high:
            middle = (low + high) >> 1
            if self.at(middle) < value:
                low = middle + 1
            else:
                high = middle
        return low
