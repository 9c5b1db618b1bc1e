"""Many keys sorted in bounded memory: dealt out to buckets on disk, each then sorted by itself."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.segment.array_file import ArrayWriter

Keys = NDArray[np.uint64]


class Buckets:
    """Keys on disk while *out* is written.

    A bucket takes the keys from its own of *firsts*, which ascend, up to the next; *sizes* says how many of
    them will come.
    """

    def __init__(self, out: ArrayWriter, firsts: Keys, sizes: NDArray[np.int64]) -> None:
        self._scratch = out.scratch()
        self._firsts, self._sizes = firsts, sizes
        self._filled = np.cumsum(sizes) - sizes

    def add(self, keys: Keys) -> None:
        """Deal out *keys*, which ascend."""
        edges = [0, *keys.searchsorted(self._firsts[1:]).tolist(), len(keys)]
        for bucket, (first, last) in enumerate(pairwise(edges)):
            if first < last:
                self._scratch.seek(int(self._filled[bucket]) * keys.itemsize)
                self._scratch.write(keys[first:last])
                self._filled[bucket] += last - first

    def sorted(self) -> Iterator[Keys]:
        """Yield the keys of each bucket, ascending, and drop them in the end."""
        self._scratch.seek(0)
        for size in self._sizes.tolist():
            keys = np.frombuffer(self._scratch.read(size * self._firsts.itemsize), np.uint64)
            yield np.sort(keys)
        self._scratch.close()
