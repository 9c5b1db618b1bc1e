"""Byte strings as arrays; as the sorted terms of a field: look-up, prefixes, and terms within a few edits."""

import fnmatch
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index import deadline
from index.segment.array_file import Array, ArrayWriter, shrink
from index.segment.cache import Cache

# The number of evenly spaced terms that stay decoded; every binary search begins with them.
WAYMARKS = 4_096
# A query needs the same fuzzy matches several times: to match, to highlight, to count relaxed queries.
NEAR_BYTES = 4 << 20
_OPEN_LETTERS = re.compile("[*?]")


class TermDictionary(Sequence[bytes]):
    """Terms as UTF-8 in byte order, which equals code-point order."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob = blob.data
        self._offsets = offsets.data
        self._count = len(offsets) - 1
        self._blob_array, self._offsets_array = blob, offsets
        self._step = max(1, -(-self._count // WAYMARKS))
        self._near: Cache[list[int]] = Cache(NEAR_BYTES, lambda places: 100 + 40 * len(places))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return self.many(np.arange(*place.indices(self._count)))
        return bytes(self._blob[self._offsets[place] : self._offsets[place + 1]])

    def many(self, places: Array) -> list[bytes]:
        """Return the terms with these ordinals."""
        firsts, ends = self._offsets_array[places].tolist(), self._offsets_array[places + 1].tolist()
        return [bytes(self._blob[first:end]) for first, end in zip(firsts, ends, strict=True)]

    def find(self, term: bytes) -> int:
        """Return the ordinal of *term*, or -1."""
        place = self.first_from(term)
        return place if place < self._count and self[place] == term else -1

    def first_from(self, term: bytes) -> int:
        """Return the ordinal of the first term that is not less than *term*."""
        after = bisect_left(self._waymarks, term) * self._step
        return bisect_left(self, term, max(0, after - self._step + 1), min(after, self._count))

    @cached_property
    def _waymarks(self) -> list[bytes]:
        """Every ``_step``-th term, decoded."""
        return self[:: self._step]

    def with_prefix(self, prefix: bytes) -> range:
        """Return the ordinals of the terms with *prefix*."""
        after = _successor(prefix)
        return range(self.first_from(prefix), self.first_from(after) if after else self._count)

    def within(self, text: str, distance: int) -> list[int]:
        """Return the ordinals of the terms within *distance* edits (Levenshtein) of *text*, ascending."""
        return self._near.get((text, distance), lambda: list(self._within(text, distance)))

    def matching(self, pattern: str) -> list[int]:
        """Return the ordinals of the terms that match *pattern*, ascending: `*` is any letters, `?` one."""
        return self._near.get((pattern, 0), lambda: list(self._matching(pattern)))

    def _matching(self, pattern: str) -> Iterator[int]:
        known = _OPEN_LETTERS.split(pattern)
        terms = self.with_prefix(known[0].encode()) if known[0] else range(self._count)
        letters = _letters("".join(known))
        has_letters = (self._letters[terms.start : terms.stop] & letters) == letters
        is_match = re.compile(fnmatch.translate(pattern)).match
        for place in (has_letters.nonzero()[0] + terms.start).tolist():
            deadline.check()
            if is_match(self[place].decode()):
                yield place

    def _within(self, text: str, distance: int) -> Iterator[int]:
        size = len(text.encode())
        # One edit changes the length by at most four bytes, and the set of ASCII letters by at most two.
        is_near = np.abs(self._sizes - size) <= 4 * distance
        is_near &= np.bitwise_count(self._letters ^ _letters(text)) <= 2 * distance
        pieces = _pieces(text, distance + 1)
        for place in is_near.nonzero()[0].tolist():
            deadline.check()
            term = self[place].decode()
            if any(piece in term for piece in pieces) and is_within(term, text, distance):
                yield place

    @cached_property
    def _sizes(self) -> Array:
        offsets = self._offsets_array.astype(np.int64)
        return offsets[1:] - offsets[:-1]

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        """The ASCII letters and digits of each term, as bits."""
        letters: NDArray[np.uint64] = np.zeros(len(self), np.uint64)
        nonempty = (self._sizes > 0).nonzero()[0]
        if len(nonempty):
            bits = _BITS[self._blob_array]
            letters[nonempty] = np.bitwise_or.reduceat(bits, self._offsets_array[nonempty].astype(np.int64))
        return letters


# Bytes beyond ASCII have no bit, so that every letter has at most one.
_BITS = np.array([1 << (byte & 63) if byte < 0x80 else 0 for byte in range(256)], np.uint64)


def _letters(text: str) -> np.uint64:
    return np.bitwise_or.reduce(_BITS[np.frombuffer(text.encode(), np.uint8)]) if text else np.uint64(0)


def _pieces(text: str, count: int) -> list[str]:
    """Split *text* into *count* pieces; fewer edits than that leave one piece unchanged."""
    edges = [len(text) * number // count for number in range(count + 1)]
    return [text[start:end] for start, end in pairwise(edges)]


def write_terms(out: ArrayWriter, name: str, blob: Array, offsets: Array) -> None:
    """Write sorted terms, packed by ``pack_bytes``, as the dictionary of field *name*."""
    out.add(f"{name}/terms", blob)
    out.add(f"{name}/term_offsets", offsets)


def _successor(prefix: bytes) -> bytes:
    """Return the smallest byte string greater than all with *prefix*; empty if there is none."""
    trimmed = prefix.rstrip(b"\xff")
    return trimmed[:-1] + bytes([trimmed[-1] + 1]) if trimmed else b""


def is_within(word: str, other: str, distance: int) -> bool:
    """Return whether two words are within *distance* edits (Levenshtein).

    >>> is_within("budzets", "budzetu", 1)
    True
    """
    if abs(len(word) - len(other)) > distance:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, row = row, [i]
        for j, other_letter in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other_letter)))
        if min(row) > distance:
            return False
    return row[-1] <= distance


class Strings(Sequence[bytes]):
    """Byte strings by ordinal, in the layout of ``pack_bytes``."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self.arrays = blob, offsets
        self._blob, self._offsets = blob.data, offsets.data

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> bytes:  # type: ignore[override]  # no slices of these
        return bytes(self._blob[self._offsets[row] : self._offsets[row + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return (bytes(self._blob[first:last]) for first, last in pairwise(self._offsets))


class StringsBuilder:
    """Collects byte strings in the layout of ``pack_bytes``, to save memory."""

    def __init__(self) -> None:
        self._blob, self._ends = bytearray(), array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, value: bytes) -> None:
        """Append a byte string."""
        self._blob += value
        self._ends.append(len(self._blob))

    def pack(self) -> tuple[Array, Array]:
        """Return all byte strings as ``pack_bytes`` does; nothing can be appended afterwards."""
        return np.frombuffer(self._blob, np.uint8), shrink(np.frombuffer(self._ends, np.uint64))


def pack_bytes(values: Iterable[bytes]) -> tuple[Array, Array]:
    """Return byte strings as one array, and their offsets, the last of which is the end."""
    rows = list(values)
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return np.frombuffer(b"".join(rows), np.uint8), shrink(offsets)
