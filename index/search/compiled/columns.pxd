"""The arrays of a segment as C sees them: unsigned numbers of one, two or four bytes, or int64."""

import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t


cdef struct Column:
    const uint8_t* bytes
    int size  # bytes of a number
    Py_ssize_t length


cdef inline int64_t at(Column column, Py_ssize_t row) noexcept nogil:
    """Return a number of the column; the caller has checked that *row* is inside."""
    if column.size == 4:
        return (<const uint32_t*>column.bytes)[row]
    if column.size == 2:
        return (<const uint16_t*>column.bytes)[row]
    if column.size == 1:
        return column.bytes[row]
    return (<const int64_t*>column.bytes)[row]


cdef inline Py_ssize_t first_from_value(Column column, int64_t value) noexcept nogil:
    """Return the first row of an ascending column whose number is not less than *value*."""
    cdef Py_ssize_t low = 0, high = column.length, middle
    while low < high:
        middle = (low + high) >> 1
        if at(column, middle) < value:
            low = middle + 1
        else:
            high = middle
    return low


cdef inline Column column_of(object array, list kept):
    """Return a contiguous array as a column; *kept* keeps the array alive as long as the column is read."""
    cdef Column column
    cdef const uint8_t[::1] view
    column.size, column.length, column.bytes = array.itemsize, len(array), NULL
    if column.length:
        view = array.view(np.uint8)
        column.bytes = &view[0]
    kept.append(array)
    return column
