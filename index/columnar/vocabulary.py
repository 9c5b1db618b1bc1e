"""The words of a segment and their numbers; a *word* is a distinct ``Forms``."""

from collections.abc import Iterable, Sequence

import numpy as np

from index import analysis
from index.analysis import Forms, pack
from index.columnar.format import Array
from index.columnar.keys import KeyTable, first_of_each

FIELDS = ("lemma", "stem", "exact", "fold")
FIELD_END, TERM_END = analysis.FIELD_END.encode(), analysis.TERM_END.encode()
# A blank, so no word has it.
_WORD_END = b"\x1d"
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


class Vocabulary:
    """Numbers for words, in order of appearance.

    A word is known by its hash, of 64 bits and keyed anew by every process.
    """

    def __init__(self) -> None:
        self._numbers = KeyTable()
        self._words = bytearray()
        self._known: dict[Forms, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def packed_numbers(self, words: Sequence[bytes]) -> Array:
        """Return the numbers of packed *words*, whose terms are sorted."""
        keys = np.fromiter(map(hash, words), np.int64, len(words)).view(np.uint64)
        numbers = self._numbers.find(keys)
        missing = (numbers < 0).nonzero()[0]
        if missing.size:
            new = missing[first_of_each(keys[missing])]
            self._words += b"".join(words[place] + _WORD_END for place in new.tolist())
            self._numbers.add(keys[new])
            numbers[missing] = self._numbers.find(keys[missing])
        return numbers

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

    def words(self) -> list[bytes]:
        """Return all words, packed, by their numbers."""
        return bytes(self._words).split(_WORD_END)[:-1]
