"""The postings of a segment: by word for the analysed text, by term for any other field."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from index.segment.array_file import Array, ArrayFile
from index.segment.doc_lists import DocLists, Docs, block_count, expand_ranges
from index.segment.doc_sets import NONE, DocSets, find_any
from index.segment.positions import restore_holes
from index.segment.small_numbers import COUNT_BITS, WEIGHT_BITS, SmallNumbers
from index.segment.term_dictionary import TermDictionary
from index.segment.token_sequences import TokenSequences

EXTENSION = ".posts"
# Up to PAGE_DOCS documents, reading their texts may be faster than reading the postings of a common word; a
# text costs as much as TEXT_COST postings.
PAGE_DOCS, TEXT_COST = 4_000, 60


# Names that begin the names of the analysed text's arrays.
_RESERVED = ("word", "union", "part", "span", "field")
# The document lists of unions. A union is the set of words that map to a term, if they are several.
UNIONS = "union"


def array_prefix(field: str) -> str:
    """Return the prefix of the names of a field's arrays.

    >>> array_prefix("id"), array_prefix("word")
    ('id', 'field/word')
    """
    return f"field/{field}" if field.split("/", maxsplit=1)[0] in _RESERVED else field


class IndexedField(Protocol):
    """An indexed field of a segment."""

    terms: TermDictionary

    def size(self, term: int) -> int:
        """Return the document frequency of a term, or slightly more."""

    def counted_docs(self, term: int) -> Docs:
        """Return the documents that ``size`` counts, each as often as it is counted."""

    def sizes(self) -> Array:
        """Return ``size`` of each term."""

    def docs(self, term: int) -> Docs:
        """Return the documents of a term, ascending."""

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, concatenated."""

    def weights(self, term: int) -> Array:
        """Return the weighted frequency of a term in each of its documents."""

    def positions(self, term: int, docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position of the term there, unordered."""


class PositionLists:
    """The positions of postings, parallel to document lists."""

    def __init__(self, arrays: ArrayFile, name: str, lists: DocLists) -> None:
        self._lists = lists
        self._sets = DocSets(arrays.meta["documents"])
        self._counts = SmallNumbers(arrays, f"{name}/counts", COUNT_BITS)
        self._starts = arrays[f"{name}/position_starts"]
        self._positions = arrays[f"{name}/positions"]
        self._holes: list[list[int]] = arrays.meta["holes"].get(name, [])

    def among(self, terms: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position of one of *terms*, unordered."""
        if not len(terms) or not len(docs):
            return NONE, NONE
        numbers = np.asarray(terms)
        kept, rows = self._sets.rows_of(self._lists.docs_of(numbers), docs)
        starts, sizes = self._lists.extents(numbers)
        counts = self._counts.ranges(starts, sizes).astype(np.int64)
        before = counts.cumsum() - counts
        shifts = self._starts[numbers].astype(np.int64) - before[sizes.cumsum() - sizes]
        kept_counts = counts[kept]
        places = expand_ranges((before + shifts.repeat(sizes))[kept], kept_counts)
        return rows.repeat(kept_counts), restore_holes(self._positions[places], self._holes)


class TermField:
    """A field with postings of its own."""

    def __init__(self, arrays: ArrayFile, name: str, blocks: int) -> None:
        self.terms = TermDictionary(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
        self._lists = DocLists(arrays, name, blocks)
        # Left out if all are 1. `get` would raise DamagedError.
        self._weights = arrays[f"{name}/weights"] if f"{name}/weights" in arrays else None  # noqa: SIM401
        self._places = PositionLists(arrays, name, self._lists) if f"{name}/positions" in arrays else None
        self._values = None
        if f"{name}/values" in arrays:
            self._values = arrays[f"{name}/values"], arrays[f"{name}/value_offsets"]

    def size(self, term: int) -> int:
        """Return the document frequency of a term."""
        return self._lists.count(term)

    def counted_docs(self, term: int) -> Docs:
        """Return the documents that ``size`` counts."""
        return self._lists.docs(term)

    def sizes(self) -> Array:
        """Return ``size`` of each term."""
        return self._lists.counts()

    def docs(self, term: int) -> Docs:
        """Return the documents of a term, ascending."""
        return self._lists.docs(term)

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, concatenated."""
        return self._lists.docs_of(terms)

    def weights(self, term: int) -> Array:
        """Return the weighted frequency of a term in each of its documents."""
        first, last = self._lists.extent(term)
        return np.ones(last - first, np.uint8) if self._weights is None else self._weights[first:last]

    def positions(self, term: int, docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position."""
        return self._places.among([term], docs) if self._places else (NONE, NONE)

    def value(self, term: int, place: int) -> bytes:
        """Return the stored value (JSON or empty) of the posting at *place* in the list of *term*."""
        if self._values is None:
            return b""
        blob, offsets = self._values
        at = self._lists.extent(term)[0] + place
        return blob[int(offsets[at]) : int(offsets[at + 1])].tobytes()


class WordPostings:
    """The postings of the words of the analysed text."""

    def __init__(self, arrays: ArrayFile, blocks: int) -> None:
        self.lists = DocLists(arrays, "word", blocks)
        self._sets = DocSets(arrays.meta["documents"])
        self._weights = SmallNumbers(arrays, "word/weights", WEIGHT_BITS)
        self._places = PositionLists(arrays, "word", self.lists)
        self.unions = DocLists(arrays, UNIONS, blocks)
        self._union_weights = SmallNumbers(arrays, f"{UNIONS}/weights", WEIGHT_BITS)
        self._count = len(self.lists)
        self.sequences = TokenSequences(arrays)

    def __len__(self) -> int:
        return self._count

    def size(self, word: int) -> int:
        """Return the document frequency of a word."""
        return self.lists.count(word)

    def counts(self) -> Array:
        """Return the document frequency of each word."""
        return self.lists.counts()

    def sizes(self, words: Sequence[int]) -> int:
        """Return the sum of the document frequencies of *words*."""
        return int(self.lists.extents(np.array(words, np.int64))[1].sum())

    def docs(self, word: int) -> Docs:
        """Return the documents of a word, ascending."""
        return self.lists.docs(word)

    def union(self, words: Sequence[int]) -> Docs:
        """Return the documents of any of *words*, ascending."""
        return self._sets.distinct(self.docs_of(words))

    def weights(self, word: int) -> Array:
        """Return the weighted frequency of a word in each of its documents."""
        return self._weights.between(*self.lists.extent(word))

    def list_size(self, number: int) -> int:
        """Return the length of a list: of a word or, from the number of words on, of a union."""
        return self.lists.count(number) if number < self._count else self.unions.count(number - self._count)

    def list_sizes(self) -> Array:
        """Return the length of each list."""
        return np.concatenate((self.lists.counts(), self.unions.counts()))

    def list_docs(self, number: int) -> Docs:
        """Return the documents of a list, ascending."""
        return self.lists.docs(number) if number < self._count else self.unions.docs(number - self._count)

    def list_weights(self, number: int) -> Array:
        """Return the weighted frequency in each document of a list."""
        if number < self._count:
            return self.weights(number)
        return self._union_weights.between(*self.unions.extent(number - self._count))

    def positions(self, words: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position of one of the ascending *words*."""
        if self._is_page(words, docs):
            return self._read(words, docs)
        return self._places.among(words, docs)

    def _is_page(self, words: Sequence[int], docs: Docs) -> bool:
        """Return whether reading the texts of *docs* is faster than reading the postings of *words*."""
        return len(docs) <= PAGE_DOCS and len(docs) * TEXT_COST < self.sizes(words)

    def _read(self, words: Sequence[int], docs: Docs) -> tuple[Array, Array]:
        page_words, rows, positions = self.sequences.read(docs)
        matching = find_any(words, page_words)
        return rows[matching], positions[matching]

    def docs_of(self, words: Sequence[int]) -> Docs:
        """Return the documents of many words, concatenated."""
        return self.lists.docs_of(words)


def _order_of(words: Array) -> Array:
    """Return the stable order of *words*, by halves: numpy sorts numbers of 16 bits much faster."""
    words = words.astype(np.uint32)
    order = np.argsort(words.astype(np.uint16), kind="stable")
    return order[np.argsort((words >> 16).astype(np.uint16)[order], kind="stable")]


def word_starts(arrays: ArrayFile, field: str, terms: int) -> Array:
    """Return where the words of each term of a field start; stored only if some term has several."""
    name = f"{field}/word_starts"
    return arrays[name] if name in arrays else np.arange(terms + 1, dtype=np.uint32)


class WordField:
    """A field of the analysed text: words map to its terms."""

    def __init__(self, arrays: ArrayFile, name: str, words: WordPostings) -> None:
        self.terms = TermDictionary(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
        self._starts = word_starts(arrays, name, len(self.terms)).data
        self._words_by_term = arrays[f"{name}/words"]
        self._words = words
        self._lists = arrays[f"{name}/lists"].data if f"{name}/lists" in arrays else None

    def words_of(self, term: int) -> list[int]:
        """Return the words that map to a term."""
        words: list[int] = self._words_by_term[self._starts[term] : self._starts[term + 1]].tolist()
        return words

    def pairs(self) -> tuple[Array, Array]:
        """Return all pairs of a term, ascending, and a word that maps to it."""
        terms = np.repeat(np.arange(len(self.terms), dtype=np.int32), np.diff(self._starts))
        return terms, np.asarray(self._words_by_term)

    def terms_of_word(self, word: int) -> list[bytes]:
        """Return the terms of a word, ascending."""
        starts, terms = self._terms_by_word
        return self.terms.many(terms[starts[word] : starts[word + 1]])

    @cached_property
    def _terms_by_word(self) -> tuple[Array, Array]:
        """The terms of each word: where they start, and their ordinals."""
        terms, words = self.pairs()
        counts = np.bincount(words, minlength=len(self._words))
        return np.concatenate(([0], np.cumsum(counts))), terms[_order_of(words)]

    def size(self, term: int) -> int:
        """Return the document frequency of a term, or slightly more."""
        if self._lists is not None:
            return self._words.list_size(self._lists[term])
        words = self.words_of(term)
        return self._words.size(words[0]) if len(words) == 1 else self._words.sizes(words)

    def counted_docs(self, term: int) -> Docs:
        """Return the documents that ``size`` counts, each as often as it is counted."""
        if self._lists is not None:
            return self._words.list_docs(self._lists[term])
        return self._words.docs_of(self.words_of(term))

    def sizes(self) -> Array:
        """Return ``size`` of each term."""
        if self._lists is not None:
            sizes: Array = self._words.list_sizes()[np.asarray(self._lists)]
            return sizes
        first = np.asarray(self._starts)[:-1].astype(np.int64)
        return np.add.reduceat(self._words.counts()[self._words_by_term], first)

    def docs(self, term: int) -> Docs:
        """Return the documents of a term, ascending."""
        if self._lists is not None:
            return self._words.list_docs(self._lists[term])
        words = self.words_of(term)
        if len(words) == 1:
            return self._words.docs(words[0])
        return self._words.union(words)

    def docs_of(self, terms: Sequence[int]) -> Docs:
        """Return the documents of many terms, concatenated; a document may occur several times."""
        return self._words.docs_of(sorted({word for term in terms for word in self.words_of(term)}))

    def weights(self, term: int) -> Array:
        """Return the weighted frequency of a term in each of its documents."""
        if self._lists is not None:
            return self._words.list_weights(self._lists[term])
        words = self.words_of(term)
        if len(words) == 1:
            return self._words.weights(words[0])
        docs = self.docs(term)
        summed = np.zeros(len(docs), np.int64)
        for word in words:
            summed[np.searchsorted(docs, self._words.docs(word))] += self._words.weights(word)
        return summed

    def positions(self, term: int, docs: Docs) -> tuple[Array, Array]:
        """Return pairs of a row of *docs* and a position."""
        return self._words.positions(self.words_of(term), docs)


class Postings:
    """All indexed fields of a segment."""

    def __init__(self, arrays: ArrayFile) -> None:
        self.arrays = arrays
        self.documents: int = arrays.meta["documents"]
        self._blocks = block_count(self.documents)
        self.words = WordPostings(arrays, self._blocks) if "word/starts" in arrays else None

    @cached_property
    def fields(self) -> dict[str, IndexedField]:
        """Fields by name."""
        return {name: self._field(name) for name in self.arrays.meta["fields"]}

    def _field(self, name: str) -> IndexedField:
        if self.words is not None and f"{name}/words" in self.arrays:
            return WordField(self.arrays, name, self.words)
        return TermField(self.arrays, array_prefix(name), self._blocks)
