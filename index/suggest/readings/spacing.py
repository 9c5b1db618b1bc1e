"""Words with other spaces between them: `railbaltica`, `muzejnakts`, `e veselība`, `uguns dzēsēji`."""

from collections.abc import Callable, Iterator
from itertools import islice
from operator import itemgetter

from index.analysis.latvian.stemmer import stem
from index.suggest.spelling import Suggester

_PART_MIN = 3
"""Shorter parts of a word are syllables."""
_JOINED_MIN = 5
_HALVES_MAX = 8
"""The most ways to part a word that are looked up in the releases."""

CountHits = Callable[[str], int]


def halves(word: str, suggester: Suggester, count: CountHits) -> str:
    """Return *word* as two words that stand beside each other in most releases; "" if none do.

    The first may be a stem: `muzejnakts` are the *muzeju nakts*.
    """
    pairs = islice(_pairs(word, suggester), _HALVES_MAX)
    counted = [(count(_side_by_side(pair)), pair) for pair in pairs]
    hits, best = max(counted, default=(0, ""), key=itemgetter(0))
    return best if hits else ""


def _pairs(word: str, suggester: Suggester) -> Iterator[str]:
    parts = [(word[:at], word[at:]) for at in range(_PART_MIN, len(word) - _PART_MIN + 1)]
    whole = [(first, second) for first, text in parts if (second := _form(text, suggester))]
    yield from (f"{form} {second}" for first, second in whole if (form := _form(first, suggester)))
    yield from (
        f"{form} {second}"
        for first, second in whole
        if first == stem(first)
        for form, _ in suggester.forms_of_stem(first).most_common(_HALVES_MAX)
    )


def _form(word: str, suggester: Suggester) -> str:
    """Return *word* if it is a form of a word of the index, with its diacritics if it has none, else ""."""
    if suggester.knows(word):
        return suggester.spell(word) if word.isascii() else word
    return word if word != stem(word) and suggester.forms_of_stem(stem(word)) else ""


def join(first: str, second: str, suggester: Suggester) -> str:
    """Return the word that *first* and *second* are together, with a hyphen after a letter; "" if none."""
    word = first + second
    if len(word) < _JOINED_MIN or not word.isalpha():
        return ""
    # Most pairs are two words that releases have; then another form of both together is chance.
    if not suggester.knows(word) and suggester.knows(first) and suggester.knows(second):
        return ""
    word = _form(word, suggester)
    return f"{word[:1]}-{word[1:]}" if word and len(first) == 1 else word


def are_side_by_side(first: str, second: str, count: CountHits) -> bool:
    """Return whether a release has both words, in any form, beside each other."""
    return count(_side_by_side(f"{first} {second}")) > 0


def _side_by_side(pair: str) -> str:
    return f'"{pair}"~1'
