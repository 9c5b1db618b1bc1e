"""Finds all known names of a text in one pass over its capitalised words, the longest name at each place."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# A name begins with a capital letter, so other words need not be looked up.
_CAPITALIZED = re.compile(r"[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ][^\W\d_]*")

CapitalizedWords = Sequence[tuple[int, str]]
"""The words that begin with a capital: where each begins, and its letters."""


def capitalized_words(text: str) -> CapitalizedWords:
    """Return the words of *text* that begin with a capital."""
    return [(match.start(), match[0]) for match in _CAPITALIZED.finditer(text)]


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A known name as written in a text."""

    start: int
    end: int
    key: str


class KnownNames:
    """Finds names: *forms* are their keys by each form in which they are written.

    A dictionary of first words is as fast as an Aho-Corasick automaton here: it skips small words.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        by_first_word: dict[str, list[tuple[str, str]]] = {}
        for form, key in forms.items():
            if first := _CAPITALIZED.match(form):
                by_first_word.setdefault(first[0], []).append((form, key))
        self._by_first_word: Mapping[str, Sequence[tuple[str, str]]] = {
            word: sorted(names, key=lambda name: len(name[0]), reverse=True)
            for word, names in by_first_word.items()
        }

    def find(self, text: str, words: CapitalizedWords) -> Iterator[NamePlace]:
        """Yield the names in *text* that begin with one of *words*, in order and without overlaps."""
        plain, end, first_words = text.replace("\u00a0", " "), 0, self._by_first_word
        for start, word in words:
            if word in first_words and start >= end and (place := _longest(plain, start, first_words[word])):
                end = place.end
                yield place


def _longest(text: str, start: int, names: Iterable[tuple[str, str]]) -> NamePlace | None:
    if start and (text[start - 1].isalnum() or text[start - 1] in "-_@"):
        return None
    for form, key in names:
        end = start + len(form)
        if text.startswith(form, start) and not text[end : end + 1].isalnum():
            return NamePlace(start, end, key)
    return None
