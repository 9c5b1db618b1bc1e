"""The arrays of a segment as the core reads them, compiled and interpreted."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]


def whole_numbers(load: Load, array: object) -> Any:
    return load("index.search.compiled.whole_numbers").WholeNumbers(array)


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
