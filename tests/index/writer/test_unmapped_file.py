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
