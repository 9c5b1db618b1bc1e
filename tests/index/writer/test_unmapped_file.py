from pathlib import Path

import numpy as np

from index.writer.unmapped_file import UnmappedFile
from tests.support.array_files import write_arrays


def test_slices_of_arrays_are_read(tmp_path: Path) -> None:
    arrays = {"a": np.arange(3, dtype=np.uint8), "b": np.array([0.5, -1.0])}
    unmapped = UnmappedFile(write_arrays(tmp_path / "file", arrays))
    assert {name: part.tolist() for name, part in unmapped.read({"a": [1, 3], "b": [0, 1]}).items()} == {
        "a": [1, 2],
        "b": [0.5],
    }


def test_slices_in_the_middle_are_read_whatever_the_size_of_a_number(tmp_path: Path) -> None:
    arrays = {"a": np.arange(9, dtype=np.uint8), "b": np.arange(9) / 2, "c": np.arange(9, dtype=np.uint32)}
    unmapped = UnmappedFile(write_arrays(tmp_path / "file", arrays))
    for first, last in ((2, 5), (8, 9), (3, 3)):
        parts = unmapped.read(dict.fromkeys(arrays, (first, last)))
        assert {name: part.tolist() for name, part in parts.items()} == {
            name: array[first:last].tolist() for name, array in arrays.items()
        }
