"""The words of a segment and their numbers; a *word* is a distinct ``Forms``."""

from collections.abc import Callable, Iterable

from index import analysis
from index.analysis import Forms, pack

FIELDS = ("lemma", "stem", "exact", "fold")
FIELD_END, TERM_END = analysis.FIELD_END.encode(), analysis.TERM_END.encode()
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
    """Numbers for words, in order of appearance."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._known = _Known(lambda word: self.number(arranged(pack(word.terms))))

    def number(self, word: bytes) -> int:
        """Return the number of a packed word."""
        return self._numbers.setdefault(word, len(self._numbers))

    def numbers(self, words: Iterable[Forms]) -> list[int]:
        """Return the numbers of *words*; looks at their terms only where it sees an object first."""
        return list(map(self._known.__getitem__, words))

    def words(self) -> list[bytes]:
        """Return all words, packed, by their numbers."""
        return list(self._numbers)


class _Known(dict[Forms, int]):
    """The numbers of words by identity."""

    def __init__(self, number: Callable[[Forms], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, word: Forms) -> int:
        if len(self) >= KNOWN_MAX:
            self.clear()
        return self.setdefault(word, self._number(word))
