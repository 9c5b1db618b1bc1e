"""An index of titles by the beginnings of their words; diacritics may be missing."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold_all
from index.suggest.word_index import key_of, keys_of

# The titles searched at a time: such a block fits into the processor cache.
BLOCK_LINES = 4_096
# Titles converted at a time, which bounds the memory for intermediate copies.
CHUNK = 50_000


def build_arrays(texts: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a ``TitleIndex`` of *texts*: a line per title, its words separated by a space."""
    lines, rest = bytearray(), iter(texts)
    while chunk := list(islice(rest, CHUNK)):
        folded = fold_all([" ".join(text.split()).lower() for text in chunk])
        lines += b"".join(b"\n" + _space_words(key) for key in keys_of(folded))
    letters = np.frombuffer(lines + b"\n", np.uint8)
    return {"line/letters": letters, "line/starts": np.flatnonzero(letters == ord("\n"))}


def words_of(text: str) -> bytes:
    """Return the words of *text* in the form that ``TitleIndex`` compares."""
    return _space_words(key_of(text.lower()))


def _space_words(key: bytes) -> bytes:
    return b" ".join(key.translate(_PUNCTUATION_TO_SPACE).split())


# Maps punctuation to spaces.
_PUNCTUATION_TO_SPACE = bytes(code if bytes([code]).isalnum() or code >= 0xC0 else 32 for code in range(256))


class TitleIndex:
    """Finds titles by number in the *arrays* that ``build_arrays`` made."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._letters, self._starts = arrays["line/letters"].data, arrays["line/starts"]

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._letters[int(self._starts[number]) + 1 : int(self._starts[number + 1])])

    def starting_with(self, words: bytes) -> Iterator[int]:
        """Yield the titles that start with *words*, in order."""
        return self._find(b"\n" + words)

    def containing(self, words: bytes) -> Iterator[int]:
        """Yield the titles with *words* after other words, in order; the last word may be incomplete."""
        return self._find(b" " + words)

    def _find(self, key: bytes) -> Iterator[int]:
        last = len(self._starts) - 1
        for block in range(0, last, BLOCK_LINES):
            starts = self._starts[block : min(block + BLOCK_LINES, last) + 1]
            text = bytes(self._letters[int(starts[0]) : int(starts[-1]) + 1])
            at = text.find(key)
            while at >= 0:
                number = int(np.searchsorted(starts, int(starts[0]) + at, "right"))
                yield block + number - 1
                at = text.find(key, int(starts[number] - starts[0])) if number < len(starts) else -1
