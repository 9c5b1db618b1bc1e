"""What of a query stands where in the texts of its hits, without analysing them again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.columnar.evaluate import Evaluator
from index.columnar.format import Array, ArrayFile
from index.columnar.lists import Docs, ranges
from index.columnar.postings import WordField
from index.columnar.sequences import Sequences
from index.columnar.sets import places_of
from index.columnar.snapshot import Shard, Snapshot, terms_of
from index.columnar.words import unpack_spans
from index.document import PART_RANGE, Stream
from index.engine import All, Any, Clause, Fuzzy, Most, Phrase, Prefix, Word

Ints = NDArray[np.int64]


class Mark(NamedTuple):
    """A token that matches; ``start`` and ``end`` are characters of its part, half-open."""

    part: Stream
    start: int
    end: int
    leaf: int
    """Which word, phrase, beginning or near word of the query it answers, counted from the left."""


Marks = tuple[Mark, ...]


def marks(evaluator: Evaluator, snapshot: Snapshot, clause: Clause, docs: Sequence[int]) -> list[Marks]:
    """Return for each of *docs* its tokens that match a word of *clause*, in reading order."""
    order = sorted(range(len(docs)), key=docs.__getitem__)
    ascending = np.array(docs, np.int64)[order]
    asked = leaves(clause)
    found: list[list[Mark]] = [[] for _ in docs]
    for shard, first, theirs in snapshot.split(ascending):
        words = shard.postings.words
        if words is None:
            continue
        page = _Page(shard.postings.arrays, words.sequences, theirs)
        answered: dict[int, int] = {}
        for leaf, one in enumerate(asked):
            for token in _tokens(evaluator, shard, page, one):
                answered.setdefault(token, leaf)
        for row, mark in page.marks(answered):
            found[order[first + row]].append(mark)
    return [tuple(one) for one in found]


def leaves(clause: Clause) -> list[Word | Phrase | Prefix | Fuzzy]:
    """Return what of a clause can stand in a text, from the left; nothing that must not."""
    match clause:
        case All(clauses=parts) | Any(clauses=parts) | Most(clauses=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Word() | Phrase() | Prefix() | Fuzzy():
            return [clause]
    return []


class _Page:
    """The texts of some documents of a segment, one after another; tokens are numbered from the first on."""

    def __init__(self, arrays: ArrayFile, sequences: Sequences, docs: Docs) -> None:
        self.docs = docs
        self._arrays, self._sequences = arrays, sequences
        self._words = sequences.words(docs)
        self._firsts, self._lengths = self._sequences.extents(docs)
        self._heads = np.cumsum(self._lengths) - self._lengths
        self._counts = self._sequences.counts(docs)
        self.bases = np.array(self._sequences.bases)

    def bearing(self, words: Sequence[int]) -> Ints:
        """Return the tokens that are one of the ascending *words*."""
        return places_of(words, self._words)

    def standing(self, rows: Ints, positions: Ints) -> Ints:
        """Return the tokens that stand at *positions* of rows of the documents."""
        tokens, _, _ = self._sequences.tokens(self.docs[rows], positions)
        theirs: Ints = tokens - (self._firsts - self._heads)[rows]
        return theirs

    def parts(self, tokens: Ints) -> tuple[Ints, Ints]:
        """Return the row of each token's document, and which of the parts it stands in."""
        ends = np.cumsum(self._counts)
        return np.divmod(np.searchsorted(ends, tokens, "right"), self._counts.shape[1])

    def marks(self, answered: Mapping[int, int]) -> Iterator[tuple[int, Mark]]:
        """Yield rows and marks for tokens and the leaves that they answer, in reading order."""
        if not answered:
            return
        tokens = np.array(sorted(answered), np.int64)
        rows, parts = self.parts(tokens)
        starts, ends = self._spans()
        names = [_part(base) for base in self.bases.tolist()]
        columns = (rows, tokens, parts, starts[tokens], ends[tokens])
        for row, token, part, start, end in zip(*(one.tolist() for one in columns), strict=True):
            yield row, Mark(names[part], start, end, answered[token])

    def _spans(self) -> tuple[Array, Array]:
        """Return where in their parts all tokens start and end."""
        arrays, firsts, lengths = self._arrays, self._firsts, self._lengths
        odd = arrays["span/odd"]
        edges = np.searchsorted(odd, np.stack((firsts, firsts + lengths)))
        some = ranges(edges[0], edges[1] - edges[0])
        shifts = np.repeat(self._heads - firsts, edges[1] - edges[0])
        return unpack_spans(
            arrays["span/codes"][ranges(firsts, lengths)],
            odd[some].astype(np.int64) + shifts,
            arrays["span/odd_gaps"][some],
            arrays["span/odd_lengths"][some],
            self._counts.reshape(-1),
        )


def _tokens(
    evaluator: Evaluator, shard: Shard, page: _Page, leaf: Word | Phrase | Prefix | Fuzzy
) -> list[int]:
    """Return the tokens of a page that answer a leaf of a query."""
    match leaf:
        case Phrase():
            found = evaluator.standing(leaf, page.docs + shard.base)
            every = [page.standing(found.rows, positions) for positions in found.words]
            return [token for tokens in every for token in tokens.tolist()]
        case Word():
            tokens = page.bearing(shard.bearers(terms_of(leaf)))
        case _:
            tokens = page.bearing(_near(shard, leaf))
    if leaf.part is not None:
        bases, (first, last) = page.bases, PART_RANGE[leaf.part]
        _, parts = page.parts(tokens)
        tokens = tokens[(bases[parts] >= first) & (bases[parts] < last)]
    found_tokens: list[int] = tokens.tolist()
    return found_tokens


def _near(shard: Shard, leaf: Prefix | Fuzzy) -> list[int]:
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


def _part(base: int) -> Stream:
    return next(name for name, (first, last) in PART_RANGE.items() if first <= base < last)
