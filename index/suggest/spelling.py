"""Spelling corrections to word forms of the index."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from math import log10
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem
from index.analysis.word_cache import for_length
from index.suggest.phrase_index import PhraseIndex
from index.suggest.word_index import (
    WORD_CHARS,
    Wordlist,
    key_of,
    sum_of,
    sums_of_beginnings,
    sums_within_one_slip,
)

# --- The cost of a correction ---------------------------------------------------------------------

# There is one way to omit a given letter or to swap two, but 33 ways to type a wrong or superfluous letter.
# So the former cost less, by log10(33) times the weight of frequency.
_LEFT_OUT = _SWAPPED = 0.82
_WRONG = _SUPERFLUOUS = 1.0
# A missing diacritic is more likely than a superfluous one.
_FORGOTTEN, _UNWANTED = 0.25, 0.8
# Text without any diacritics was probably typed so on purpose; then words without any are slightly likelier.
_UNTYPED = 0.03
# The first letter is rarely mistyped.
_FIRST = 0.1
# Ten times the frequency makes up for this much distance.
_PER_DECADE = 0.12
_FAR = 1.5
"""Corrections at this distance or beyond are not offered: that is more than one slip besides diacritics."""
_STEM_MIN = 4
"""Shorter stems resemble too many others."""
_KEPT = 1_000
"""The number of words whose corrections are kept."""
# The most forms that are compared to find those with one stem.
_FAMILY_MAX = 100
_BEGINNING_MIN = 6
"""Shorter beginnings match too many stems."""
# No word in our languages repeats a letter three times in a row: the key was held down.
_HELD_DOWN = re.compile(r"(.)\1\1+")


class Correction(NamedTuple):
    """A form in the index; the lower its ``cost``, the likelier it was meant."""

    cost: float
    word: str


class Suggester:
    """Corrects words by the forms of an index; *wordlists* and *phrases* have one element per segment."""

    def __init__(self, wordlists: Sequence[Wordlist], phrases: Sequence[PhraseIndex] = ()) -> None:
        self._phrases = phrases
        self._forms = forms = _FormFinder(wordlists)
        # A query asks for the same words again: what is surely meant, then what may be. A method of this
        # object would refer back to it, and keep its files open until a garbage collection.
        self._correct, self._correct_stem = map(lru_cache(_KEPT), (forms.correct, forms.correct_stem))
        self._knows = lru_cache(_KEPT)(forms.knows)

    @classmethod
    def of(cls, forms: Iterable[tuple[str, int]]) -> Self:
        """Return a suggester with *forms* (lower case), each with its number of releases."""
        return cls([Wordlist.of(forms)])

    def knows(self, word: str) -> bool:
        """Return whether *word* is in the index, whatever its diacritics."""
        return for_length(self._knows, len(word))(word.lower())

    def is_name(self, form: str) -> bool:
        """Return whether the releases write *form* (lower case) with a capital."""
        return any(
            entry.is_name and entry.text.lower() == form
            for phrases in self._phrases
            for entry in phrases.find(form)
        )

    def family(self, form: str) -> Counter[str]:
        """Return forms of the index that begin with the stem of *form*, each with its number of releases."""
        return self._forms.starting_with(key_of(stem(form)))

    def spellings(self, word: str) -> Counter[str]:
        """Return the forms that are *word* without diacritics, each with its number of releases."""
        key = key_of(word.lower())
        return self._forms.find(sum_of(key)) if len(key) <= WORD_CHARS else Counter()

    def forms_of_stem(self, stem: str) -> Counter[str]:
        """Return the forms with *stem*, whatever its diacritics, each with its number of releases."""
        key = key_of(stem.lower())
        return self._forms.with_stem(sum_of(key)) if _STEM_MIN <= len(key) <= WORD_CHARS else Counter()

    def spell(self, word: str) -> str:
        """Return *word* with the diacritics that most releases have; unchanged if none has it."""
        counts = self.spellings(word)
        best = max(counts, key=lambda form: (counts[form], form), default=word.lower())
        return word if best == word.lower() else best

    def correct(self, word: str, *, limit: int = 5) -> tuple[Correction, ...]:
        """Return the forms within one slip of *word*, likeliest first; *word* itself may be among them.

        If there are none, letters repeated three times or more are reduced to two.

        >>> forms = [("pensiju", 90), ("pensija", 40), ("presi", 5)]
        >>> [correction.word for correction in Suggester.of(forms).correct("pensju")]
        ['pensiju']
        """
        typed = word.lower()
        spellings = dict.fromkeys((typed, _HELD_DOWN.sub(r"\1\1", typed)))
        cached = for_length(self._correct, len(word))
        return next(filter(None, (cached(spelling, limit) for spelling in spellings)), ())

    def correct_stem(self, word: str, *, limit: int = 2) -> tuple[Correction, ...]:
        """Return forms with any ending whose stem is within one slip of the stem of *word*, or begins it.

        >>> Suggester.of([("minerālmēslu", 4)]).correct_stem("minerlmēsli")[0].word
        'minerālmēslu'
        """
        return for_length(self._correct_stem, len(word))(stem(word.lower()), limit)


class _FormFinder:
    """Finds the forms of *wordlists* that are near a word (lower case)."""

    def __init__(self, wordlists: Sequence[Wordlist]) -> None:
        self._wordlists = wordlists
        self._alphabet = np.unique(
            np.concatenate([np.zeros(0, np.uint8), *(wordlist.letters for wordlist in wordlists)])
        )

    def knows(self, word: str) -> bool:
        """Return whether a form is *word*, whatever its diacritics."""
        key = key_of(word)
        return len(key) <= WORD_CHARS and any(
            True for wordlist in self._wordlists for _ in wordlist.find(sum_of(key))
        )

    def find(self, sums: NDArray[np.uint64] | int) -> Counter[str]:
        """Return the forms whose keys have one of *sums*, each with its number of releases."""
        return _add_up(form for wordlist in self._wordlists for form in wordlist.find(sums))

    def with_stem(self, sums: NDArray[np.uint64] | int) -> Counter[str]:
        """Return the forms whose stems have one of *sums*, each with its number of releases."""
        return _add_up(form for wordlist in self._wordlists for form in wordlist.find_stem(sums))

    def starting_with(self, key: bytes) -> Counter[str]:
        """Return some of the forms that begin with *key*, each with its number of releases."""
        return _add_up(
            form
            for wordlist in self._wordlists
            for form in islice(wordlist.read(range(*wordlist.range_starting_with(key))), _FAMILY_MAX)
        )

    def correct(self, typed: str, limit: int) -> tuple[Correction, ...]:
        """Return the *limit* likeliest forms within one slip of *typed*."""
        key = key_of(typed)
        if not 1 < len(key) <= WORD_CHARS:
            return ()
        near = self.find(sums_within_one_slip(key, self._alphabet))
        return _likeliest(typed, ((form, count, form) for form, count in near.items()), limit)

    def correct_stem(self, typed: str, limit: int) -> tuple[Correction, ...]:
        """Return the likeliest forms whose stem is within one slip of *typed*, a stem, or begins it."""
        if not _STEM_MIN <= len(typed) <= WORD_CHARS:
            return ()
        key = key_of(typed)
        near = self._most_frequent(sums_within_one_slip(key, self._alphabet))
        nearby = ((form, count, text) for text, (count, form) in near.items() if len(text) >= _STEM_MIN)
        # If the slip is in the ending, the stem is a beginning of the word.
        by_beginning = (
            Correction(_FAR, form)
            for sums in sums_of_beginnings(key, _BEGINNING_MIN)
            for _, form in self._most_frequent(sums).values()
        )
        return _likeliest(typed, nearby, limit) or tuple(islice(by_beginning, 1))

    def _most_frequent(self, sums: NDArray[np.uint64] | int) -> dict[str, tuple[int, str]]:
        """Return, for each stem with one of *sums*, the releases of its most frequent form, and the form."""
        counts = self.with_stem(sums)
        best: dict[str, tuple[int, str]] = {}
        for form in sorted(counts):
            text = stem(form)
            if counts[form] > best.get(text, (0, ""))[0]:
                best[text] = (counts[form], form)
        return best


def _add_up(forms: Iterable[tuple[str, int]]) -> Counter[str]:
    """Return *forms*, each with the sum of its numbers of releases."""
    counts: Counter[str] = Counter()
    for form, count in forms:
        counts[form] += count
    return counts


def _likeliest(typed: str, near: Iterable[tuple[str, int, str]], limit: int) -> tuple[Correction, ...]:
    """Return the likeliest corrections; *near* has each form, its number of releases, the text to compare."""
    bare = fold(typed)
    with_bonus = ((form, _PER_DECADE * log10(count + 1), text) for form, count, text in near)
    nearest_first = sorted(
        (_least_distance(bare, fold(text)) - bonus, form, bonus, text) for form, bonus, text in with_bonus
    )
    best: list[Correction] = []
    for least, form, bonus, text in nearest_first:
        if len(best) == limit and least > best[-1].cost:
            break
        cost = distance(typed, text) - bonus
        if cost < _FAR:
            best = sorted((*best, Correction(cost, form)))[:limit]
    return tuple(best)


def distance(typed: str, meant: str) -> float:
    """Return the cost of typing *typed* for *meant*: optimal string alignment, weighted by slip.

    >>> distance("drošiba", "drošība"), distance("drošbīa", "drošība")
    (0.25, 0.82)
    """
    bare_typed, bare_meant = fold(typed), fold(meant)
    if len(bare_typed) != len(typed) or len(bare_meant) != len(meant):  # ß
        typed, meant = bare_typed, bare_meant
    is_untyped = typed == bare_typed
    if bare_typed == bare_meant:
        return _diacritics_distance(typed, meant, bare_typed)
    before: list[float] = []
    row = [column * _LEFT_OUT for column in range(len(meant) + 1)]
    for i, letter in enumerate(typed, start=1):
        bare = bare_typed[i - 1]
        diacritic = _diacritic_cost(letter, bare, untyped=is_untyped)
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


def _least_distance(typed: str, meant: str) -> float:
    """Return a lower bound of the distance of two folded words within one slip."""
    if typed == meant:
        return 0
    is_cheap = len(typed) < len(meant) or sorted(typed) == sorted(meant)
    return _LEFT_OUT if is_cheap else _WRONG


def _diacritics_distance(typed: str, meant: str, bare: str) -> float:
    untyped = typed == bare
    differing = (
        (letter_typed, plain)
        for letter_typed, letter_meant, plain in zip(typed, meant, bare, strict=True)
        if letter_typed != letter_meant
    )
    return sum(_diacritic_cost(letter, plain, untyped=untyped) for letter, plain in differing)


def _diacritic_cost(letter: str, bare: str, *, untyped: bool) -> float:
    """Return the cost of typing *letter*, which folds to *bare*, instead of another that does."""
    if untyped:
        return 0
    return _FORGOTTEN if letter == bare else _UNWANTED
