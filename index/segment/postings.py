"""The postings of a segment as arrays: by word for the analysed text, by term for any other field."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from index.segment.array_file import Array, ArrayFile
from index.segment.doc_lists import Docs, Lists, block_count, ranges, taken
from index.segment.doc_sets import NONE, Sets, places_of
from index.segment.positions import opened, positions_before
from index.segment.term_dictionary import Terms
from index.segment.token_sequences import Sequences

EXTENSION = ".posts"
# Reading the texts of so few documents is faster than the postings of a common word.
A_PAGE, TEXT_COST = 4_000, 60


# Array names that begin with one of these belong to the analysed text.
_RESERVED = ("word", "part", "span", "field")


def array_prefix(field: str) -> str:
    """Return what the names of a field's arrays begin with.

    >>> array_prefix("id"), array_prefix("word")
    ('id', 'field/word')
    """
    return f"field/{field}" if field.split("/", maxsplit=1)[0] in _RESERVED else field


class Field(Protocol):
    """An indexed field of a segment."""

    terms: Terms

    def size(self, term: int) -> int:
        """Return in how many documents a term stands, or a little more."""

    def sizes(self) -> Array:
        """Return ``size`` of each term."""

    def docs(self, term: int) -> Docs:
        """Return the documents of a term, ascending."""

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, one list after another."""

    def weights(self, term: int) -> Array:
        """Return the weighted frequency of a term in each of its documents."""

    def positions(self, term: int, docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position where the term stands in it, in no order."""


class Places:
    """Where the postings of lists stand in their documents."""

    def __init__(self, arrays: ArrayFile, name: str, lists: Lists) -> None:
        self._lists = lists
        self._sets = Sets(arrays.meta["documents"])
        self._counts = arrays[f"{name}/counts"]
        self._sums = arrays[f"{name}/count_sums"]
        self._positions = arrays[f"{name}/positions"]
        self._holes: list[list[int]] = arrays.meta["holes"].get(name, [])

    def among(self, terms: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position where one of *terms* stands, in no order."""
        if not len(terms) or not len(docs):
            return NONE, NONE
        kept, rows = self._sets.rows_of(self._lists.docs_of(terms), docs)
        starts, sizes = self._lists.extents(np.asarray(terms))
        counts = taken(self._counts, starts, sizes).astype(np.int64)
        before = np.cumsum(counts) - counts
        firsts = positions_before(self._counts, self._sums, starts)
        shifts = firsts - before[np.cumsum(sizes) - sizes]
        found = ranges((before + np.repeat(shifts, sizes))[kept], counts[kept])
        return np.repeat(rows, counts[kept]), opened(self._positions[found], self._holes)


class TermField:
    """A field with postings of its own."""

    def __init__(self, arrays: ArrayFile, name: str, blocks: int) -> None:
        self.terms = Terms(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
        self._lists = Lists(arrays, name, blocks)
        self._weights = arrays[f"{name}/weights"]
        self._places = Places(arrays, name, self._lists) if f"{name}/positions" in arrays else None
        self._values = None
        if f"{name}/values" in arrays:
            self._values = arrays[f"{name}/values"], arrays[f"{name}/value_offsets"]

    def size(self, term: int) -> int:
        """Return in how many documents a term stands."""
        return self._lists.count(term)

    def sizes(self) -> Array:
        """Return ``size`` of each term."""
        return self._lists.counts()

    def docs(self, term: int) -> Docs:
        """Return the documents of a term, ascending."""
        return self._lists.docs(term)

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, one list after another."""
        return self._lists.docs_of(terms)

    def weights(self, term: int) -> Array:
        """Return the weighted frequency of a term in each of its documents."""
        first, last = self._lists.extent(term)
        return self._weights[first:last]

    def positions(self, term: int, docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position."""
        return self._places.among([term], docs) if self._places else (NONE, NONE)

    def value(self, term: int, place: int) -> bytes:
        """Return what else is kept of the posting at *place* in the list of *term*: JSON, or nothing."""
        if self._values is None:
            return b""
        blob, offsets = self._values
        at = self._lists.extent(term)[0] + place
        return blob[int(offsets[at]) : int(offsets[at + 1])].tobytes()


class Words:
    """The postings of the words of the analysed text."""

    def __init__(self, arrays: ArrayFile, blocks: int) -> None:
        self._lists = Lists(arrays, "word", blocks)
        self._weights = arrays["word/weights"]
        self._places = Places(arrays, "word", self._lists)
        self.sequences = Sequences(arrays)

    def __len__(self) -> int:
        return len(self._lists)

    def size(self, word: int) -> int:
        """Return in how many documents a word stands."""
        return self._lists.count(word)

    def counts(self) -> Array:
        """Return in how many documents each word stands."""
        return self._lists.counts()

    def sizes(self, words: Sequence[int]) -> int:
        """Return in how many documents each of *words* stands, added up."""
        return int(self._lists.extents(np.array(words, np.int64))[1].sum())

    def docs(self, word: int) -> Docs:
        """Return the documents of a word, ascending."""
        return self._lists.docs(word)

    def weights(self, word: int) -> Array:
        """Return the weighted frequency of a word in each of its documents."""
        first, last = self._lists.extent(word)
        return self._weights[first:last]

    def positions(self, words: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position where one of the ascending *words* stands."""
        if self._is_page(words, docs):
            return self._read(words, docs)
        return self._places.among(words, docs)

    def tokens(self, words: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a token that is one of the ascending *words*, in no order."""
        if self._is_page(words, docs):
            return self.sequences.bearing(words, docs)
        rows, positions = self._places.among(words, docs)
        return rows, self.sequences.tokens(docs[rows], positions)

    def _is_page(self, words: Sequence[int], docs: Docs) -> bool:
        """Tell whether to read the texts of *docs* is quicker than the postings of *words*."""
        return len(docs) <= A_PAGE and len(docs) * TEXT_COST < self.sizes(words)

    def _read(self, words: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        theirs, rows, positions = self.sequences.read(docs)
        there = places_of(words, theirs)
        return rows[there], positions[there]

    def docs_of(self, words: Sequence[int]) -> Docs:
        """Return the documents of many words, one list after another."""
        return self._lists.docs_of(words)


class WordField:
    """A field of the analysed text, whose terms are borne by words."""

    def __init__(self, arrays: ArrayFile, name: str, words: Words, blocks: int) -> None:
        self.terms = Terms(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
        self._starts = arrays[f"{name}/word_starts"].data
        self._bearers = arrays[f"{name}/words"]
        self._words = words
        self._own = None
        if f"{name}/starts" in arrays:
            self._own = Lists(arrays, name, blocks), arrays[f"{name}/weights"]

    def bearers(self, term: int) -> list[int]:
        """Return the words that bear a term."""
        words: list[int] = self._bearers[self._starts[term] : self._starts[term + 1]].tolist()
        return words

    def borne(self, word: int) -> list[bytes]:
        """Return the terms that a word bears, in their order."""
        starts, terms = self._borne
        return self.terms.many(terms[starts[word] : starts[word + 1]])

    @cached_property
    def _borne(self) -> tuple[Array, Array]:
        """Where the terms of each word begin, and which they are."""
        words = np.asarray(self._bearers)
        counts = np.bincount(words, minlength=len(self._words))
        terms = np.repeat(np.arange(len(self.terms), dtype=np.int32), np.diff(self._starts))
        return np.concatenate(([0], np.cumsum(counts))), terms[np.argsort(words, kind="stable")]

    def size(self, term: int) -> int:
        """Return in how many documents a term stands, or a little more."""
        if self._own:
            return self._own[0].count(term)
        bearers = self.bearers(term)
        return self._words.size(bearers[0]) if len(bearers) == 1 else self._words.sizes(bearers)

    def sizes(self) -> Array:
        """Return ``size`` of each term."""
        if self._own:
            return self._own[0].counts()
        first = np.asarray(self._starts)[:-1].astype(np.int64)
        return np.add.reduceat(self._words.counts()[self._bearers], first)

    def docs(self, term: int) -> Docs:
        """Return the documents of a term, ascending."""
        if self._own:
            return self._own[0].docs(term)
        bearers = self.bearers(term)
        if len(bearers) == 1:
            return self._words.docs(bearers[0])
        return union([self._words.docs(word) for word in bearers])

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, one list after another; one may come several times."""
        return self._words.docs_of(sorted({word for term in terms for word in self.bearers(term)}))

    def weights(self, term: int) -> Array:
        """Return the weighted frequency of a term in each of its documents."""
        if self._own:
            first, last = self._own[0].extent(term)
            return self._own[1][first:last]
        bearers = self.bearers(term)
        if len(bearers) == 1:
            return self._words.weights(bearers[0])
        docs = self.docs(term)
        summed = np.zeros(len(docs), np.int64)
        for word in bearers:
            summed[np.searchsorted(docs, self._words.docs(word))] += self._words.weights(word)
        return summed

    def positions(self, term: int, docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position."""
        return self._words.positions(self.bearers(term), docs)


class Postings:
    """All indexed fields of a segment."""

    def __init__(self, arrays: ArrayFile) -> None:
        self.arrays = arrays
        self.documents: int = arrays.meta["documents"]
        self._blocks = block_count(self.documents)
        self.words = Words(arrays, self._blocks) if "word/starts" in arrays else None

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Fields by name."""
        return {name: self._field(name) for name in self.arrays.meta["fields"]}

    def _field(self, name: str) -> Field:
        if self.words is not None and f"{name}/words" in self.arrays:
            return WordField(self.arrays, name, self.words, self._blocks)
        return TermField(self.arrays, array_prefix(name), self._blocks)


# --- Ascending document numbers ------------------------------------------------------------------


def union(lists: Sequence[Docs]) -> Docs:
    """Return what is in any of the lists.

    >>> union([np.array([1, 3]), np.array([2, 3])]).tolist()
    [1, 2, 3]
    """
    if len(lists) == 1:
        return lists[0]
    both = np.concatenate(lists) if lists else NONE
    both.sort(kind="stable")  # merges what is sorted in runs
    return both[np.concatenate(([True], both[1:] != both[:-1]))] if both.size else both


def intersect(ours: Docs, theirs: Docs) -> tuple[Array, Array]:
    """Return at which places of each the two lists hold the same.

    >>> [places.tolist() for places in intersect(np.array([1, 3, 5]), np.array([3, 4, 5]))]
    [[1, 2], [0, 2]]
    """
    if len(ours) > len(theirs):
        others, mine = intersect(theirs, ours)
        return mine, others
    if not len(ours):
        return NONE, NONE
    at = np.searchsorted(theirs, ours)
    at[at == len(theirs)] = 0
    same = np.flatnonzero(theirs[at] == ours)
    return same, at[same]
