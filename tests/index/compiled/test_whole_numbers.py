"""The arrays of a segment as the core reads them, compiled and interpreted."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from index.segment import Array
from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]


def whole_numbers(load: Load, array: object) -> Any:
    return load("index.compiled.whole_numbers").WholeNumbers(array)


@each_form
@pytest.mark.parametrize("dtype", ["u1", "<u2", "<u4", "<i8", "<u8", ">u2", ">u4", ">i8"])
def test_numbers_of_each_size_and_byte_order_are_read(load: Load, dtype: str) -> None:
    array = np.array([0, 1, 200, 255] if dtype == "u1" else [0, 1, 258, 65_535], dtype)
    numbers = whole_numbers(load, array)
    assert [numbers.at(row) for row in range(numbers.length)] == array.tolist()


@each_form
def test_numbers_at_an_odd_address_are_read(load: Load) -> None:
    array = np.frombuffer(b"\0" + np.array([7, 70_000], "<u4").tobytes(), "<u4", 2, 1)
    assert whole_numbers(load, array).at(1) == 70_000


@each_form
@pytest.mark.parametrize(("value", "row"), [(0, 0), (3, 0), (4, 1), (5, 1), (6, 3), (9, 4)])
def test_first_row_from_a_value_on_is_found(load: Load, value: int, row: int) -> None:
    assert whole_numbers(load, np.array([3, 5, 5, 8], np.uint16)).first_from(value) == row


@each_form
def test_array_without_numbers_has_no_row(load: Load) -> None:
    numbers = whole_numbers(load, np.zeros(0, np.uint8))
    assert (numbers.length, numbers.first_from(1)) == (0, 0)


@each_form
def test_array_of_fractions_is_refused(load: Load) -> None:
    with pytest.raises(ValueError, match="not of whole numbers"):
        whole_numbers(load, np.zeros(3))


@each_form
@pytest.mark.parametrize("dtype", ["u1", "<u2", "<u4", "<i8"])
def test_rows_of_each_size_are_searched_to_their_largest_number(load: Load, dtype: str) -> None:
    most = int(np.iinfo(dtype).max)
    numbers = whole_numbers(load, np.array([0, most - 1, most], dtype))
    assert (numbers.size, numbers.length) == (np.dtype(dtype).itemsize, 3)
    assert [numbers.first_from(value) for value in (-1, 0, 1, most - 1, most)] == [0, 0, 1, 1, 2]


@each_form
def test_numbers_between_others_are_read(load: Load) -> None:
    numbers = whole_numbers(load, np.arange(9, dtype=np.uint32)[1::3])
    assert [numbers.at(row) for row in range(3)] == [1, 4, 7]


@each_form
@pytest.mark.parametrize(
    ("array", "number"),
    [
        (np.array([False, True]), 1),
        (np.array([0, -1], np.int8), 255),
        (np.array([0, -1], np.int16), 65_535),
        (np.array([0, -1], np.int32), (1 << 32) - 1),
        (np.array([0, -1], np.int64), -1),
    ],
)
def test_only_numbers_of_eight_bytes_have_a_sign(load: Load, array: Array, number: int) -> None:
    assert whole_numbers(load, array).at(1) == number


@each_form
@pytest.mark.parametrize("dtype", ["f4", "c8", "S4", "M8[s]"])
def test_other_types_of_the_same_size_are_refused(load: Load, dtype: str) -> None:
    with pytest.raises(ValueError, match="not of whole numbers"):
        whole_numbers(load, np.zeros(2, dtype))
