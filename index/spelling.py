"""Corrections of mistyped words, from the forms that stand in the index."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.latvian.letters import fold
from index.latvian.stemmer import stem

# One byte a letter: folded words are Latin or Cyrillic.
_CHARSET = "cp1251"
WORD_CHARS = 32
"""Longer forms are not suggested: hardly anybody types them."""

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


class Correction(NamedTuple):
    """A form that stands in the index; a lower ``cost`` is a likelier meaning of what was typed."""

    cost: float
    word: str


class _Near:
    """Finds the keys that are one slip from another, by trying every slip there is.

    Keys are compared by 64-bit sums, one multiplier a place: a slip changes the sum of a key by a little
    arithmetic, so all slips of a word, some thousand, are looked up at once, however many keys there are.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        letters = np.array(keys or [b""], f"S{WORD_CHARS}").view(np.uint8).reshape(-1, WORD_CHARS)
        sums = np.zeros(len(letters), np.uint64)
        for place in range(WORD_CHARS):
            sums += letters[:, place] * _MULTIPLIERS[place]
        self._places = np.argsort(sums, kind="stable").astype(np.int32)[: len(keys)]
        self._sums = sums[self._places]
        self._alphabet = np.unique(letters[letters > 0]).astype(np.uint64)

    def has(self, key: bytes) -> bool:
        """Tell whether *key* is there."""
        return len(key) <= WORD_CHARS and len(self._found(_weighed(key, 0).sum(keepdims=True))) > 0

    def places(self, key: bytes) -> list[int]:
        """Return the places of the keys within one slip."""
        places: list[int] = self._found(np.unique(self._slipped(key))).tolist()
        return places

    def beginnings(self, key: bytes, least: int) -> Iterator[int]:
        """Yield the places of the keys of *least* letters or more that *key* begins with, longest first."""
        for total in np.cumsum(_weighed(key, 0))[least - 1 : -1][::-1]:
            yield from self._found(total[None]).tolist()

    def _slipped(self, key: bytes) -> NDArray[np.uint64]:
        """The sums of *key* and of all that a slip makes of it."""
        here, back, on = (_weighed(key, by) for by in (0, -1, 1))
        before = np.concatenate(([_ZERO], np.cumsum(here)))
        whole, after = before[-1], before[-1] - before
        at = _MULTIPLIERS[: len(key) + 1]
        wrong = (whole - here)[:, None] + np.multiply.outer(at[:-1], self._alphabet)
        left_out = (before + _from_each(on))[:, None] + np.multiply.outer(at, self._alphabet)
        superfluous = before[:-1] + _from_each(back)[1:]
        swapped = before[:-2] + on[:-1] + back[1:] + after[2:]
        return np.concatenate(([whole], wrong.ravel(), left_out.ravel(), superfluous, swapped))

    def _found(self, sums: NDArray[np.uint64]) -> NDArray[np.int32]:
        first, last = np.searchsorted(self._sums, sums), np.searchsorted(self._sums, sums, "right")
        there = np.flatnonzero(last > first)
        runs = [self._places[first[one] : last[one]] for one in there.tolist()]
        return np.concatenate(runs) if runs else self._places[:0]


_ZERO = np.uint64(0)
# Odd, fixed and otherwise arbitrary, for keys of WORD_CHARS and one letter more.
_MULTIPLIERS = np.random.default_rng(2017).integers(0, 2**63, WORD_CHARS + 1, np.uint64) * np.uint64(
    2
) + np.uint64(1)


def _weighed(key: bytes, by: int) -> NDArray[np.uint64]:
    """The letters of *key*, each times the multiplier of its place, or of the place *by* so many on."""
    places = np.arange(len(key)) + by
    return np.frombuffer(key, np.uint8) * _MULTIPLIERS[places]


