"""Sorted runs to the arrays of a segment: the second half of a build."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from index.analysis import Forms
from index.columnar.format import Array, ArrayWriter, smallest
from index.columnar.lists import ListsWriter, ranges
from index.columnar.terms import write_terms
from index.columnar.words import FIELDS, RUN_TOKENS, Run

# These are scored on every query, so they have lists of their own; the others are read through their words.
LISTED = ("lemma", "stem")
# A sum of the counts of positions is kept for so many postings (as a power of 2).
SUM_BITS = 6
# Postings merged at a time.
CHUNK = RUN_TOKENS // 4
# Stretches of positions this long (as a power of 2) that nothing uses are not counted.
HOLE_BITS = 12


@dataclass(frozen=True, slots=True)
class WordPostings:
    """The postings of all words, by their numbers."""

    sizes: Array
    docs: Array
    weights: Array


def write_words(out: ArrayWriter, runs: Sequence[Run], words: int, documents: int) -> WordPostings:
    """Write the postings and positions of *words* words, merged from *runs*."""
    sizes = np.zeros(words, np.int64)
    for run in runs:
        sizes[run.words] += run.sizes
    holes = _holes(runs)
    lists = ListsWriter(sizes, documents)
    rest: dict[str, list[Array]] = {"docs": [], "weights": [], "counts": [], "positions": []}
    types = {name: _type(runs, name) for name in rest}
    for merged in _merged(runs, sizes):
        lists.add(merged.docs)
        for name, kept in rest.items():
            kept.append(attrgetter(name)(merged).astype(types[name]))
        rest["positions"][-1] = closed(merged.positions, holes)
    lists.write(out, "word")
    out.add("word/weights", rest["weights"])
    write_counts(out, "word", rest.pop("counts"))
    out.add("word/positions", _joined(rest.pop("positions")))
    out.describe(holes={"word": holes})
    return WordPostings(sizes, _joined(rest["docs"]), _joined(rest["weights"]))


def write_counts(out: ArrayWriter, name: str, counts: list[Array]) -> None:
    """Write how many positions each posting has, and now and then their sum so far."""
    flat = _joined(counts)
    out.add(f"{name}/counts", flat)
    steps = np.add.reduceat(flat, np.arange(0, len(flat), 1 << SUM_BITS), dtype=np.int64) if len(flat) else flat
    out.add(f"{name}/count_sums", smallest(np.concatenate(([0], np.cumsum(steps)))))


def _joined(chunks: list[Array]) -> Array:
    return np.concatenate(chunks) if chunks else np.zeros(0, np.uint8)


def _type(runs: Sequence[Run], name: str) -> np.dtype[np.unsignedinteger]:
    types = (attrgetter(name)(run).dtype for run in runs)
    return max(types, key=attrgetter("itemsize"), default=np.dtype(np.uint8))


def _merged(runs: Sequence[Run], sizes: Array) -> Iterator[Run]:
    """Yield the postings of ascending words, a bounded number at a time."""
    edges = [np.concatenate(([0], np.cumsum(run.sizes.astype(np.int64)))) for run in runs]
    inner = [np.concatenate(([0], np.cumsum(run.counts.astype(np.int64)))) for run in runs]
    for first, last in cuts(sizes, CHUNK):
        parts = []
        for run, edge, at in zip(runs, edges, inner, strict=True):
            one, end = np.searchsorted(run.words, (first, last))
            start, stop = edge[one], edge[end]
            parts.append(
                Run(
                    words=np.repeat(run.words[one:end], run.sizes[one:end]),
                    sizes=run.sizes[:0],
                    docs=run.docs[start:stop],
                    weights=run.weights[start:stop],
                    counts=run.counts[start:stop],
                    positions=run.positions[at[start] : at[stop]],
                )
            )
        yield _interleaved(parts)


def _interleaved(parts: list[Run]) -> Run:
    words = np.concatenate([part.words for part in parts])
    # Stable: runs hold ascending documents one after another, and the sort is fast on what is nearly sorted.
    order = np.argsort(words, kind="stable")
    counts = np.concatenate([part.counts for part in parts]).astype(np.int64)
    starts = np.cumsum(counts) - counts
    positions = np.concatenate([part.positions for part in parts])
    return Run(
        words=words[order],
        sizes=words[:0],
        docs=np.concatenate([part.docs for part in parts])[order].astype(np.int64),
        weights=np.concatenate([part.weights for part in parts])[order],
        counts=counts[order],
        positions=positions[ranges(starts[order], counts[order])],
    )


def cuts(sizes: Array, most: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows whose *sizes* add up to about *most*."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        done = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + most, "right")))
        yield first, last
        first = last


# --- Positions without their holes ---------------------------------------------------------------


def _holes(runs: Sequence[Run]) -> list[list[int]]:
    """Return the unused stretches of positions as (first position after it, how long it is)."""
    used: set[int] = set()
    for run in runs:
        used.update(np.unique(run.positions >> HOLE_BITS).tolist())
    blocks = sorted(used)
    before = [-1, *blocks]
    return [[b << HOLE_BITS, (b - a - 1) << HOLE_BITS] for a, b in zip(before, blocks, strict=False) if b - a > 1]


def closed(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions with the holes taken out, in the smallest type."""
    plain = positions.astype(np.int64)
    for after, length in reversed(holes):
        plain[positions >= after] -= length
    return plain.astype(np.uint16 if not plain.size or plain.max() < 1 << 16 else np.uint32)


