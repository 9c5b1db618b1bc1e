"""Phrases and names by their beginnings; diacritics may be missing."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.segment.term_dictionary import Strings, pack_bytes
from index.suggest.sorted_keys import SortedKeys
from index.suggest.word_index import key_of

# Sorts after every letter of a key.
_AFTER = b"\xff"


class Entry(NamedTuple):
    """A phrase or name as it is written inside a sentence."""

    text: str
    releases: int
    """About the number of releases that contain it."""
    is_name: bool


def build_arrays(entries: Iterable[Entry]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a ``PhraseIndex``."""
    rows = sorted((phrase_key(entry.text), entry) for entry in entries)
    letters, offsets = pack_bytes(entry.text.encode() for _, entry in rows)
    keys, key_offsets = pack_bytes(key for key, _ in rows)
    return {
        "phrase/keys": keys,
        "phrase/key_offsets": key_offsets,
        "phrase/letters": letters,
        "phrase/offsets": offsets,
        "phrase/counts": np.array([entry.releases for _, entry in rows], np.uint32),
        "phrase/names": np.array([entry.is_name for _, entry in rows], np.uint8),
    }


def phrase_key(text: str) -> bytes:
    """Return the key by which a phrase is found: without case, diacritics and repeated spaces."""
    return key_of(" ".join(text.lower().split()))


class PhraseIndex:
    """Finds phrases in the *arrays* that ``build_arrays`` made."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        keys = Strings(arrays["phrase/keys"], arrays["phrase/key_offsets"])
        self._sorted = SortedKeys(len(keys), keys.__getitem__)
        self._texts = Strings(arrays["phrase/letters"], arrays["phrase/offsets"])
        self._counts, self._names = arrays["phrase/counts"], arrays["phrase/names"]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "PhraseIndex":
        """Return an index of *entries*."""
        return cls(build_arrays(entries))

    def starting_with(self, text: str, *, limit: int) -> list[Entry]:
        """Return the *limit* most frequent entries that start with *text*, any diacritics and case.

        >>> index = PhraseIndex.of([Entry("Rail Baltica", 3, True), Entry("raila", 1, False)])
        >>> [entry.text for entry in index.starting_with("rail b", limit=5)]
        ['Rail Baltica']
        """
        key = phrase_key(text)
        return self._most_frequent(*self._range(key, key + _AFTER), limit)

    def find(self, text: str) -> list[Entry]:
        """Return the entries that equal *text* but for diacritics and case."""
        key = phrase_key(text)
        first, last = self._range(key, key + b"\0")
        return [self._entry(row) for row in range(first, last)]

    def _range(self, key: bytes, end: bytes) -> tuple[int, int]:
        return self._sorted.first_from(key), self._sorted.first_from(end)

    def _most_frequent(self, first: int, last: int, limit: int) -> list[Entry]:
        rows = np.argsort(-self._counts[first:last].astype(np.int64), kind="stable")[:limit]
        return [self._entry(first + row) for row in rows.tolist()]

    def _entry(self, row: int) -> Entry:
        return Entry(self._texts[row].decode(), int(self._counts[row]), bool(self._names[row]))
