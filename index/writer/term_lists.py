"""Derives the four text fields from the words: term dictionaries, and document lists of terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from index.segment import Array, ArrayWriter
from index.segment.array_file import shrink
from index.segment.doc_lists import DocListsWriter, Docs, expand_ranges, split_by_size
from index.segment.postings import UNIONS
from index.segment.small_numbers import WEIGHT_BITS, SmallNumbersWriter
from index.segment.term_dictionary import pack_bytes, write_terms
from index.writer.vocabulary import FIELDS, TERM_END, StringNumbers, Vocabulary

PostingKeys = NDArray[np.uint64]


class Buckets:
    """An external bucket sort of keys, on disk while *out* is written.

    Bucket *i* takes the keys from ``firsts[i]`` up to ``firsts[i + 1]``; *sizes* are the numbers of keys.
    """

    def __init__(self, out: ArrayWriter, firsts: PostingKeys, sizes: NDArray[np.int64]) -> None:
        self._temp_file = out.temp_file()
        self._firsts, self._sizes = firsts, sizes
        self._filled = np.cumsum(sizes) - sizes

    def add(self, keys: PostingKeys) -> None:
        """Distribute ascending *keys* over the buckets."""
        edges = [0, *keys.searchsorted(self._firsts[1:]).tolist(), len(keys)]
        for bucket, (first, last) in enumerate(pairwise(edges)):
            if first < last:
                self._temp_file.seek(int(self._filled[bucket]) * keys.itemsize)
                self._temp_file.write(keys[first:last])
                self._filled[bucket] += last - first

    def sort(self) -> Iterator[PostingKeys]:
        """Yield the sorted keys of each bucket, then delete the file."""
        self._temp_file.seek(0)
        for size in self._sizes.tolist():
            keys = np.frombuffer(self._temp_file.read(size * self._firsts.itemsize), np.uint64)
            yield np.sort(keys)
        self._temp_file.close()


# Every query scores these fields, so the union of the words of each term has a document list, which terms
# of the same words share. The other fields are read through the words.
LISTED_FIELDS = ("lemma", "stem")
# Postings sorted at a time, about 60 bytes each.
BUCKET_POSTINGS = 1_000_000


@dataclass(frozen=True, slots=True)
class TermMap:
    """A map from words to the terms of a field, or to unions."""

    starts: Array
    """The index in ``terms`` at which the terms of each word start; the last entry is the end."""
    terms: Array
    count: int
    """The number of terms."""

    def renumbered(self, numbers: Array) -> "TermMap":
        """Return the map from the words with new *numbers*."""
        counts = np.diff(self.starts)
        order = np.empty(len(numbers), np.int64)
        order[numbers] = np.arange(len(numbers))
        terms = self.terms[expand_ranges(self.starts[order], counts[order])]
        return TermMap(np.concatenate(([0], np.cumsum(counts[order]))), terms, self.count)

    def words(self) -> tuple[Array, Array]:
        """Return the words of each term, ascending: where they start, and the words themselves."""
        words = np.repeat(np.arange(len(self.starts) - 1, dtype=np.uint32), np.diff(self.starts))
        starts = np.concatenate(([0], np.cumsum(np.bincount(self.terms, minlength=self.count))))
        return starts, words[np.argsort(self.terms, kind="stable")]

    def sizes(self, sizes: Array) -> Array:
        """Return an upper bound of each term's postings, given the postings of each word."""
        pairs = np.repeat(sizes, np.diff(self.starts))
        return np.bincount(self.terms, pairs, minlength=self.count).astype(np.int64)


def write_dictionaries(
    out: ArrayWriter, vocabulary: Vocabulary, *, has_unions: bool = True
) -> tuple[list[str], TermMap, Array]:
    """Write the dictionaries of all fields.

    Return the fields that have terms, the map to unions, and the number of each word in the segment: words of
    the same stem are next to each other, and so is what is stored of them, as a search reads them together.
    """
    names, unions = [], _Unions(len(vocabulary))
    fields = {name: _FieldTerms() for name in FIELDS}
    for columns in vocabulary.columns():
        for field, packed in zip(fields.values(), columns, strict=True):
            field.add(packed)
    stems = fields.pop("stem").sort()
    numbers = _number_by_term(stems[1])
    for name in FIELDS:
        terms, term_map = stems if name == "stem" else fields.pop(name).sort()
        term_map = term_map.renumbered(numbers)
        if terms:
            names.append(name)
            write_terms(out, name, *pack_bytes(terms))
            starts, words = term_map.words()
            if len(words) > len(terms):
                out.add(f"{name}/word_starts", shrink(starts))
            out.add(f"{name}/words", shrink(words))
            if has_unions and name in LISTED_FIELDS:
                out.add(f"{name}/lists", shrink(unions.lists(starts, words)))
    return names, unions.term_map(), numbers


def _number_by_term(term_map: TermMap) -> Array:
    """Return a number for each word, by its first term, and by its number before."""
    counts = np.diff(term_map.starts)
    first_terms = np.zeros(len(counts), np.int64)
    first_terms[counts > 0] = term_map.terms[term_map.starts[:-1][counts > 0]]
    numbers = np.empty(len(counts), np.uint32)
    numbers[np.argsort(first_terms, kind="stable")] = np.arange(len(counts), dtype=np.uint32)
    return numbers


