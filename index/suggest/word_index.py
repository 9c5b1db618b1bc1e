"""An index that finds word forms by edit distance and by their beginnings.

The key of a word is its folded letters, one byte each. The sum of a key is a hash that a slip changes by
simple arithmetic; so a few thousand lookups find all keys within one slip, whatever the number of keys.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold, fold_all
from index.analysis.latvian.stemmer import stem_of
from index.suggest.sorted_keys import SortedKeys

# One byte a letter: folded words are Latin or Cyrillic.
_CHARSET = "cp1251"


WORD_CHARS = 32
"""Longer words are not indexed."""

_ZERO = np.uint64(0)

# One odd multiplier per position, fixed but arbitrary, and one more for an inserted letter.
_MULTIPLIERS = np.random.default_rng(2017).integers(0, 2**63, WORD_CHARS + 1, np.uint64) * np.uint64(
    2
) + np.uint64(1)
_PLAIN_MULTIPLIERS: list[int] = _MULTIPLIERS.tolist()
_UINT64_MAX = (1 << 64) - 1
_SIEVE_BITS = 20
_SIEVED = np.uint64(64 - _SIEVE_BITS)


def key_of(form: str) -> bytes:
    """Return the key of *form*."""
    return fold(form).encode(_CHARSET, "replace")


def keys_of(folded: Sequence[str]) -> list[bytes]:
    """Return the keys of forms that are *folded* already."""
    return "\n".join(folded).encode(_CHARSET, "replace").split(b"\n") if folded else []


def pad(keys: list[bytes]) -> NDArray[np.bytes_]:
    """Return *keys*, none longer than ``WORD_CHARS``, as one array of fixed width."""
    return np.array(keys, f"S{WORD_CHARS}")


def sums_of(keys: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return the sum of each of padded *keys*: its letters, each times the multiplier of its position."""
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


