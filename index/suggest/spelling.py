"""Corrections of mistyped words, from the forms that stand in the index."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from math import log10
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem
from index.suggest.word_index import WORD_CHARS, Wordlist, beginnings, key_of, only, slips

# --- How far a correction is ---------------------------------------------------------------------

# A letter left out and two letters swapped come about in one way only, a wrong or superfluous letter in 33:
# cheaper by log10(33) times the weight of frequency.
_LEFT_OUT = _SWAPPED = 0.82
_WRONG = _SUPERFLUOUS = 1.0
# A diacritic is forgotten more easily than put where none belongs.
_FORGOTTEN, _UNWANTED = 0.25, 0.8
# Who types no diacritics at all has forgotten none; of words with a slip, those without any are likelier.
_UNTYPED = 0.03
# People seldom mistype the first letter.
_FIRST = 0.1
# Words ten times as frequent make up for this much distance.
_PER_DECADE = 0.12
_FAR = 1.5
"""More than one slip, beside diacritics."""
_STEM_MIN = 4
"""Shorter stems are near too many others."""
_BEGINNING_MIN = 6
"""Shorter ones begin too many others."""
# No word of the languages we know has a letter three times in a row: its key was held down.
_HELD_DOWN = re.compile(r"(.)\1\1+")


class Correction(NamedTuple):
    """A form that stands in the index; a lower ``cost`` is a likelier meaning of what was typed."""

    cost: float
    word: str


class Suggester:
    """Corrects words by the forms of an index, which its segments have *wordlists* of."""

    def __init__(self, wordlists: Sequence[Wordlist]) -> None:
        self._wordlists = wordlists
        self._alphabet = np.unique(
            np.concatenate([np.zeros(0, np.uint8), *(one.letters for one in wordlists)])
        )

    @classmethod
    def of(cls, forms: Iterable[tuple[str, int]]) -> Self:
        """Return one that knows *forms* (lower case), each with the number of releases it stands in."""
        return cls([Wordlist.of(forms)])

    def knows(self, word: str) -> bool:
        """Tell whether *word* stands in the index as it is, or with other diacritics."""
        key = key_of(word.lower())
        return len(key) <= WORD_CHARS and any(one.near.found(only(key)) for one in self._wordlists)

    def correct(self, word: str, *, limit: int = 5) -> tuple[Correction, ...]:
        """Return the forms at most one slip from *word*, the likeliest first; it may be among them.

        Where there are none, a letter that stands there three times and more counts as twice.

        >>> forms = [("pensiju", 90), ("pensija", 40), ("presi", 5)]
        >>> [correction.word for correction in Suggester.of(forms).correct("pensju")]
        ['pensiju']
        """
        typed = word.lower()
        spellings = dict.fromkeys((typed, _HELD_DOWN.sub(r"\1\1", typed)))
        return next(filter(None, (self._near(one, limit) for one in spellings)), ())

    def _near(self, typed: str, limit: int) -> tuple[Correction, ...]:
        key = key_of(typed)
        if not 1 < len(key) <= WORD_CHARS:
            return ()
        near = self._found(slips(key, self._alphabet))
        return _likeliest(typed, ((form, count, form) for form, count in near.items()), limit)

    def correct_stem(self, word: str, *, limit: int = 2) -> tuple[Correction, ...]:
        """Return forms whose stem is at most one slip from that of *word*, or begins it; any ending will do.

        >>> Suggester.of([("minerālmēslu", 4)]).correct_stem("minerlmēsli")[0].word
        'minerālmēslu'
        """
        typed = stem(word.lower())
        if not _STEM_MIN <= len(typed) <= WORD_CHARS:
            return ()
        key = key_of(typed)
        near = self._commonest(slips(key, self._alphabet))
        found = ((form, count, text) for text, (count, form) in near.items() if len(text) >= _STEM_MIN)
        # Where the slip is in the ending, the stem begins the word.
        begun = (
            Correction(_FAR, form)
            for sums in beginnings(key, _BEGINNING_MIN)
            for _, form in self._commonest(sums).values()
        )
        return _likeliest(typed, found, limit) or tuple(islice(begun, 1))

    def _found(self, sums: NDArray[np.uint64]) -> Counter[str]:
        """The forms whose keys have one of *sums*, and in how many releases each stands."""
        found: Counter[str] = Counter()
        for wordlist in self._wordlists:
            for form, count in wordlist.found(sums):
                found[form] += count
        return found

    def _commonest(self, sums: NDArray[np.uint64]) -> dict[str, tuple[int, str]]:
        """By the stems that have one of *sums*: the commonest form, after the number of its releases."""
        forms = {wordlist[number] for wordlist in self._wordlists for number in wordlist.stems.found(sums)}
        best: dict[str, tuple[int, str]] = {}
        for form in sorted(forms):
            counted = (self._found(only(key_of(form)))[form], form)
            text = stem(form)
            best[text] = max(best.get(text, (0, "")), counted)
        return best


def _likeliest(typed: str, near: Iterable[tuple[str, int, str]], limit: int) -> tuple[Correction, ...]:
    """The forms, each in so many releases, whose text in *near* was likeliest typed as *typed*."""
    bare = fold(typed)
    weighed = ((form, _PER_DECADE * log10(count + 1), text) for form, count, text in near)
    at_least = sorted(
        (_at_least(bare, fold(text)) - bonus, form, bonus, text) for form, bonus, text in weighed
    )
    best: list[Correction] = []
    for least, form, bonus, text in at_least:
        if len(best) == limit and least > best[-1].cost:
            break
        cost = distance(typed, text) - bonus
        if cost < _FAR:
            best = sorted((*best, Correction(cost, form)))[:limit]
    return tuple(best)


def distance(typed: str, meant: str) -> float:
    """Return how unlikely it is that *meant* was typed as *typed*: optimal string alignment, slips weighed.

    >>> distance("drošiba", "drošība"), distance("drošbīa", "drošība")
    (0.25, 0.82)
    """
    bare_typed, bare_meant = fold(typed), fold(meant)
    if len(bare_typed) != len(typed) or len(bare_meant) != len(meant):  # ß
        typed, meant = bare_typed, bare_meant
    is_untyped = typed == bare_typed
    if bare_typed == bare_meant:
        return _of_diacritics(typed, meant, bare_typed)
    before: list[float] = []
    row = [column * _LEFT_OUT for column in range(len(meant) + 1)]
    for i, letter in enumerate(typed, start=1):
        bare = bare_typed[i - 1]
        diacritic = _diacritic(letter, bare, untyped=is_untyped)
        next_row = [i * _SUPERFLUOUS]
        for j, wanted in enumerate(meant, start=1):
            change = 0 if letter == wanted else diacritic if bare == bare_meant[j - 1] else _WRONG
            cost = min(row[j - 1] + change, next_row[j - 1] + _LEFT_OUT, row[j] + _SUPERFLUOUS)
            if i > 1 and j > 1 and bare_typed[i - 2 : i] == bare_meant[j - 2 : j][::-1]:
                cost = min(cost, before[j - 2] + _SWAPPED)
            next_row.append(cost)
        before, row = row, next_row
    cost = row[-1] + (0 if bare_typed[:1] == bare_meant[:1] else _FIRST)
    return cost + _UNTYPED if is_untyped and meant != bare_meant else cost


def _at_least(typed: str, meant: str) -> float:
    """The least that one slip costs, both words without diacritics."""
    if typed == meant:
        return 0
    is_cheap = len(typed) < len(meant) or sorted(typed) == sorted(meant)
    return _LEFT_OUT if is_cheap else _WRONG


def _of_diacritics(typed: str, meant: str, bare: str) -> float:
    untyped = typed == bare
    unlike = ((one, plain) for one, other, plain in zip(typed, meant, bare, strict=True) if one != other)
    return sum(_diacritic(letter, plain, untyped=untyped) for letter, plain in unlike)


def _diacritic(letter: str, bare: str, *, untyped: bool) -> float:
    """How unlikely *letter*, which is *bare* without its mark, was typed for another of these."""
    if untyped:
        return 0
    return _FORGOTTEN if letter == bare else _UNWANTED