class _Unions:
    """Numbers the distinct sets of two words or more; *words* is the number of all words."""

    def __init__(self, words: int) -> None:
        self._words = words
        self._numbers: dict[bytes, int] = {}

    def lists(self, starts: Array, words: Array) -> Array:
        """Return the list of each term: its only word, or the number of all words plus that of its union."""
        lists = words[starts[:-1]].astype(np.int64)
        firsts = starts.tolist()
        for term in np.flatnonzero(np.diff(starts) > 1).tolist():
            key = words[firsts[term] : firsts[term + 1]].tobytes()
            lists[term] = self._words + self._numbers.setdefault(key, len(self._numbers))
        return lists

    def term_map(self) -> TermMap:
        """Return the map from words to unions."""
        members = np.frombuffer(b"".join(self._numbers), np.uint32)
        sizes = [len(key) // members.itemsize for key in self._numbers]
        unions = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        starts = np.concatenate(([0], np.cumsum(np.bincount(members, minlength=self._words))))
        return TermMap(starts, unions[np.argsort(members, kind="stable")], len(sizes))


class _FieldTerms:
    """Collects the terms of the words in one field, word by word."""

    def __init__(self) -> None:
        self._numbering = StringNumbers()
        self._counts, self._numbers = [np.zeros(1, np.int64)], [np.zeros(0, np.uint32)]

    def add(self, words: Sequence[bytes]) -> None:
        """Add the packed terms of the next *words*."""
        terms = TERM_END.join(words).split(TERM_END)
        counts = np.ones(len(words), np.int64)
        if len(terms) > len(words) or b"" in terms:
            terms = list(filter(None, terms))
            counts[:] = [word.count(TERM_END) + 1 if word else 0 for word in words]
        self._counts.append(counts)
        self._numbers.append(self._numbering.numbers(terms).astype(np.uint32))

    def sort(self) -> tuple[list[bytes], TermMap]:
        """Return the sorted terms, and the map from words to them."""
        terms = list(chain.from_iterable(self._numbering.chunks()))
        order = sorted(range(len(terms)), key=terms.__getitem__)
        ranks = np.empty(len(terms), np.uint32)
        ranks[order] = np.arange(len(terms), dtype=np.uint32)
        starts = np.cumsum(np.concatenate(self._counts))
        term_map = TermMap(starts, ranks[np.concatenate(self._numbers)], len(terms))
        return [terms[number] for number in order], term_map


class UnionLists:
    """Derives the document lists of unions from the postings of words.

    *sizes* are the document frequencies of the words, *top_weight* is the largest weight of a posting.
    """

    def __init__(
        self, out: ArrayWriter, term_map: TermMap, *, sizes: Array, documents: int, top_weight: int
    ) -> None:
        self._term_map = term_map
        self._doc_bits, self._weight_bits = documents.bit_length(), top_weight.bit_length()
        if term_map.count.bit_length() + self._doc_bits + self._weight_bits > 64:
            raise OverflowError("too many terms and documents for one segment")
        by_term = term_map.sizes(sizes)
        self._cuts = list(split_by_size(by_term, BUCKET_POSTINGS))
        firsts = np.array([first for first, _ in self._cuts], np.int64)
        self._buckets = Buckets(out, self._keys(firsts), np.add.reduceat(by_term, firsts))
        self._lists = DocListsWriter(out, UNIONS, documents)
        self._weights = SmallNumbersWriter(out, f"{UNIONS}/weights", WEIGHT_BITS)

    def _keys(self, terms: Array) -> Array:
        return terms.astype(np.uint64) << np.uint64(self._doc_bits + self._weight_bits)

    def add(self, first: int, sizes: Array, docs: Docs, weights: Array) -> None:
        """Add the postings of the words from *first* on; *sizes* are their document frequencies."""
        starts = self._term_map.starts[first : first + len(sizes) + 1]
        words = np.repeat(np.arange(len(sizes)), np.diff(starts))
        per_pair = sizes[words]
        postings = expand_ranges((np.cumsum(sizes) - sizes)[words], per_pair)
        terms = np.repeat(self._term_map.terms[starts[0] : starts[-1]], per_pair)
        keys = self._keys(terms)
        keys |= docs[postings].astype(np.uint64) << np.uint64(self._weight_bits)
        keys |= weights[postings].astype(np.uint64)
        keys.sort()
        self._buckets.add(keys)

    def write(self) -> None:
        """Write the document lists and their weights."""
        for (first, last), keys in zip(self._cuts, self._buckets.sort(), strict=True):
            pairs = keys >> np.uint64(self._weight_bits)
            heads = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
            pairs = pairs[heads]
            weights = np.add.reduceat(keys & np.uint64((1 << self._weight_bits) - 1), heads)
            terms = (pairs >> np.uint64(self._doc_bits)).astype(np.int64) - first
            docs = (pairs & np.uint64((1 << self._doc_bits) - 1)).astype(np.int64)
            self._lists.add(docs, np.bincount(terms, minlength=last - first))
            self._weights.append(weights)
        self._lists.write()
        self._weights.write()
