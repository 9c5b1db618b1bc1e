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
from tests.support.interpreted import each_form, interpreted_form

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


@interpreted_form
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


@interpreted_form
def test_other_numbers_out_of_order_are_refused(load: Load, tmp_path: Path) -> None:
    arrays = {
        **arrays_of(str(tmp_path), WEIGHT_BITS, [16] * 9),
        "n_other_places": np.array([0, 1, 2, 0, 8, 8, 8, 8, 8], np.uint8),
    }
    numbers = load("index.search.compiled.small_numbers").SmallNumberArrays(arrays, "n", WEIGHT_BITS, 9)
    with pytest.raises(ValueError, match="do not ascend"):
        numbers.unpack(1, 8, np.zeros(8, np.float32).data, 0)


@each_form
@pytest.mark.parametrize(("bits", "fits"), [(COUNT_BITS, 12), (WEIGHT_BITS, 6)])
def test_the_last_byte_may_be_full(load: Load, bits: int, fits: int, tmp_path: Path) -> None:
    arrays, module = arrays_of(str(tmp_path), bits, [1] * fits), load("index.search.compiled.small_numbers")
    module.SmallNumberArrays(arrays, "n", bits, fits)
    with pytest.raises(ValueError, match="n: arrays with a wrong length"):
        module.SmallNumberArrays(arrays, "n", bits, fits + 1)


@each_form
@pytest.mark.parametrize("count", [31, 32, 33, 63, 64, 65, 96, 97])
def test_sums_over_whole_words_are_of_all_their_numbers(load: Load, count: int) -> None:
    numbers = [3] * (count - 1) + [2]
    sums, found = np.zeros((2, 2), np.int64)
    rows = np.array([count - 2, count - 1], np.int32)
    small_numbers(load, COUNT_BITS, numbers).add_up(0, rows.data, 2, sums.data, found.data)
    assert (sums.tolist(), found.tolist()) == ([3 * (count - 1), 3 * count - 1], [3, 2])


@each_form
@pytest.mark.parametrize("first", [0, 1, 31, 32, 33])
def test_sums_begin_at_the_first_row(load: Load, first: int) -> None:
    numbers = [1, 2, 3, 0, 9] * 20
    sums, found = np.zeros((2, 3), np.int64)
    rows = np.array([0, 4, 40], np.int32)
    small_numbers(load, COUNT_BITS, numbers).add_up(first, rows.data, 3, sums.data, found.data)
    assert sums.tolist() == [sum(numbers[first : first + row + 1]) for row in (0, 4, 40)]
    assert found.tolist() == [numbers[first + row] for row in (0, 4, 40)]


@each_form
def test_other_numbers_are_found_from_a_row_on(load: Load) -> None:
    arrays = small_numbers(load, WEIGHT_BITS, [16, 1, 0, 15, 17])
    assert [arrays.first_other(row) for row in range(6)] == [0, 1, 1, 2, 2, 3]


@interpreted_form
@pytest.mark.parametrize(
    ("first", "count", "unpacked"),
    [
        (0, 0, []),
        (1, 0, []),
        (1, 1, [300]),
        (0, 2, [5, 300]),
        (2, 1, [7]),
        (1, 3, [300, 7, 15]),
        (3, 2, [15, 16]),
    ],
)
def test_a_range_has_no_other_numbers_of_its_neighbours(
    load: Load, first: int, count: int, unpacked: list[int]
) -> None:
    found = np.full(5, -1, np.float32)
    small_numbers(load, WEIGHT_BITS, [5, 300, 7, 15, 16]).unpack(first, count, found.data, 1)
    assert found.tolist() == [-1, *unpacked, *[-1] * (4 - count)]
