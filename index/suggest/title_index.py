"""Short texts that are found by the beginning of any of their words, whatever diacritics are left out."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold_all
from index.suggest.word_index import key_of, keys_of

# Searched at a time: what the processor has at hand.
BLOCK_LINES = 4_096
# Texts taken at a time, so that what is made of each on the way takes little memory.
CHUNK = 50_000


def arranged(texts: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of ``Lines`` of *texts*: one a line, its words apart by one space."""
    lines, left = bytearray(), iter(texts)
    while some := list(islice(left, CHUNK)):
        folded = fold_all([" ".join(text.split()).lower() for text in some])
        lines += b"".join(b"\n" + _spaced(key) for key in keys_of(folded))
    letters = np.frombuffer(lines + b"\n", np.uint8)
    return {"line/letters": letters, "line/starts": np.flatnonzero(letters == ord("\n"))}


def words_of(text: str) -> bytes:
    """Return the words of *text* as they are compared."""
    return _spaced(key_of(text.lower()))


def _spaced(key: bytes) -> bytes:
    return b" ".join(key.translate(_SPACED).split())


# What stands between words, as a space.
_SPACED = bytes(code if bytes([code]).isalnum() or code >= 0xC0 else 32 for code in range(256))


class Lines:
    """Texts by number: the *arrays* that ``arranged`` made of them."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._letters, self._starts = arrays["line/letters"].data, arrays["line/starts"]

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._letters[int(self._starts[number]) + 1 : int(self._starts[number + 1])])

    def begun(self, words: bytes) -> Iterator[int]:
        """Yield the texts that begin with *words*, in order."""
        return self._found(b"\n" + words)

    def within(self, words: bytes) -> Iterator[int]:
        """Yield the texts with *words* behind others, the last word perhaps cut short; in order."""
        return self._found(b" " + words)

    def _found(self, key: bytes) -> Iterator[int]:
        last = len(self._starts) - 1
        for block in range(0, last, BLOCK_LINES):
            starts = self._starts[block : min(block + BLOCK_LINES, last) + 1]
            text = bytes(self._letters[int(starts[0]) : int(starts[-1]) + 1])
            at = text.find(key)
            while at >= 0:
                number = int(np.searchsorted(starts, int(starts[0]) + at, "right"))
                yield block + number - 1
                at = text.find(key, int(starts[number] - starts[0])) if number < len(starts) else -1
