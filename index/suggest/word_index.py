"""The forms of words of an index, arranged to be found by what is near them and by their beginnings."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold, fold_all
from index.analysis.latvian.stemmer import stem_of
from index.segment.hash_table import first_of_each

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


Arrays = Mapping[str, NDArray[Any]]

_MOST = np.uint32(0xFFFFFFFF)


# Terms taken at a time, so that what is made of each on the way takes little memory.
CHUNK = 50_000


def arranged(terms: Sequence[bytes], counts: Sequence[int] | NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a ``Wordlist`` of *terms* (UTF-8, lower case), each in so many releases.

    Only words are in it, and none longer than ``WORD_CHARS``: hardly anybody types those.
    """
    chunks = [_taken(terms[first : first + CHUNK], first) for first in range(0, len(terms), CHUNK)]
    letters, *columns = zip(*chunks or [_taken([], 0)], strict=True)
    places, keys, stems, stem_sums = map(np.concatenate, columns)
    order = np.argsort(keys, kind="stable")
    places, keys, stems, stem_sums = (column[order] for column in (places, keys, stems, stem_sums))
    numbers = np.asarray(counts, np.uint32)[places]
    sums, by_sum = _by_sum(sums_of(keys))
    commonest_first = np.argsort(_MOST - numbers, kind="stable")
    of_stem = commonest_first[first_of_each(stems[commonest_first])]
    sums_of_stems, by_stem_sum = _by_sum(stem_sums[of_stem])
    return {
        "form/places": places,
        "form/counts": numbers,
        "form/letters": np.unique(np.concatenate(letters)),
        "form/sums": sums,
        "form/by_sum": by_sum,
        "stem/sums": sums_of_stems,
        "stem/forms": of_stem[by_stem_sum].astype(np.uint32),
    }


def _taken(terms: Sequence[bytes], first: int) -> tuple[NDArray[Any], ...]:
    """Return the letters of the words among *terms*; of each place, key, stem (a hash) and its sum."""
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
        padded(keys),
        np.fromiter(map(hash, stems), np.int64, len(stems)),
        sums_of(padded(keys_of(stems))),
    )


def _by_sum(sums: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    order = np.argsort(sums, kind="stable")
    return sums[order], order.astype(np.uint32)


class Wordlist:
    """Forms by number, in the order of their keys; the *arrays* are those ``arranged`` of the *terms*."""

    def __init__(self, terms: Sequence[bytes], arrays: Arrays) -> None:
        self._terms, self._places = terms, arrays["form/places"]
        self.counts = arrays["form/counts"]
        """In about how many releases each form stands."""
        self.letters = arrays["form/letters"]
        """Those that occur in the keys."""
        self.near = Near(arrays["form/sums"], arrays["form/by_sum"])
        self.stems = Near(arrays["stem/sums"], arrays["stem/forms"])
        """The commonest form of each stem."""

    @classmethod
    def of(cls, forms: Iterable[tuple[str, int]]) -> "Wordlist":
        """Return a list of *forms* (lower case), each with the number of releases it stands in."""
        sorted_forms = sorted((form.encode(), count) for form, count in forms)
        terms = [term for term, _ in sorted_forms]
        return cls(terms, arranged(terms, [count for _, count in sorted_forms]))

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, number: int) -> str:
        form: str = self._terms[self._places[number]].decode()
        return form

    def found(self, sums: NDArray[np.uint64]) -> Iterator[tuple[str, int]]:
        """Yield the forms whose keys have one of *sums*, and in how many releases each stands."""
        return ((self[number], int(self.counts[number])) for number in self.near.found(sums))

    def beginning(self, key: bytes) -> tuple[int, int]:
        """Return where the forms start and end whose keys have a beginning."""
        # After all letters of a key comes none like this.
        ends = (key, key + b"\xff" * WORD_CHARS)
        first, last = (bisect_left(range(len(self)), end, key=lambda at: key_of(self[at])) for end in ends)
        return first, last
