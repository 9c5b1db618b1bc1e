"""Corrections of mistyped words, from the forms that stand in the index."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

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
_DIACRITIC = 0.25
# Who types none at all has not forgotten this one.
_UNTYPED_DIACRITIC = 0.02
# People hardly ever mistype the first letter.
_FIRST = 0.2
# Words ten times as frequent make up for this much distance.
_PER_DECADE = 0.12
_FAR = 1.5
"""More than one slip, beside diacritics."""
_STEM_MIN = 4
"""Shorter stems are near too many others."""


class Correction(NamedTuple):
    """A form that stands in the index; a lower ``cost`` is a likelier meaning of what was typed."""

    cost: float
    word: str


class _Near:
    """Finds the keys that are one slip from another.

    A single slip leaves the first or the last half of a word as it was, so keys are sorted from the left and
    from the right, and sets of letters sort out all but a few of those that share a half.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        unsorted = np.array(keys or [b""], f"S{WORD_CHARS}")
        self._places = np.argsort(unsorted, kind="stable")[: len(keys)].astype(np.int32)
        self._keys = unsorted[self._places]
        self._lengths = np.char.str_len(self._keys).astype(np.int8)
        self._letters = _letter_sets(self._keys.view(np.uint8).reshape(-1, WORD_CHARS))
        backwards = np.array([key[::-1] for key in self._keys.tolist()] or [b""], f"S{WORD_CHARS}")
        self._from_right = np.argsort(backwards, kind="stable")[: len(keys)].astype(np.int32)
        self._backwards = backwards[self._from_right]

    def has(self, key: bytes) -> bool:
        """Tell whether *key* is there."""
        at = int(np.searchsorted(self._keys, key))
        return at < len(self._keys) and bool(self._keys[at] == key)

    def places(self, key: bytes) -> list[int]:
        """Return the places of the keys within one slip."""
        half = len(key) // 2
        first, last = range_of(self._keys, key[:half])
        left = np.arange(first, last)
        first, last = range_of(self._backwards, key[:half:-1])
        rows = np.concatenate((left, self._from_right[first:last]))
        rows = rows[np.abs(self._lengths[rows] - len(key)) <= 1]
        others = np.bitwise_count(self._letters[rows] ^ _letter_set(key))
        # A wrong letter may take one out of the set and put one in.
        rows = np.unique(rows[others <= 2])
        near = zip(self._keys[rows].tolist(), self._places[rows].tolist(), strict=True)
        return [place for other, place in near if _is_one_slip(key, other)]


def _is_one_slip(one: bytes, other: bytes) -> bool:
    """Tell whether two keys differ in at most one letter, or two that are swapped."""
    shorter = min(len(one), len(other))
    alike = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    left, right = one[alike:], other[alike:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    longer, other_rest = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == other_rest


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
        """Return forms whose stem is at most one slip from that of *word*: the ending may be any.

        >>> Suggester([("minerālmēslu", 4)]).correct_stem("minerlmēsli")[0].word
        'minerālmēslu'
        """
        near, places = self._stems
        typed = stem(word.lower())
        if not _STEM_MIN <= len(typed) <= WORD_CHARS:
            return ()
        found = ((places[one], stem(self._words[places[one]])) for one in near.places(key_of(typed)))
        return self._likeliest(typed, found, limit)

    def _likeliest(self, typed: str, near: Iterable[tuple[int, str]], limit: int) -> tuple[Correction, ...]:
        """The forms (by place) whose text in *near* was likeliest typed as *typed*."""
        costs = ((distance(typed, text) - float(self._bonus[place]), place) for place, text in near)
        close = sorted(Correction(cost, self._words[place]) for cost, place in costs if cost < _FAR)
        return tuple(close[:limit])


def key_of(form: str) -> bytes:
    """Return what *form* is compared by: its letters without diacritics, a byte each."""
    return fold(form).encode(_CHARSET, "replace")


def range_of(keys: NDArray[np.bytes_], beginning: bytes) -> tuple[int, int]:
    """Return where in sorted *keys* those with a *beginning* start and end."""
    first, last = np.searchsorted(keys, [beginning, beginning + b"\xff"])
    return int(first), int(last)


def _letter_sets(letters: NDArray[np.uint8]) -> NDArray[np.uint32]:
    bits = np.left_shift(np.uint32(1), (letters & 31).astype(np.uint32))
    bits[letters == 0] = 0
    sets: NDArray[np.uint32] = np.bitwise_or.reduce(bits, axis=1)
    return sets


def _letter_set(key: bytes) -> np.uint32:
    return np.uint32(sum({1 << (letter & 31) for letter in key}))


def distance(typed: str, meant: str) -> float:
    """Return how unlikely it is that *meant* was typed as *typed*: optimal string alignment, slips weighed.

    >>> distance("drošiba", "drošība"), distance("drošbīa", "drošība")
    (0.25, 0.82)
    """
    bare_typed, bare_meant = fold(typed), fold(meant)
    same_letters = len(bare_typed) == len(typed) and len(bare_meant) == len(meant)
    if not same_letters:  # ß
        typed, meant = bare_typed, bare_meant
    diacritic = _DIACRITIC if typed != bare_typed else _UNTYPED_DIACRITIC
    before: list[float] = []
    row = [column * _LEFT_OUT for column in range(len(meant) + 1)]
    for i, letter in enumerate(typed, start=1):
        next_row = [i * _SUPERFLUOUS]
        for j, wanted in enumerate(meant, start=1):
            alike = bare_typed[i - 1] == bare_meant[j - 1]
            change = 0 if letter == wanted else diacritic if alike else _WRONG
            cost = min(row[j - 1] + change, next_row[j - 1] + _LEFT_OUT, row[j] + _SUPERFLUOUS)
            if i > 1 and j > 1 and bare_typed[i - 2 : i] == bare_meant[j - 2 : j][::-1]:
                cost = min(cost, before[j - 2] + _SWAPPED)
            next_row.append(cost)
        before, row = row, next_row
    return row[-1] + (0 if bare_typed[:1] == bare_meant[:1] else _FIRST)
