"""An index of titles by the beginnings of their words; diacritics may be missing."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold_all
from index.suggest.sorted_keys import SortedKeys
from index.suggest.word_index import key_of, keys_of

# The letters by which the words of titles are sorted; longer texts are compared when they are looked up.
SORTED_LETTERS = 16
# Titles converted at a time, which bounds the memory for intermediate copies.
CHUNK = 50_000


def build_arrays(texts: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a ``TitleIndex`` of *texts*: a line per title, its words separated by a space."""
    lines, rest = bytearray(), iter(texts)
    while chunk := list(islice(rest, CHUNK)):
        folded = fold_all([" ".join(text.split()).lower() for text in chunk])
        lines += b"".join(b"\n" + _space_words(key) for key in keys_of(folded))
    letters = np.frombuffer(lines + b"\n", np.uint8)
    return {
        "line/letters": letters,
        "line/starts": np.flatnonzero(letters == _LINE_END),
        "line/words": _sort_words(letters),
    }


def _sort_words(letters: NDArray[np.uint8]) -> NDArray[np.integer[Any]]:
    """Return where the words of *letters* begin, in the order of the text from there on."""
    begins = np.flatnonzero((letters[:-1] == _LINE_END) | (letters[:-1] == _SPACE)) + 1
    padded = np.concatenate((letters, np.zeros(SORTED_LETTERS, np.uint8)))
    texts = np.lib.stride_tricks.sliding_window_view(padded, SORTED_LETTERS)[begins]
    high, low = np.ascontiguousarray(texts).view(">u8").astype(np.uint64).T
    return begins[np.lexsort((low, high))]


def words_of(text: str) -> bytes:
    """Return the words of *text* in the form that ``TitleIndex`` compares."""
    return _space_words(key_of(text.lower()))


def _space_words(key: bytes) -> bytes:
    return b" ".join(key.translate(_PUNCTUATION_TO_SPACE).split())


_LINE_END, _SPACE = b"\n "
# Sorts after every letter.
_AFTER = b"\xff"
# The places that are turned into titles at a time.
_PLACES_READ = 100
# Maps punctuation to spaces.
_PUNCTUATION_TO_SPACE = bytes(code if bytes([code]).isalnum() or code >= 0xC0 else 32 for code in range(256))


class TitleIndex:
    """Finds titles by number in the *arrays* that ``build_arrays`` made."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._letters, self._starts = arrays["line/letters"], arrays["line/starts"]
        self._words = arrays["line/words"]
        self._texts = SortedKeys(len(self._words), partial(_text_at, self._letters.data, self._words))

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._letters[int(self._starts[number]) + 1 : int(self._starts[number + 1])])

    def find(self, words: bytes) -> tuple[Iterator[int], Iterator[int]]:
        """Return the titles that start with *words*, and those with *words* after others, each in order.

        The last word may be incomplete.
        """
        places = self._find(words)
        is_start = self._letters[places - 1] == _LINE_END
        return self._titles_at(places[is_start]), self._titles_at(places[~is_start])

    def _find(self, words: bytes) -> NDArray[np.int64]:
        """Return where *words* are in the letters, after a line end or a space, ascending."""
        beginning = words[:SORTED_LETTERS]
        first, last = self._texts.first_from(beginning), self._texts.first_from(beginning + _AFTER)
        places = np.sort(self._words[first:last]).astype(np.int64)
        if len(words) <= SORTED_LETTERS:
            return places
        letters = self._letters.data
        return np.array([at for at in places.tolist() if letters[at : at + len(words)] == words], np.int64)

    def _titles_at(self, places: NDArray[np.int64]) -> Iterator[int]:
        """Yield the titles at the ascending *places*, each once; few are read of very many."""
        last = -1
        for first in range(0, len(places), _PLACES_READ):
            # Places of another type would convert all starts.
            some = places[first : first + _PLACES_READ].astype(self._starts.dtype)
            for number in (self._starts.searchsorted(some) - 1).tolist():
                if number != last:
                    yield number
                last = number


def _text_at(letters: memoryview, words: NDArray[np.integer[Any]], row: int) -> bytes:
    place = int(words[row])
    return bytes(letters[place : place + SORTED_LETTERS])
