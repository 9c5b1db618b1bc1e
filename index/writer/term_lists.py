"""The fields of the forms, derived from the words: dictionaries, and lists of documents by term."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from index.segment import Array, ArrayWriter
from index.segment.array_file import pack_bytes, smallest, smallest_type
from index.segment.doc_lists import Docs, ListsWriter, cuts, ranges
from index.segment.term_dictionary import write_terms
from index.writer.vocabulary import FIELD_END, FIELDS, TERM_END, Numbering, Vocabulary

Keys = NDArray[np.uint64]


class Buckets:
    """Keys on disk while *out* is written.

    A bucket takes the keys from its own of *firsts*, which ascend, up to the next; *sizes* says how many of
    them will come.
    """

    def __init__(self, out: ArrayWriter, firsts: Keys, sizes: NDArray[np.int64]) -> None:
        self._scratch = out.scratch()
        self._firsts, self._sizes = firsts, sizes
        self._filled = np.cumsum(sizes) - sizes

    def add(self, keys: Keys) -> None:
        """Deal out *keys*, which ascend."""
        edges = [0, *keys.searchsorted(self._firsts[1:]).tolist(), len(keys)]
        for bucket, (first, last) in enumerate(pairwise(edges)):
            if first < last:
                self._scratch.seek(int(self._filled[bucket]) * keys.itemsize)
                self._scratch.write(keys[first:last])
                self._filled[bucket] += last - first

    def sorted(self) -> Iterator[Keys]:
        """Yield the keys of each bucket, ascending, and drop them in the end."""
        self._scratch.seek(0)
        for size in self._sizes.tolist():
            keys = np.frombuffer(self._scratch.read(size * self._firsts.itemsize), np.uint64)
            yield np.sort(keys)
        self._scratch.close()


# These are scored on every query, so they have lists of their own; the others are read through their words.
LISTED = ("lemma", "stem")
# Terms whose places are looked up at a time.
CHUNK = 50_000
# Postings of terms sorted at a time, some 60 bytes each.
BUCKET = 1_000_000


@dataclass(frozen=True, slots=True)
class Bearing:
    """Which terms of a field each word bears."""

    starts: Array
    """Of the terms of each word in ``terms``; and their end."""
    terms: Array
    count: int
    """How many terms the field has."""

    def sizes(self, sizes: Array) -> Array:
        """Return how many postings come to each term where each word has so many."""
        borne = np.repeat(sizes, np.diff(self.starts))
        return np.bincount(self.terms, borne, minlength=self.count).astype(np.int64)


def write_dictionaries(out: ArrayWriter, vocabulary: Vocabulary) -> Mapping[str, Bearing]:
    """Write the dictionaries of the words of *vocabulary*; return those fields that have terms."""
    bearings = {}
    for place, name in enumerate(FIELDS):
        terms, bearing = _terms(vocabulary, place)
        if terms:
            write_terms(out, name, *pack_bytes(terms))
            words = np.repeat(np.arange(len(vocabulary), dtype=np.uint32), np.diff(bearing.starts))
            bearers = np.bincount(bearing.terms, minlength=bearing.count)
            out.add(f"{name}/word_starts", smallest(np.concatenate(([0], np.cumsum(bearers)))))
            out.add(f"{name}/words", smallest(words[np.argsort(bearing.terms, kind="stable")]))
            bearings[name] = bearing
    return bearings


def _terms(vocabulary: Vocabulary, place: int) -> tuple[list[bytes], Bearing]:
    """Return the sorted terms of the field at *place*, and which of them the words bear."""
    known = Numbering()
    ends, numbers = array("Q", [0]), [np.zeros(0, np.uint32)]
    for words in vocabulary.chunks():
        texts: list[bytes] = []
        first = ends[-1]
        for word in words:
            some = word.split(FIELD_END)[place]
            if some:
                texts += some.split(TERM_END)
            ends.append(first + len(texts))
        numbers.append(known.numbers(texts).astype(np.uint32))
    terms = sorted(chain.from_iterable(known.chunks()))
    ranks = np.empty(len(terms), np.uint32)
    for first in range(0, len(terms), CHUNK):
        places = known.numbers(terms[first : first + CHUNK])
        ranks[places] = np.arange(first, first + len(places))
    return terms, Bearing(np.array(ends, np.int64), ranks[np.concatenate(numbers)], len(terms))


class TermLists:
    """The lists of documents of a field's terms, from the postings of the words that bear them.

    Words have each *sizes* postings, in so many *documents*, none of a weight above *top_weight*.
    """

    def __init__(
        self,
        out: ArrayWriter,
        name: str,
        bearing: Bearing,
        *,
        sizes: Array,
        documents: int,
        top_weight: int,
    ) -> None:
        self._bearing = bearing
        self._doc_bits, self._weight_bits = documents.bit_length(), top_weight.bit_length()
        if bearing.count.bit_length() + self._doc_bits + self._weight_bits > 64:
            raise OverflowError(f"{name}: too many terms and documents for one segment")
        by_term = bearing.sizes(sizes)
        self._cuts = list(cuts(by_term, BUCKET))
        firsts = np.array([first for first, _ in self._cuts], np.int64)
        self._buckets = Buckets(out, self._keys(firsts), np.add.reduceat(by_term, firsts))
        self._lists = ListsWriter(out, name, documents)
        self._weights = out.spool(f"{name}/weights", np.uint32)

    def _keys(self, terms: Array) -> Array:
        return terms.astype(np.uint64) << np.uint64(self._doc_bits + self._weight_bits)

    def add(self, first: int, sizes: Array, docs: Docs, weights: Array) -> None:
        """Take the postings of the next words, from the word *first* on; *sizes* says how many each has."""
        starts = self._bearing.starts[first : first + len(sizes) + 1]
        words = np.repeat(np.arange(len(sizes)), np.diff(starts))
        per_pair = sizes[words]
        postings = ranges((np.cumsum(sizes) - sizes)[words], per_pair)
        terms = np.repeat(self._bearing.terms[starts[0] : starts[-1]], per_pair)
        keys = self._keys(terms)
        keys |= docs[postings].astype(np.uint64) << np.uint64(self._weight_bits)
        keys |= weights[postings].astype(np.uint64)
        keys.sort()
        self._buckets.add(keys)

    def write(self) -> None:
        """Write the lists and their weights."""
        top = 0
        for (first, last), keys in zip(self._cuts, self._buckets.sorted(), strict=True):
            pairs = keys >> np.uint64(self._weight_bits)
            heads = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
            pairs = pairs[heads]
            weights = np.add.reduceat(keys & np.uint64((1 << self._weight_bits) - 1), heads)
            terms = (pairs >> np.uint64(self._doc_bits)).astype(np.int64) - first
            docs = (pairs & np.uint64((1 << self._doc_bits) - 1)).astype(np.int64)
            self._lists.add(docs, np.bincount(terms, minlength=last - first))
            self._weights.append(weights)
            top = max(top, int(weights.max(initial=0)))
        self._lists.write()
        self._weights.write(smallest_type(top))