def _from_each(weighed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The sums from each place to the end, and nothing after the end."""
    return np.concatenate((np.cumsum(weighed[::-1])[::-1], [_ZERO]))


class Suggester:
    """Corrects words by the *forms* of an index (lower case) and in how many releases each stands."""

    def __init__(self, forms: Iterable[tuple[str, int]]) -> None:
        kept = [(form, count) for form, count in forms if 1 < len(form) <= WORD_CHARS and form.isalpha()]
        self._words = [form for form, _ in kept]
        self._bonus = _PER_DECADE * np.log10(np.array([count for _, count in kept], np.float64) + 1)
        self._near = _Near([key_of(form) for form in self._words])

    @cached_property
    def _stems(self) -> tuple[_Near, list[int]]:
        """The stems of the forms, and the place of the commonest form of each."""
        best: dict[str, int] = {}
        for place in np.argsort(-self._bonus, kind="stable").tolist():
            best.setdefault(stem(self._words[place]), place)
        return _Near([key_of(one) for one in best]), list(best.values())

    def ready(self) -> Self:
        """Return this with all made that the first correction would have to wait for."""
        assert self._stems  # noqa: S101 - made by being looked at
        return self

    def knows(self, word: str) -> bool:
        """Tell whether *word* stands in the index as it is, or with other diacritics."""
        return self._near.has(key_of(word.lower()))

    def correct(self, word: str, *, limit: int = 5) -> tuple[Correction, ...]:
        """Return the forms at most one slip from *word*, the likeliest first; it may be among them.

        >>> forms = [("pensiju", 90), ("pensija", 40), ("presi", 5)]
        >>> [correction.word for correction in Suggester(forms).correct("pensju")]
        ['pensiju']
        """
        typed = word.lower()
        key = key_of(typed)
        if not 1 < len(key) <= WORD_CHARS:
            return ()
        near = ((place, self._words[place]) for place in self._near.places(key))
        return self._likeliest(typed, near, limit)

    def correct_stem(self, word: str, *, limit: int = 2) -> tuple[Correction, ...]:
        """Return forms whose stem is at most one slip from that of *word*, or begins it; any ending will do.

        >>> Suggester([("minerālmēslu", 4)]).correct_stem("minerlmēsli")[0].word
        'minerālmēslu'
        """
        near, places = self._stems
        typed = stem(word.lower())
        if not _STEM_MIN <= len(typed) <= WORD_CHARS:
            return ()
        key = key_of(typed)
        stems = ((places[one], stem(self._words[places[one]])) for one in near.places(key))
        found = ((place, text) for place, text in stems if len(text) >= _STEM_MIN)
        # Where the slip is in the ending, the stem begins the word.
        beginnings = (
            Correction(_FAR, self._words[places[one]]) for one in near.beginnings(key, _BEGINNING_MIN)
        )
        return self._likeliest(typed, found, limit) or tuple(islice(beginnings, 1))

    def _likeliest(self, typed: str, near: Iterable[tuple[int, str]], limit: int) -> tuple[Correction, ...]:
        """The forms (by place) whose text in *near* was likeliest typed as *typed*."""
        bare = fold(typed)
        at_least = sorted(
            (_at_least(bare, fold(text)) - float(self._bonus[place]), place, text) for place, text in near
        )
        best: list[Correction] = []
        for least, place, text in at_least:
            if len(best) == limit and least > best[-1].cost:
                break
            cost = distance(typed, text) - float(self._bonus[place])
            if cost < _FAR:
                best = sorted((*best, Correction(cost, self._words[place])))[:limit]
        return tuple(best)


def key_of(form: str) -> bytes:
    """Return what *form* is compared by: its letters without diacritics, a byte each."""
    return fold(form).encode(_CHARSET, "replace")


def range_of(keys: NDArray[np.bytes_], beginning: bytes) -> tuple[int, int]:
    """Return where in sorted *keys* those with a *beginning* start and end."""
    first, last = np.searchsorted(keys, [beginning, beginning + b"\xff"])
    return int(first), int(last)


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
