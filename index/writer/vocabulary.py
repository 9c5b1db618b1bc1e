"""The words of a segment and their numbers; a *word* is a distinct ``Forms``."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from index.analysis import Forms, forms
from index.analysis.forms import pack
from index.segment import Array
from index.segment.hash_table import KeyTable, first_of_each

FIELDS = ("lemma", "stem", "exact", "fold")
FIELD_END, TERM_END = forms.FIELD_END.encode(), forms.TERM_END.encode()
# A blank, so no word has it.
_END = b"\x1d"
# Of what is known, taken at a time.
CHUNK_BYTES = 1 << 20
# Words known by identity; each keeps its object, some 500 bytes.
KNOWN_MAX = 200_000


def arranged(packed: bytes) -> bytes:
    """Return a packed word with its terms sorted, so that it is the same for equal words."""
    if packed.count(FIELD_END) != len(FIELDS) - 1:
        raise ValueError(f"{packed!r}: no terms of a word")
    if TERM_END not in packed:
        return packed
    fields = packed.split(FIELD_END)
    return FIELD_END.join(TERM_END.join(sorted(set(terms.split(TERM_END)))) for terms in fields)


class Numbering:
    """Numbers for byte strings, in order of appearance.

    One is known by its hash, of 64 bits and keyed anew by every process.
    """

    def __init__(self) -> None:
        self._numbers = KeyTable()
        self._texts = bytearray()

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, texts: Sequence[bytes]) -> Array:
        """Return the numbers of *texts*, in which there are no blanks."""
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
        """Yield all that are known by their numbers, some at a time."""
        first = 0
        while first < len(self._texts):
            last = self._texts.find(_END, first + CHUNK_BYTES)
            last = last if last >= 0 else len(self._texts) - 1
            yield bytes(self._texts[first:last]).split(_END)
            first = last + 1


class Vocabulary:
    """Numbers for words, in order of appearance."""

    def __init__(self) -> None:
        self._words = Numbering()
        self._known: dict[Forms, int] = {}
        self.packed_numbers = self._words.numbers
        """Returns the numbers of packed words, whose terms are sorted."""
        self.chunks = self._words.chunks
        """Yields all words, packed, by their numbers, some at a time."""

    def __len__(self) -> int:
        return len(self._words)

    def numbers(self, words: Iterable[Forms]) -> list[int]:
        """Return the numbers of *words*; looks at their terms only where it sees an object first."""
        words = list(words)
        try:
            return list(map(self._known.__getitem__, words))
        except KeyError:
            self._learn(words)
        return list(map(self._known.__getitem__, words))

    def _learn(self, words: Iterable[Forms]) -> None:
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._known]
        numbers = self.packed_numbers([arranged(pack(word.terms)) for word in new])
        self._known.update(zip(new, numbers.tolist(), strict=True))
