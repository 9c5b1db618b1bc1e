"""The forms of words of an index, arranged to be found by what is near them and by their beginnings."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold_all
from index.analysis.latvian.stemmer import stem_of
from index.segment.hash_table import first_of_each
from index.suggest.near import WORD_CHARS, Near, key_of, keys_of, letters_of, padded, sums_of

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
