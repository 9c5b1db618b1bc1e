"""Array files for tests."""

from collections.abc import Mapping
from pathlib import Path

from index.segment import Array, ArrayFile, array_file


def write_arrays(path: Path, arrays: Mapping[str, Array], **meta: object) -> ArrayFile:
    """Write named arrays to *path* and open the file."""
    array_file.write_arrays(path, arrays, **meta)
    return ArrayFile(path)
