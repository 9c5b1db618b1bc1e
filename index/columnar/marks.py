"""What of a query stands where in the texts of its hits, without analysing them again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.columnar.evaluate import Evaluator
from index.columnar.format import Array, ArrayFile
from index.columnar.lists import Docs
from index.columnar.snapshot import Shard, Snapshot, shard_positions, terms_of
from index.columnar.words import unpack_spans
from index.document import PART_RANGE, Stream
from index.engine import All, Any, Clause, Fuzzy, Phrase, Prefix, Word

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mark:
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
    return [_located(snapshot, doc, sorted(places)) for doc, places in zip(docs, found, strict=True)]


def leaves(clause: Clause) -> list[Word | Phrase | Prefix | Fuzzy]:
    """Return what of a clause can stand in a text, from the left; nothing that must not."""
    match clause:
        case All(clauses=parts) | Any(clauses=parts):
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
    rows: list[Array] = []
    positions: list[Array] = []
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


def _located(snapshot: Snapshot, doc: int, places: list[tuple[int, int]]) -> Marks:
    if not places:
        return ()
    shard, row = snapshot.locate(doc)
    if "span/codes" not in shard.postings.arrays:
        return ()
    starts, ends, counts = spans(shard, row)
    heads = dict(zip(counts, np.cumsum([0, *counts.values()]).tolist(), strict=False))
    located = {}
    for position, leaf in places:
        base = max(base for base in heads if base <= position)
        token = heads[base] + position - base
        part = next(name for name, (first, last) in PART_RANGE.items() if first <= base < last)
        located.setdefault(position, Mark(part, int(starts[token]), int(ends[token]), leaf))
    return tuple(located.values())


def spans(shard: Shard, row: int) -> tuple[Array, Array, dict[int, int]]:
    """Return where each token of a document starts and ends in its part, and how many each part (by base) has."""
    arrays: ArrayFile = shard.postings.arrays
    counts = {base: int(arrays[f"part/{base}"][row]) for base, _ in arrays.meta["parts"]}
    first, last = (int(edge) for edge in arrays["span/starts"][row : row + 2])
    odd = arrays["span/odd"]
    one, end = np.searchsorted(odd, (first, last))
    starts, ends = unpack_spans(
        arrays["span/codes"][first:last],
        odd[one:end].astype(np.int64) - first,
        arrays["span/odd_gaps"][one:end],
        arrays["span/odd_lengths"][one:end],
        np.array([*counts.values()]),
    )
    return starts, ends, counts
