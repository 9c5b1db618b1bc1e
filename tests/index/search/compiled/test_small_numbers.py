"""Numbers of few bits as the core reads them, compiled and interpreted."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.small_numbers import COUNT_BITS, WEIGHT_BITS, SmallNumbersWriter
from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]
numbers_of_texts = st.lists(
    st.one_of(st.integers(1, 3), st.integers(1, 3), st.sampled_from([0, 4, 15, 16, 70_000])),
    min_size=1,
    max_size=150,
)


def arrays_of(folder: str, bits: int, numbers: Sequence[int]) -> ArrayFile:
    path = Path(folder) / "numbers"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = SmallNumbersWriter(out, "n", bits)
        writer.append(np.array(numbers, np.int64))
        writer.write()
        out.close()
    return ArrayFile(path)


def small_numbers(load: Load, bits: int, numbers: Sequence[int]) -> Any:
    with TemporaryDirectory() as folder:
        arrays = arrays_of(folder, bits, numbers)
        module = load("index.search.compiled.small_numbers")
        return module.SmallNumberArrays(arrays, "n", bits, len(numbers))


@each_form
@settings(deadline=None)
@given(numbers=numbers_of_texts, data=st.data())
def test_unpacked_numbers_are_those_written(load: Load, numbers: list[int], data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(numbers))] * 2)))
    place = data.draw(st.integers(0, 3))
    found = np.full(len(numbers) + 4, -1, np.float32)
    small_numbers(load, WEIGHT_BITS, numbers).unpack(first, last - first, found.data, place)
    assert found.tolist() == [-1] * place + numbers[first:last] + [-1] * (len(found) - place - last + first)


@each_form
@settings(deadline=None)
@given(numbers=numbers_of_texts, data=st.data())
def test_numbers_are_added_up(load: Load, numbers: list[int], data: st.DataObject) -> None:
    rows = sorted(data.draw(st.sets(st.integers(0, len(numbers) - 1), min_size=1)))
    first = data.draw(st.integers(0, rows[0]))
    sums, found = np.zeros((2, len(rows)), np.int64)
    from_first = np.array(rows, np.int32) - np.int32(first)
    arrays = small_numbers(load, COUNT_BITS, numbers)
    arrays.add_up(first, from_first.data, len(rows), sums.data, found.data)
    assert sums.tolist() == [sum(numbers[first : row + 1]) for row in rows]
    assert found.tolist() == [numbers[row] for row in rows]


@each_form
@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("n", np.zeros(1, np.uint8)),
        ("n", np.zeros(40, np.uint16)),
        ("n_others", np.zeros(2, np.uint8)),
        ("n_other_places", np.zeros(2, np.uint8)),
    ],
)
def test_arrays_of_wrong_lengths_are_refused(load: Load, name: str, array: object, tmp_path: Path) -> None:
    arrays = {**arrays_of(str(tmp_path), COUNT_BITS, [1, 2, 3, 9, 1]), name: array}
    with pytest.raises(ValueError, match="n: arrays with a wrong length"):
        load("index.search.compiled.small_numbers").SmallNumberArrays(arrays, "n", COUNT_BITS, 5)


@each_form
def test_other_numbers_out_of_order_are_refused(load: Load, tmp_path: Path) -> None:
    arrays = {
        **arrays_of(str(tmp_path), WEIGHT_BITS, [16] * 9),
        "n_other_places": np.array([0, 1, 2, 0, 8, 8, 8, 8, 8], np.uint8),
    }
    numbers = load("index.search.compiled.small_numbers").SmallNumberArrays(arrays, "n", WEIGHT_BITS, 9)
    with pytest.raises(ValueError, match="do not ascend"):
        numbers.unpack(1, 8, np.zeros(8, np.float32).data, 0)