def sums_within_one_slip(key: bytes, alphabet: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the sums of *key* and of every key within one slip of it."""
    in_place, shifted_left, shifted_right = (_weigh(key, by) for by in (0, -1, 1))
    before = np.concatenate(([_ZERO], np.cumsum(in_place)))
    whole, after = before[-1], before[-1] - before
    at, letters = _MULTIPLIERS[: len(key) + 1], alphabet.astype(np.uint64)
    wrong = (whole - in_place)[:, None] + np.multiply.outer(at[:-1], letters)
    left_out = (before + _suffix_sums(shifted_right))[:, None] + np.multiply.outer(at, letters)
    superfluous = before[:-1] + _suffix_sums(shifted_left)[1:]
    swapped = before[:-2] + shifted_right[:-1] + shifted_left[1:] + after[2:]
    return np.concatenate(([whole], wrong.ravel(), left_out.ravel(), superfluous, swapped))


def sum_of(key: bytes) -> int:
    """Return the sum of *key*, which has at most ``WORD_CHARS`` letters."""
    total: int = sum(map(mul, key, _PLAIN_MULTIPLIERS))
    return total & _UINT64_MAX


def sums_of_beginnings(key: bytes, least: int) -> Iterator[int]:
    """Yield the sum of each beginning of *key* with at least *least* letters, the longest first."""
    return (sum_of(key[:length]) for length in range(len(key) - 1, least - 1, -1))


class SumIndex:
    """Finds the numbers of keys by their sums; *sums* are ascending, *places* has the key number of each."""

    def __init__(self, sums: NDArray[np.uint64], places: NDArray[Any]) -> None:
        self._sums, self._searched, self.places = sums, sums.data, places

    def find(self, sums: NDArray[np.uint64] | int) -> list[int]:
        """Return the numbers of the keys that have any of *sums*, which may be one number."""
        if isinstance(sums, int):  # of each word that is typed: NumPy takes ten times as long
            return self._find_one(sums)
        if not len(self._sums):
            return []
        sums = np.sort(sums[self._sieve[sums >> _SIEVED]])  # neighbours are found in the same memory
        nearest = self._sums.take(self._sums.searchsorted(sums), mode="clip")
        found = sorted(set(sums[nearest == sums].tolist()))
        return [place for total in found for place in self._find_one(total)]

    @cached_property
    def _sieve(self) -> NDArray[np.bool_]:
        """Whether any sum has some high bits; of thousands of sums within a slip, most have others."""
        sieve = np.zeros(1 << _SIEVE_BITS, bool)
        sieve[self._sums >> _SIEVED] = True
        return sieve

    def _find_one(self, total: int) -> list[int]:
        first = bisect_left(self._searched, total)
        numbers: list[int] = self.places[first : bisect_right(self._searched, total, first)].tolist()
        return numbers


def _weigh(key: bytes, by: int) -> NDArray[np.uint64]:
    """Return the letters of *key*, each times the multiplier of its position shifted *by* places."""
    places = np.arange(len(key)) + by
    return np.frombuffer(key, np.uint8) * _MULTIPLIERS[places]


def _suffix_sums(weighed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sum from each position to the end, and 0 after the end."""
    return np.concatenate((np.cumsum(weighed[::-1])[::-1], [_ZERO]))


# Terms converted at a time, which bounds the memory for intermediate copies.
CHUNK = 50_000


def build_arrays(terms: Sequence[bytes], counts: Sequence[int] | NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a ``Wordlist`` of *terms* (UTF-8, lower case); *counts* are numbers of releases.

    Terms that are not words, or longer than ``WORD_CHARS``, are left out.
    """
    chunks = [_read_chunk(terms[first : first + CHUNK], first) for first in range(0, len(terms), CHUNK)]
    letters, *columns = zip(*chunks or [_read_chunk([], 0)], strict=True)
    places, keys, stem_sums = map(np.concatenate, columns)
    order = np.argsort(keys, kind="stable")
    places, keys, stem_sums = (column[order] for column in (places, keys, stem_sums))
    sums, by_sum = _sort_by_sum(sums_of(keys))
    # All forms of a stem, not only the most frequent: that may be another once releases are deleted, or
    # together with other segments.
    sums_of_stems, by_stem_sum = _sort_by_sum(stem_sums)
    return {
        "form/places": places,
        "form/counts": np.asarray(counts, np.uint32)[places],
        "form/letters": np.unique(np.concatenate(letters)),
        "form/sums": sums,
        "form/by_sum": by_sum,
        "stem/sums": sums_of_stems,
        "stem/forms": by_stem_sum,
    }


def _read_chunk(terms: Sequence[bytes], first: int) -> tuple[NDArray[Any], ...]:
    """Return the letters in use, and of each word among *terms* its place, key and the sum of its stem."""
    texts = [term.decode() for term in terms]
    kept = [at for at, text in enumerate(texts) if 1 < len(text) <= WORD_CHARS and text.isalpha()]
    folded = fold_all([texts[at] for at in kept])
    stems = [
        stem_of(text, debitive=texts[at].startswith("jā")) for at, text in zip(kept, folded, strict=True)
    ]
    keys = keys_of(folded)
    return (
        letters_of(keys),
        np.array(kept, np.uint32) + np.uint32(first),
        pad(keys),
        sums_of(pad(keys_of(stems))),
    )


def _sort_by_sum(sums: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    order = np.argsort(sums, kind="stable")
    return sums[order], order.astype(np.uint32)


class Wordlist:
    """The forms of a segment by number, in the order of their keys; *arrays* come from ``build_arrays``.

    *live_size* returns how many live releases have the term with an ordinal; None if none was deleted.
    """

    def __init__(
        self,
        terms: Sequence[bytes],
        arrays: Mapping[str, NDArray[Any]],
        live_size: Callable[[int], int] | None = None,
    ) -> None:
        self._terms, self._live_size = terms, live_size
        self.places = arrays["form/places"]
        """The ordinal of each form among the terms."""
        self._keys = SortedKeys(len(self.places), partial(_key_at, terms, self.places))
        self.counts = arrays["form/counts"]
        """The approximate number of releases with each form, deleted ones too."""
        self.letters = arrays["form/letters"]
        """The letters that occur in keys."""
        self.forms = SumIndex(arrays["form/sums"], arrays["form/by_sum"])
        self.stems = SumIndex(arrays["stem/sums"], arrays["stem/forms"])
        """Finds the forms of a stem."""

    @classmethod
    def of(cls, forms: Iterable[tuple[str, int]]) -> "Wordlist":
        """Return a word list of *forms* (lower case), each with its number of releases."""
        sorted_forms = sorted((form.encode(), count) for form, count in forms)
        terms = [term for term, _ in sorted_forms]
        return cls(terms, build_arrays(terms, [count for _, count in sorted_forms]))

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, number: int) -> str:
        form: str = self._terms[self.places[number]].decode()
        return form

    def count(self, number: int) -> int:
        """Return the approximate number of releases with a form; 0 if all that had it were deleted."""
        if self._live_size is None:
            return int(self.counts[number])
        return self._live_size(int(self.places[number]))

    def find(self, sums: NDArray[np.uint64] | int) -> Iterator[tuple[str, int]]:
        """Yield each form whose key has one of *sums*, or a single one, with its number of releases."""
        return self.read(self.forms.find(sums))

    def find_stem(self, sums: NDArray[np.uint64] | int) -> Iterator[tuple[str, int]]:
        """Yield each form whose stem has one of *sums*, with its number of releases."""
        return self.read(self.stems.find(sums))

    def read(self, numbers: Iterable[int]) -> Iterator[tuple[str, int]]:
        """Yield the forms with *numbers* that a release has, each with the number of releases."""
        return ((self[number], count) for number in numbers if (count := self.count(number)))

    def most_frequent(self, first: int, last: int, limit: int) -> list[tuple[str, int]]:
        """Return the *limit* forms from *first* to before *last* in most releases, with their number."""
        counts = self.counts[first:last].astype(np.int64)
        if self._live_size is None:
            return list(self.read((highest(counts, limit) + first).tolist()))
        found: list[tuple[int, int]] = []
        for row in np.argsort(-counts, kind="stable").tolist():
            # A form is in no more releases than before some were deleted; nor are those that follow.
            if len(found) >= limit and sorted(found)[limit - 1][0] <= -counts[row]:
                break
            found.append((-self.count(first + row), row))
        return [(self[first + row], -count) for count, row in sorted(found)[:limit] if count]

    def range_starting_with(self, key: bytes) -> tuple[int, int]:
        """Return the half-open range of numbers of the forms whose keys start with *key*."""
        # 0xFF sorts after every letter.
        return self._keys.first_from(key), self._keys.first_from(key + b"\xff" * WORD_CHARS)


def _key_at(terms: Sequence[bytes], places: NDArray[Any], number: int) -> bytes:
    return key_of(terms[places[number]].decode())


def highest(values: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Return the rows of the *count* highest of signed *values*, highest first; equal ones in their order.

    >>> highest(np.array([1, 3, 2, 3]), 3).tolist()
    [1, 3, 2]
    """
    rows = np.arange(len(values))
    if len(values) > count:  # sort only those that may be returned
        rows = np.flatnonzero(values >= np.partition(values, -count)[-count])
    return rows[np.argsort(-values[rows], kind="stable")][:count]
