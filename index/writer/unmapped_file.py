"""Parts of an array file, read without mapping it."""

import os
from collections.abc import Mapping, Sequence

import numpy as np

from index.segment import Array, ArrayFile
from preses_relizes.shared.durable import name_errors


class UnmappedFile:
    """The arrays of a file, read in parts without mapping it.

    Mapping many files for a merge would take a descriptor each, and more memory than the parts read need.
    """

    def __init__(self, file: ArrayFile) -> None:
        self._path, self._entries = file.path, file.entries

    def read(self, parts: Mapping[str, Sequence[int]]) -> dict[str, Array]:
        """Return parts of arrays; *parts* has the first row and the end of each."""
        with name_errors(self._path), self._path.open("rb", buffering=0) as file:
            return {name: self._read(file.fileno(), name, *part) for name, part in parts.items()}

    def _read(self, file: int, name: str, first: int, last: int) -> Array:
        entry, dtype = self._entries[name], np.dtype(self._entries[name].dtype)
        if entry.is_zeros:
            return np.zeros(last - first, dtype)
        content = os.pread(file, (last - first) * dtype.itemsize, entry.offset + first * dtype.itemsize)
        return np.frombuffer(content, dtype, last - first)
