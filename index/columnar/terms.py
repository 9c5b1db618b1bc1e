"""The sorted terms of a field: look-up, prefixes, and those within a few edits."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np

from index.columnar.format import Array, ArrayWriter, pack_bytes


class Terms(Sequence[bytes]):
    """Terms as UTF-8 in byte order, which is the order of code points."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob = blob.data
        self._offsets = offsets.data
        self._count = len(offsets) - 1
        self.lengths_array = offsets

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        return bytes(self._blob[self._offsets[place] : self._offsets[place + 1]])

    def find(self, term: bytes) -> int:
        """Return the place of *term*, or -1."""
        place = bisect_left(self, term)
        return place if place < self._count and self[place] == term else -1

    def first_from(self, term: bytes) -> int:
        """Return the place of the first term that is not before *term*."""
        return bisect_left(self, term)

    def with_prefix(self, prefix: bytes) -> range:
        """Return the places of the terms that begin with *prefix*."""
        first = bisect_left(self, prefix)
        after = _successor(prefix)
        return range(first, bisect_left(self, after, first) if after else self._count)

    def within(self, text: str, distance: int) -> Iterator[int]:
        """Yield the places of terms at most *distance* edits (Levenshtein) from *text*, in order."""
        lengths = np.diff(self.lengths_array.astype(np.int64))
        # An edit changes at most one letter, which is at most four bytes.
        size = len(text.encode())
        near = np.flatnonzero(np.abs(lengths - size) <= 4 * distance)
        for place in near.tolist():
            if is_within(self[place].decode(), text, distance):
                yield place


def write_terms(out: ArrayWriter, name: str, terms: Iterable[bytes]) -> None:
    """Write sorted *terms* as the dictionary of field *name*."""
    blob, offsets = pack_bytes(terms)
    out.add(f"{name}/terms", blob)
    out.add(f"{name}/term_offsets", offsets)


def _successor(prefix: bytes) -> bytes:
    """Return the least byte string after all that begin with *prefix*; empty if there is none."""
    trimmed = prefix.rstrip(b"\xff")
    return trimmed[:-1] + bytes([trimmed[-1] + 1]) if trimmed else b""


def is_within(one: str, other: str, distance: int) -> bool:
    """Tell whether two words are at most *distance* edits (Levenshtein) apart.

    >>> is_within("budzets", "budzetu", 1)
    True
    """
    if abs(len(one) - len(other)) > distance:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row = row, [i]
        for j, their in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != their)))
        if min(row) > distance:
            return False
    return row[-1] <= distance
