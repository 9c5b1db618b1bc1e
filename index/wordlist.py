"""The forms of words of an index, arranged to be found by what is near them and by their beginnings."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.latvian.letters import fold_all
from index.latvian.stemmer import stem_of
from index.near import WORD_CHARS, Near, key_of, keys_of, letters_of, sums_of

Arrays = Mapping[str, NDArray[Any]]

_MOST = np.uint32(0xFFFFFFFF)


def arranged(terms: Sequence[bytes], counts: Sequence[int] | NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a ``Wordlist`` of *terms* (UTF-8, lower case), each in so many releases.

    Only words are in it, and none longer than ``WORD_CHARS``: hardly anybody types those.
    """
    texts = [term.decode() for term in terms]
    kept = [place for place, text in enumerate(texts) if 1 < len(text) <= WORD_CHARS and text.isalpha()]
    forms = [texts[place] for place in kept]
    folded = fold_all(forms)
    keys = keys_of(folded)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    keys = [keys[number] for number in order]
    places = np.array(kept, np.uint32)[order]
    numbers = np.asarray(counts, np.uint32)[places]
    sums, by_sum = _by_sum(keys)
    stems: dict[str, int] = {}
    for number in np.argsort(_MOST - numbers, kind="stable").tolist():  # the commonest first
        at = order[number]
        stems.setdefault(stem_of(folded[at], debitive=forms[at].startswith("jā")), number)
    stem_sums, by_stem_sum = _by_sum(keys_of([*stems]))
    return {
        "form/places": places,
        "form/counts": numbers,
        "form/letters": letters_of(keys),
        "form/sums": sums,
        "form/by_sum": by_sum,
        "stem/sums": stem_sums,
        "stem/forms": np.array([*stems.values()], np.uint32)[by_stem_sum],
    }


def _by_sum(keys: list[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    sums = sums_of(keys)
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
