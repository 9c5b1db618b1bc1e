"""A plugin of pytest: each array of a file is a copy of its own on the heap.

In a mapped file, a read beyond an array finds the next one; beyond a copy, AddressSanitizer finds the read.
"""

from index.segment import Array, ArrayFile

_mapped = ArrayFile.__getitem__


def _copied(file: ArrayFile, name: str) -> Array:
    if name not in file._arrays:
        file._arrays[name] = _mapped(file, name).copy()
    return file._arrays[name]


ArrayFile.__getitem__ = _copied  # type: ignore[method-assign]  # no part of the product knows of sanitizers
