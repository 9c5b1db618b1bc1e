"""Files of arrays in which one number is wrong, and each checksum right, as a faulty writer leaves them."""

from pathlib import Path

import numpy as np

from index.segment.array_file import ArrayFile, write_arrays


def set_number(path: Path, name: str, place: int, value: int) -> None:
    """Set one number of an array of the file *path*; the array gets a wider type if the number needs it."""
    file = ArrayFile(path)
    arrays = {one: np.array(file[one]) for one in file}
    if np.iinfo(arrays[name].dtype).max < value:
        arrays[name] = arrays[name].astype(np.uint32)
    arrays[name][place] = value
    meta = file.meta
    path.unlink()  # the old file is still mapped
    write_arrays(path, arrays, **meta)


def shorten(path: Path, name: str) -> None:
    """Remove the last number of an array of the file *path*."""
    file = ArrayFile(path)
    arrays = {one: np.array(file[one]) for one in file}
    arrays[name] = arrays[name][:-1]
    meta = file.meta
    path.unlink()  # the old file is still mapped
    write_arrays(path, arrays, **meta)
