"""Which of many words are one slip from another: found by trying every slip there is."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold

# One byte a letter: folded words are Latin or Cyrillic.
_CHARSET = "cp1251"
WORD_CHARS = 32
"""Longer words have no key."""

_ZERO = np.uint64(0)
# Odd, fixed and otherwise arbitrary, for keys of WORD_CHARS and one letter more.
_MULTIPLIERS = np.random.default_rng(2017).integers(0, 2**63, WORD_CHARS + 1, np.uint64) * np.uint64(
    2
) + np.uint64(1)


def key_of(form: str) -> bytes:
    """Return what *form* is compared by: its letters without diacritics, a byte each."""
    return fold(form).encode(_CHARSET, "replace")


def keys_of(folded: Sequence[str]) -> list[bytes]:
    """Return the keys of forms without diacritics."""
    return "\n".join(folded).encode(_CHARSET, "replace").split(b"\n") if folded else []


def padded(keys: list[bytes]) -> NDArray[np.bytes_]:
    """Return *keys*, none longer than ``WORD_CHARS``, as one array."""
    return np.array(keys, f"S{WORD_CHARS}")


def sums_of(keys: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return what stands for each of padded *keys*: its letters, each times the multiplier of its place."""
    letters = keys.view(np.uint8).reshape(-1, WORD_CHARS)
    sums = np.zeros(len(letters), np.uint64)
    for place in range(WORD_CHARS):
        sums += letters[:, place] * _MULTIPLIERS[place]
    return sums


def letters_of(keys: Iterable[bytes]) -> NDArray[np.uint8]:
    """Return the letters that occur in *keys*, ascending."""
    return np.flatnonzero(np.bincount(np.frombuffer(b"".join(keys), np.uint8), minlength=256)).astype(
        np.uint8
    )


def slips(key: bytes, alphabet: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the sums of *key* and of all that a slip makes of it: ascending, each once.

    A slip changes the sum of a key by a little arithmetic, so all of them, some thousand, are looked up at
    once, however many keys there are.
    """
    here, back, on = (_weighed(key, by) for by in (0, -1, 1))
    before = np.concatenate(([_ZERO], np.cumsum(here)))
    whole, after = before[-1], before[-1] - before
    at, letters = _MULTIPLIERS[: len(key) + 1], alphabet.astype(np.uint64)
    wrong = (whole - here)[:, None] + np.multiply.outer(at[:-1], letters)
    left_out = (before + _from_each(on))[:, None] + np.multiply.outer(at, letters)
    superfluous = before[:-1] + _from_each(back)[1:]
    swapped = before[:-2] + on[:-1] + back[1:] + after[2:]
    return np.unique(np.concatenate(([whole], wrong.ravel(), left_out.ravel(), superfluous, swapped)))


def only(key: bytes) -> NDArray[np.uint64]:
    """Return the sum of *key*, which is no longer than ``WORD_CHARS``."""
    total: NDArray[np.uint64] = _weighed(key, 0).sum(keepdims=True)
    return total


def beginnings(key: bytes, least: int) -> Iterator[NDArray[np.uint64]]:
    """Yield the sums of the beginnings of *key* that have *least* letters or more, longest first."""
    for total in np.cumsum(_weighed(key, 0))[least - 1 : -1][::-1]:
        yield total[None]


class Near:
    """Keys by their sums: ascending *sums*, and beside each the *place* of a key."""

    def __init__(self, sums: NDArray[np.uint64], places: NDArray[Any]) -> None:
        self._sums, self._places = sums, places

    def found(self, sums: NDArray[np.uint64]) -> list[int]:
        """Return the places of the keys that have one of *sums*."""
        first, last = np.searchsorted(self._sums, sums), np.searchsorted(self._sums, sums, "right")
        there = np.flatnonzero(last > first).tolist()
        return [place for one in there for place in self._places[first[one] : last[one]].tolist()]


def _weighed(key: bytes, by: int) -> NDArray[np.uint64]:
    """The letters of *key*, each times the multiplier of its place, or of the place *by* so many on."""
    places = np.arange(len(key)) + by
    return np.frombuffer(key, np.uint8) * _MULTIPLIERS[places]


def _from_each(weighed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The sums from each place to the end, and nothing after the end."""
    return np.concatenate((np.cumsum(weighed[::-1])[::-1], [_ZERO]))