def opened(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions as they were before ``closed``."""
    plain = positions.astype(np.int64)
    for after, length in holes:
        # What stood before this hole has had the earlier ones put back already.
        plain[plain >= after - length] += length
    return plain


# --- The fields of the forms ---------------------------------------------------------------------


def write_fields(
    out: ArrayWriter, forms: Sequence[Forms], postings: WordPostings, documents: int
) -> list[str]:
    """Write the dictionary of each field and which words bear a term; and the lists of those that have their own.

    Returns the names of the fields that have any term.
    """
    written = []
    for name in FIELDS:
        terms, term_of, word_of = _terms(forms, name)
        if not terms:
            continue
        written.append(name)
        write_terms(out, name, terms)
        sizes = np.bincount(term_of, minlength=len(terms))
        starts = np.concatenate(([0], np.cumsum(sizes)))
        out.add(f"{name}/word_starts", smallest(starts))
        out.add(f"{name}/words", smallest(word_of))
        if name in LISTED:
            _write_lists(out, name, starts, word_of, postings, documents)
    return written


def _terms(forms: Sequence[Forms], name: str) -> tuple[list[bytes], Array, Array]:
    """Return the sorted terms of a field, and pairs of term and word in that order."""
    bearers: dict[str, list[int]] = {}
    of_field = attrgetter(name)
    for word, one in enumerate(forms):
        for term in dict.fromkeys(of_field(one)):
            bearers.setdefault(term, []).append(word)
    terms = sorted(bearers)
    sizes = [len(bearers[term]) for term in terms]
    words = [word for term in terms for word in bearers[term]]
    return (
        [term.encode() for term in terms],
        np.repeat(np.arange(len(terms)), sizes),
        np.array(words, np.int64),
    )


def _write_lists(
    out: ArrayWriter, name: str, starts: Array, words: Array, postings: WordPostings, documents: int
) -> None:
    at = np.cumsum(postings.sizes) - postings.sizes
    per_pair = postings.sizes[words]
    edges = np.concatenate(([0], np.cumsum(per_pair)))
    sizes, docs, weights = [], [], []
    for first, last in cuts(edges[starts[1:]] - edges[starts[:-1]], RUN_TOKENS // 2):
        some = slice(starts[first], starts[last])
        found = _summed(
            np.repeat(np.arange(last - first), edges[starts[first + 1 : last + 1]] - edges[starts[first:last]]),
            ranges(at[words[some]], per_pair[some]),
            postings,
        )
        sizes.append(np.bincount(found[0], minlength=last - first))
        docs.append(smallest(found[1]))
        weights.append(smallest(found[2]))
    lists = ListsWriter(_joined(sizes), documents)
    for chunk in docs:
        lists.add(chunk.astype(np.int64))
    lists.write(out, name)
    out.add(f"{name}/weights", _joined(weights))


def _summed(terms: Array, places: Array, postings: WordPostings) -> tuple[Array, Array, Array]:
    """Return (term, document, weight) of the postings at *places*, equal pairs added up, sorted."""
    docs, weights = postings.docs[places].astype(np.uint64), postings.weights[places].astype(np.uint64)
    doc_bits, weight_bits = (int(most.max(initial=np.uint64(0))).bit_length() for most in (docs, weights))
    keys = (terms.astype(np.uint64) << np.uint64(doc_bits + weight_bits)) | (docs << np.uint64(weight_bits)) | weights
    keys.sort()
    pairs = keys >> np.uint64(weight_bits)
    heads = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
    pairs = pairs[heads]
    summed = np.add.reduceat((keys & np.uint64((1 << weight_bits) - 1)).astype(np.int64), heads)
    return (
        (pairs >> np.uint64(doc_bits)).astype(np.int64),
        (pairs & np.uint64((1 << doc_bits) - 1)).astype(np.int64),
        summed,
    )
