"""Numbers the words of a segment; a *word* is a distinct term tuple (``Forms``)."""

from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np

from index.analysis import Forms, forms
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
            self._texts += _END.join([*map(texts.__getitem__, new.tolist()), b""])
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

    def __len__(self) -> int:
        return len(self._words)

    def columns(self) -> Iterator[list[list[bytes]]]:
        """Yield the packed terms of all words by field, in the order of their numbers, in chunks."""
        for words in self._words.chunks():
            terms = FIELD_END.join(words).split(FIELD_END)
            yield [terms[place :: len(FIELDS)] for place in range(len(FIELDS))]

    def numbers(self, words: Sequence[Forms]) -> Array:
        """Return the numbers of *words*; only new objects are packed."""
        if len(self._cached) >= KNOWN_MAX:
            self._cached.clear()
        numbers = self._find(words)
        missing = (numbers < 0).nonzero()[0]
        if missing.size:
            new = [words[place] for place in missing.tolist()]
            self._learn(list(dict.fromkeys(new)))
            numbers[missing] = self._find(new)
        return numbers

    def _find(self, words: Sequence[Forms]) -> Array:
        """Return the numbers of *words*, -1 for new objects."""
        return np.fromiter(map(self._cached.get, words, repeat(-1)), np.int64, len(words))

    def _learn(self, words: Sequence[Forms]) -> None:
        numbers = self.packed_numbers(_pack_sorted(words))
        self._cached.update(zip(words, numbers.tolist(), strict=True))


def _pack_sorted(words: Sequence[Forms]) -> list[bytes]:
    """Return *words* as ``sort_terms`` returns them packed; to encode all at once is faster."""
    packed = [
        forms.FIELD_END.join(
            [
                terms[0] if len(terms) == 1 else forms.TERM_END.join(sorted(set(terms)))
                for terms in (word.lemma, word.stem, word.exact, word.fold)
            ]
        )
        for word in words
    ]
    return _END.decode().join(packed).encode().split(_END) if packed else []
