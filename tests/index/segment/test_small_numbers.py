from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.small_numbers import COUNT_BITS, WEIGHT_BITS, SmallNumbers, SmallNumbersWriter

BITS = pytest.mark.parametrize("bits", [COUNT_BITS, WEIGHT_BITS])
small = st.integers(1, 3)
large = st.sampled_from([0, 16, 255, 256, 70_000, 1 << 40])
lists = st.one_of(
    st.lists(st.one_of(small, small, small, st.integers(4, 15), large), max_size=60),
    st.lists(small, max_size=60),
    st.lists(large, max_size=60),
)


def write_numbers(folder: Path, bits: int, chunks: Sequence[Sequence[int]]) -> ArrayFile:
    with (folder / "numbers").open("wb") as file:
        out = ArrayWriter(file, folder / "numbers")
        writer = SmallNumbersWriter(out, "n", bits)
        for chunk in chunks:
            writer.append(np.array(chunk, np.int64))
        writer.write()
        out.close()
    return ArrayFile(folder / "numbers")


def number_at(arrays: ArrayFile, bits: int, row: int) -> int:
    """Read a number as the module describes the arrays."""
    per_byte = 8 // bits
    number = int(arrays["n"][row // per_byte]) >> row % per_byte * bits & (1 << bits) - 1
    if number:
        return number
    return int(arrays["n_others"][arrays["n_other_places"].tolist().index(row)])


@BITS
@settings(deadline=None)
@given(chunks=st.lists(lists, max_size=6), data=st.data())
def test_ranges_of_any_numbers_equal_a_plain_list(
    bits: int, chunks: list[list[int]], data: st.DataObject
) -> None:
    plain = [number for chunk in chunks for number in chunk]
    row = st.integers(0, len(plain))
    edges = [sorted(pair) for pair in data.draw(st.lists(st.tuples(row, row), max_size=30))]
    starts, ends = np.array(edges, np.int64).reshape(-1, 2).T
    with TemporaryDirectory() as folder:
        numbers = SmallNumbers(write_numbers(Path(folder), bits, chunks), "n", bits)
        read = numbers.ranges(starts, ends - starts)
        each = [numbers.between(first, last) for first, last in edges]
    assert read.tolist() == [number for first, last in edges for number in plain[first:last]]
    assert [part.tolist() for part in each] == [plain[first:last] for first, last in edges]


@BITS
@settings(deadline=None)
@given(numbers=lists, cuts=st.lists(st.integers(0, 60), max_size=5))
def test_the_arrays_are_as_described_whatever_the_chunks(
    bits: int, numbers: list[int], cuts: list[int]
) -> None:
    edges = [0, *sorted(cuts), len(numbers)]
    chunks = [numbers[first:last] for first, last in pairwise(edges)]
    with TemporaryDirectory() as folder:
        arrays = write_numbers(Path(folder), bits, chunks)
        content = (Path(folder) / "numbers").read_bytes()
        assert [number_at(arrays, bits, row) for row in range(len(numbers))] == numbers
        write_numbers(Path(folder), bits, [numbers])
        assert (Path(folder) / "numbers").read_bytes() == content


@pytest.mark.parametrize(
    ("bits", "numbers", "packed"),
    [
        (COUNT_BITS, [1, 2, 3, 1, 1], [0b01_11_10_01, 0b01]),
        (WEIGHT_BITS, [1, 15, 2], [0b1111_0001, 0b0010]),
    ],
)
def test_a_byte_begins_in_its_lowest_bits(
    tmp_path: Path, bits: int, numbers: list[int], packed: list[int]
) -> None:
    assert write_numbers(tmp_path, bits, [numbers])["n"].tolist() == packed


@pytest.mark.parametrize(
    ("bits", "number", "listed"),
    [(COUNT_BITS, 3, []), (COUNT_BITS, 4, [1]), (WEIGHT_BITS, 15, []), (WEIGHT_BITS, 16, [1]), (2, 0, [1])],
)
def test_only_a_number_that_does_not_fit_is_listed(
    tmp_path: Path, bits: int, number: int, listed: list[int]
) -> None:
    assert write_numbers(tmp_path, bits, [[1, number, 1]])["n_other_places"].tolist() == listed


def test_a_range_without_large_numbers_is_read_as_bytes(tmp_path: Path) -> None:
    numbers = SmallNumbers(write_numbers(tmp_path, WEIGHT_BITS, [[1, 2, 300, 4]]), "n", WEIGHT_BITS)
    dtypes = [numbers.between(first, last).dtype for first, last in ((0, 2), (0, 3), (3, 4), (2, 2))]
    assert dtypes == [np.uint8, np.uint16, np.uint8, np.uint8]
