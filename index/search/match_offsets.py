"""What of a query stands where in the texts of its hits, without analysing them again."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import deadline
from index.layout import PART_RANGE, Stream
from index.query import AllOf, AnyOf, Clause, Fuzzy, MostOf, Phrase, Prefix, Word
from index.search.index_reader import IndexReader
from index.search.phrases import standing, within
from index.search.segment_reader import SegmentReader, terms_of
from index.segment import Array, ArrayFile
from index.segment.doc_lists import Docs, taken
from index.segment.doc_sets import places_of
from index.segment.postings import WordField
from index.segment.token_sequences import Sequences
from index.writer.token_buffer import unpack_spans

Ints = NDArray[np.int64]


class Mark(NamedTuple):
    """A token that matches; ``start`` and ``end`` are characters of its part, half-open."""

    part: Stream
    start: int
    end: int
    leaf: int
    """Which word, phrase, beginning or near word of the query it answers, counted from the left."""


Marks = tuple[Mark, ...]


def marks(snapshot: IndexReader, clause: Clause, docs: Sequence[int]) -> list[Marks]:
    """Return for each of *docs* its tokens that match a word of *clause*, in reading order."""
    order = sorted(range(len(docs)), key=docs.__getitem__)
    asked = leaves(clause)
    found: list[Marks] = [()] * len(docs)
    for shard, first, theirs in snapshot.split(np.array(docs, np.int64)[order]):
        words = shard.postings.words
        if words is None:
            continue
        page = _Page(shard.postings.arrays, words.sequences, theirs)
        for row, some in enumerate(page.marks([_tokens(shard, page, leaf) for leaf in asked]), first):
            found[order[row]] = some
    return found


def leaves(clause: Clause) -> list[Word | Phrase | Prefix | Fuzzy]:
    """Return what of a clause can stand in a text, from the left; nothing that must not."""
    match clause:
        case AllOf(clauses=parts) | AnyOf(clauses=parts) | MostOf(clauses=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Word() | Phrase() | Prefix() | Fuzzy():
            return [clause]
    return []


class _Page:
    """The texts of some documents of a segment, one after another; tokens are numbered from the first on."""

    def __init__(self, arrays: ArrayFile, sequences: Sequences, docs: Docs) -> None:
        self._arrays = arrays
        self._words = sequences.words(docs)
        self._extents = sequences.extents(docs)
        # Part by part of one document after another.
        self._counts = sequences.counts(docs).reshape(-1)
        self._ends = np.cumsum(self._counts)
        self._bases = np.array(sequences.bases)
        self._names = list(map(_part, sequences.bases))

    def bearing(self, words: Sequence[int]) -> Ints:
        """Return the tokens that are one of the ascending *words*."""
        return places_of(words, self._words)

    def places(self, tokens: Ints) -> tuple[Ints, Ints]:
        """Return the row of each token's document, and its position there."""
        cells = self._ends.searchsorted(tokens, "right")
        rows, parts = np.divmod(cells, len(self._bases))
        return rows, self._bases[parts] + tokens - (self._ends - self._counts)[cells]

    def at(self, rows: Ints, positions: Ints) -> Ints:
        """Return the tokens at places."""
        parts = self._bases.searchsorted(positions, "right") - 1
        heads = (self._ends - self._counts)[rows * len(self._bases) + parts]
        tokens: Ints = heads + positions - self._bases[parts]
        return tokens

    def marks(self, answers: Sequence[Ints]) -> Iterator[Marks]:
        """Yield for each document the marks of the tokens that answer each leaf, in reading order."""
        leaf = np.full(len(self._words), len(answers))
        for number in reversed(range(len(answers))):
            leaf[answers[number]] = number
        tokens = (leaf < len(answers)).nonzero()[0]
        cells = self._ends.searchsorted(tokens, "right")
        rows, parts = np.divmod(cells, len(self._bases))
        starts, ends = self._spans(tokens, (self._ends - self._counts)[cells])
        names = map(self._names.__getitem__, parts.tolist())
        made = list(map(Mark, names, starts.tolist(), ends.tolist(), leaf[tokens].tolist()))
        edges = rows.searchsorted(np.arange(len(self._extents[0]) + 1)).tolist()
        return (tuple(made[first:last]) for first, last in pairwise(edges))

    def _spans(self, tokens: Ints, firsts: Ints) -> tuple[Array, Array]:
        """Return where in their parts *tokens* start and end; *firsts* are the first of these parts."""
        arrays, (begins, lengths) = self._arrays, self._extents
        codes = taken(arrays["span/codes"], begins, lengths)
        return unpack_spans(codes, self._odd(), tokens, firsts)

    def _odd(self) -> tuple[Array, Array, Array] | None:
        """Return which tokens no code is for, with their gaps and lengths; None if there are none."""
        odd, (begins, lengths) = self._arrays["span/odd"], self._extents
        first = _places_among(odd, begins)
        counts = _places_among(odd, begins + lengths) - first
        if not counts.any():
            return None
        shifts = np.repeat(np.cumsum(lengths) - lengths - begins, counts)
        return (
            taken(odd, first, counts).astype(np.int64) + shifts,
            taken(self._arrays["span/odd_gaps"], first, counts),
            taken(self._arrays["span/odd_lengths"], first, counts),
        )


def _places_among(odd: Array, tokens: Ints) -> Ints:
    """Return before how many of *odd* each of *tokens* stands, without converting all of these."""
    most = np.iinfo(odd.dtype).max
    places = odd.searchsorted(tokens.clip(max=most).astype(odd.dtype))
    # *odd* is in the smallest type that holds it: later tokens have no number in that type.
    places[tokens > most] = len(odd)
    return places


def _tokens(shard: SegmentReader, page: _Page, leaf: Word | Phrase | Prefix | Fuzzy) -> Ints:
    """Return the tokens of a page that answer a leaf of a query."""
    deadline.check()
    match leaf:
        case Phrase():
            found = standing(leaf, lambda word: page.places(page.bearing(shard.bearers(terms_of(word)))))
            return np.concatenate([page.at(found.rows, positions) for positions in found.words])
        case Word():
            tokens = page.bearing(shard.bearers(terms_of(leaf)))
        case _:
            tokens = page.bearing(_near(shard, leaf))
    if leaf.part is None:
        return tokens
    _, positions = page.places(tokens)
    return tokens[within(positions, leaf.part)]


def _near(shard: SegmentReader, leaf: Prefix | Fuzzy) -> list[int]:
    """Return the words that a beginning or a near word stands for."""
    field = shard.field("fold")
    if not isinstance(field, WordField):
        return []
    near = (
        field.terms.with_prefix(leaf.text.encode())
        if isinstance(leaf, Prefix)
        else field.terms.within(leaf.text, leaf.distance)
    )
    return sorted({word for place in near for word in field.bearers(place)})


@cache
def _part(base: int) -> Stream:
    return next(name for name, (first, last) in PART_RANGE.items() if first <= base < last)
