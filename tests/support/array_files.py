"""Array files for tests."""

from collections.abc import Mapping
from pathlib import Path

from index.segment import Array, ArrayFile, ArrayWriter


def write_arrays(path: Path, arrays: Mapping[str, Array], **meta: object) -> ArrayFile:
    """Write named arrays to *path* and open the file."""
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        for name, array in arrays.items():
            out.add(name, array)
        out.describe(**meta)
        out.close()
    return ArrayFile(path)
