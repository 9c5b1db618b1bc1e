"""Numbers the words of a segment; a *word* is a distinct term tuple (``Forms``)."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from index.analysis import Forms, forms
from index.analysis.forms import pack
from index.segment import Array
from index.segment.hash_table import HashTable, first_of_each

FIELDS = ("lemma", "stem", "exact", "fold")
FIELD_END, TERM_END = forms.FIELD_END.encode(), forms.TERM_END.encode()
# A separator that the tokenizer never puts into a word.
_END = b"\x1d"
# Text yielded at a time.
CHUNK_BYTES = 1 << 20
# The most words cached by object; an entry keeps about 500 bytes alive.
KNOWN_MAX = 200_000


def sort_terms(packed: bytes) -> bytes:
    """Return a packed word with sorted terms, so that equal words are equal bytes."""
    if packed.count(FIELD_END) != len(FIELDS) - 1:
        raise ValueError(f"{packed!r}: not a packed word")
    if TERM_END not in packed:
        return packed
    fields = packed.split(FIELD_END)
    return FIELD_END.join(TERM_END.join(sorted(set(terms.split(TERM_END)))) for terms in fields)


class StringNumbers:
    """Numbers byte strings by first appearance.

    A string is identified by its 64-bit hash, whose key is random in every process.
    """

    def __init__(self) -> None:
        self._numbers = HashTable()
        self._texts = bytearray()

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, texts: Sequence[bytes]) -> Array:
        """Return the numbers of *texts*, which contain no separators."""
        keys = np.fromiter(map(hash, texts), np.int64, len(texts)).view(np.uint64)
        numbers = self._numbers.find(keys)
        missing = (numbers < 0).nonzero()[0]
        if missing.size:
            new = missing[first_of_each(keys[missing])]
            self._texts += b"".join(texts[place] + _END for place in new.tolist())
            self._numbers.add(keys[new])
            numbers[missing] = self._numbers.find(keys[missing])
        return numbers

    def chunks(self) -> Iterator[list[bytes]]:
        """Yield all strings in the order of their numbers, in chunks."""
        first = 0
        while first < len(self._texts):
            last = self._texts.find(_END, first + CHUNK_BYTES)
            last = last if last >= 0 else len(self._texts) - 1
            yield bytes(self._texts[first:last]).split(_END)
            first = last + 1


class Vocabulary:
    """Numbers words by first appearance."""

    def __init__(self) -> None:
        self._words = StringNumbers()
        self._cached: dict[Forms, int] = {}
        self.packed_numbers = self._words.numbers
        """Returns the numbers of packed words with sorted terms."""
        self.chunks = self._words.chunks
        """Yields all packed words in the order of their numbers, in chunks."""

    def __len__(self) -> int:
        return len(self._words)

    def numbers(self, words: Iterable[Forms]) -> list[int]:
        """Return the numbers of *words*; only new objects are packed."""
        words = list(words)
        try:
            return list(map(self._cached.__getitem__, words))
        except KeyError:
            self._learn(words)
        return list(map(self._cached.__getitem__, words))

    def _learn(self, words: Iterable[Forms]) -> None:
        if len(self._cached) >= KNOWN_MAX:
            self._cached.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._cached]
        numbers = self.packed_numbers([sort_terms(pack(word.terms)) for word in new])
        self._cached.update(zip(new, numbers.tolist(), strict=True))
