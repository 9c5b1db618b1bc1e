"""What of a query stands where in the texts of its hits, without analysing them again."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.columnar.evaluate import Evaluator
from index.columnar.format import Array, ArrayFile
from index.columnar.lists import Docs, ranges
from index.columnar.sequences import Sequences
from index.columnar.snapshot import Snapshot, shard_positions, terms_of
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
    order = np.argsort(np.array(docs, np.int64), kind="stable")
    ascending = np.array(docs, np.int64)[order]
    found: list[list[tuple[int, int]]] = [[] for _ in docs]
    for leaf, one in enumerate(leaves(clause)):
        rows, positions = _positions(evaluator, snapshot, one, ascending)
        for row, position in zip(rows.tolist(), positions.tolist(), strict=True):
            found[order[row]].append((position, leaf))
    return _located(snapshot, docs, found)


def leaves(clause: Clause) -> list[Word | Phrase | Prefix | Fuzzy]:
    """Return what of a clause can stand in a text, from the left; nothing that must not."""
    match clause:
        case All(clauses=parts) | Any(clauses=parts) | Most(clauses=parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Word() | Phrase() | Prefix() | Fuzzy():
            return [clause]
    return []


def _positions(
    evaluator: Evaluator, snapshot: Snapshot, leaf: Word | Phrase | Prefix | Fuzzy, docs: Docs
) -> tuple[Ints, Ints]:
    match leaf:
        case Word():
            rows, positions = snapshot.positions(terms_of(leaf), docs)
        case Phrase():
            found = evaluator.standing(leaf, docs)
            return np.tile(found.rows, len(found.words)), np.concatenate(found.words)
        case _:
            rows, positions = _expanded(snapshot, leaf, docs)
    if leaf.part is None:
        return rows, positions
    first, last = PART_RANGE[leaf.part]
    there = (positions >= first) & (positions < last)
    return rows[there], positions[there]


def _expanded(snapshot: Snapshot, leaf: Prefix | Fuzzy, docs: Docs) -> tuple[Ints, Ints]:
    rows: list[Array] = [np.zeros(0, np.int64)]
    positions: list[Array] = [np.zeros(0, np.int64)]
    for shard, first, theirs in snapshot.split(docs):
        field = shard.field("fold")
        if field is None:
            continue
        near = (
            field.terms.with_prefix(leaf.text.encode())
            if isinstance(leaf, Prefix)
            else field.terms.within(leaf.text, leaf.distance)
        )
        their_rows, their_positions = shard_positions(shard, [(field, place) for place in near], theirs)
        rows.append(their_rows + first)
        positions.append(their_positions)
    return np.concatenate(rows), np.concatenate(positions)


def _located(snapshot: Snapshot, docs: Sequence[int], found: list[list[tuple[int, int]]]) -> list[Marks]:
    located: list[Marks] = [()] * len(docs)
    for shard in snapshot.shards:
        rows = [
            row for row, doc in enumerate(docs) if found[row] and shard.base <= doc < shard.base + shard.count
        ]
        words = shard.postings.words
        if not rows or words is None:
            continue
        bases = words.sequences.bases
        theirs = np.array([docs[row] - shard.base for row in rows], np.int64)
        counts, starts, ends = _spans(shard.postings.arrays, words.sequences, theirs)
        heads = (np.cumsum(counts) - counts.reshape(-1)).reshape(counts.shape).tolist()
        parts = [_part(base) for base in bases]
        for row, firsts in zip(rows, heads, strict=True):
            seen: dict[int, Mark] = {}
            for position, leaf in sorted(found[row]):
                part = bisect_right(bases, position) - 1
                token = firsts[part] + position - bases[part]
                seen.setdefault(position, Mark(parts[part], starts[token], ends[token], leaf))
            located[row] = tuple(seen.values())
    return located


def _part(base: int) -> Stream:
    return next(name for name, (first, last) in PART_RANGE.items() if first <= base < last)


def _spans(
    arrays: ArrayFile, sequences: Sequences, docs: Docs
) -> tuple[Array, "memoryview[int]", "memoryview[int]"]:
    """Return how many tokens each part of some documents has, and where in the parts they start and end."""
    counts = sequences.counts(docs)
    firsts, lengths = sequences.extents(docs)
    odd = arrays["span/odd"]
    edges = np.searchsorted(odd, np.stack((firsts, firsts + lengths)))
    some = ranges(edges[0], edges[1] - edges[0])
    shifts = np.repeat(np.cumsum(lengths) - lengths - firsts, edges[1] - edges[0])
    starts, ends = unpack_spans(
        np.concatenate([arrays["span/codes"][one : one + n] for one, n in zip(firsts, lengths, strict=True)]),
        odd[some].astype(np.int64) + shifts,
        arrays["span/odd_gaps"][some],
        arrays["span/odd_lengths"][some],
        counts.reshape(-1),
    )
    return counts, starts.data, ends.data
