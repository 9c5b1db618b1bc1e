"""Numbers the words of a segment; a *word* is a distinct term tuple (``Forms``)."""

from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from index.analysis import Forms, forms
from index.segment import Array, HashTable

FIELDS = ("lemma", "stem", "exact", "fold")
FIELD_END, TERM_END = forms.FIELD_END.encode(), forms.TERM_END.encode()
# A separator that the tokenizer never puts into a word.
_END = b"\x1d"
# Text yielded at a time.
CHUNK_BYTES = 1 << 20
# The most words cached by object; an entry keeps about 500 bytes alive.
KNOWN_MAX = 200_000
# Mixes the bits of an id, an address, for the hash table. Source: D. Knuth, TAOCP 3, 6.4: the golden ratio.
_MIXER = np.uint64(0x9E3779B97F4A7C15)


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
        numbers, new = self._numbers.number(keys)
        self._texts += _END.join([*map(texts.__getitem__, new.tolist()), b""])
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
        self._forget()
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
        if not words:
            return np.zeros(0, np.uint32)
        if len(self._known) >= KNOWN_MAX:
            self._forget()
        keys = np.fromiter(map(id, words), np.uint64, len(words)) * _MIXER
        places, new = self._places.number(keys)
        known = [words[place] for place in new.tolist()]
        self._known += known
        numbers = self.packed_numbers(_pack_sorted(known))
        self._known_numbers.frombytes(numbers.astype(np.uint32).tobytes())
        return np.frombuffer(self._known_numbers, np.uint32)[places]

    def _forget(self) -> None:
        self._places = HashTable()
        self._known: list[Forms] = []  # while an object is here, no other has its id
        self._known_numbers = array("I")


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
