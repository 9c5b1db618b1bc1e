"""Sorted runs to the arrays of a segment: the second half of a build."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

import numpy as np

from index.columnar.format import Array, ArrayFile, ArrayWriter, smallest
from index.columnar.lists import ListsWriter, ranges
from index.columnar.terms import write_terms
from index.columnar.vocabulary import FIELD_END, FIELDS, TERM_END
from index.columnar.words import Run

# These are scored on every query, so they have lists of their own; the others are read through their words.
LISTED = ("lemma", "stem")
# A sum of the counts of positions is kept for so many postings (as a power of 2).
SUM_BITS = 6
# Postings merged at a time, some 200 bytes each.
CHUNK = 200_000
# Stretches of positions this long (as a power of 2) that nothing uses are not counted.
HOLE_BITS = 12


class Runs(Sequence[Run]):
    """Sorted runs on disk."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._files = [ArrayFile(path) for path in paths]
        self._runs = [Run(**{name: file[name] for name in Run.__slots__}) for file in self._files]

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, number: int) -> Run:  # type: ignore[override]  # no slices of these
        return self._runs[number]

    def forget(self) -> None:
        """Let go of the memory of what was read."""
        for file in self._files:
            file.forget()


@dataclass(frozen=True, slots=True)
class WordPostings:
    """The postings of all words, by their numbers."""

    sizes: Array
    docs: Array
    weights: Array


def write_words(out: ArrayWriter, runs: Runs, words: int, documents: int) -> WordPostings:
    """Write the postings and positions of *words* words, merged from *runs*."""
    sizes = np.zeros(words, np.int64)
    for run in runs:
        sizes[run.words] += run.sizes
    holes = _holes(runs)
    total = int(sizes.sum())
    docs, weights = np.empty(total, _type(runs, "docs")), np.empty(total, _type(runs, "weights"))
    lists, positions = ListsWriter(out, "word", documents), out.spool("word/positions")
    counts = CountsWriter(out, "word", _type(runs, "counts"))
    top = max((int(run.positions.max(initial=0)) for run in runs), default=0)
    position_type = np.uint16 if closed(np.array([top]), holes)[0] < 1 << 16 else np.uint32
    done = 0
    for merged in _merged(runs, sizes):
        last = done + len(merged.docs)
        docs[done:last], weights[done:last] = merged.docs, merged.weights
        lists.add(merged.docs, merged.sizes)
        counts.add(merged.counts)
        positions.append(closed(merged.positions, holes).astype(position_type))
        done = last
    lists.write()
    out.add("word/weights", weights)
    counts.write()
    positions.write()
    out.describe(holes={"word": holes})
    return WordPostings(sizes, docs, weights)


class CountsWriter:
    """Takes how many positions each posting has, and writes it, and now and then their sum so far."""

    def __init__(self, out: ArrayWriter, name: str, dtype: np.dtype[np.unsignedinteger]) -> None:
        self._out, self._name, self._type = out, name, dtype
        self._counts = out.spool(f"{name}/counts")
        self._sums = [np.zeros(1, np.int64)]
        self._rest = np.zeros(0, np.int64)

    def add(self, counts: Array) -> None:
        """Add the counts of the next postings."""
        self._counts.append(counts.astype(self._type))
        waiting = np.concatenate((self._rest, counts))
        whole = len(waiting) >> SUM_BITS << SUM_BITS
        steps = waiting[:whole].reshape(-1, 1 << SUM_BITS).sum(axis=1, dtype=np.int64)
        if len(steps):
            self._sums.append(self._sums[-1][-1] + np.cumsum(steps))
        self._rest = waiting[whole:]

    def write(self) -> None:
        """Write what was added."""
        self._counts.write()
        self._out.add(f"{self._name}/count_sums", smallest(np.concatenate(self._sums)))


def _type(runs: Runs, name: str) -> "np.dtype[np.unsignedinteger]":
    types = (attrgetter(name)(run).dtype for run in runs)
    return max(types, key=attrgetter("itemsize"), default=np.dtype(np.uint8))


def _merged(runs: Runs, sizes: Array) -> Iterator[Run]:
    """Yield the postings of ascending words, a bounded number at a time."""
    edges = [_edges(run) for run in runs]
    runs.forget()
    for first, last in cuts(sizes, CHUNK):
        parts = []
        for run, (in_postings, in_positions) in zip(runs, edges, strict=True):
            one, end = np.searchsorted(run.words, (first, last))
            start, stop = in_postings[one], in_postings[end]
            parts.append(
                Run(
                    words=np.repeat(run.words[one:end], run.sizes[one:end]),
                    sizes=run.sizes[:0],
                    docs=run.docs[start:stop],
                    weights=run.weights[start:stop],
                    counts=run.counts[start:stop],
                    positions=run.positions[in_positions[one] : in_positions[end]],
                )
            )
        yield replace(_interleaved(parts), sizes=sizes[first:last])
        runs.forget()


def _edges(run: Run) -> tuple[Array, Array]:
    """Return where each word of a run begins in its postings and in its positions; and the ends of both."""
    in_postings = np.concatenate(([0], np.cumsum(run.sizes, dtype=np.int64)))
    sums = np.add.reduceat(run.counts, in_postings[:-1], dtype=np.int64)
    return smallest(in_postings), smallest(np.concatenate(([0], np.cumsum(sums))))


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


def _holes(runs: Runs) -> list[list[int]]:
    """Return the unused stretches of positions as (first position after it, how long it is)."""
    used: set[int] = set()
    for run in runs:
        used.update(np.unique(run.positions >> HOLE_BITS).tolist())
    blocks = sorted(used)
    before = [-1, *blocks]
    return [
        [b << HOLE_BITS, (b - a - 1) << HOLE_BITS] for a, b in zip(before, blocks, strict=False) if b - a > 1
    ]


def closed(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions with the holes taken out."""
    plain = positions.astype(np.int64)
    for after, length in reversed(holes):
        plain[positions >= after] -= length
    return plain


def opened(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions as they were before ``closed``."""
    plain = positions.astype(np.int64)
    for after, length in holes:
        # What stood before this hole has had the earlier ones put back already.
        plain[plain >= after - length] += length
    return plain


# --- The fields of the forms ---------------------------------------------------------------------


def write_listed(
    out: ArrayWriter, words: Sequence[bytes], postings: WordPostings, documents: int
) -> list[str]:
    """Write the fields of the packed *words* that are scored: dictionaries and lists; return their names."""
    written = []
    for name in LISTED:
        starts, bearers = _write_dictionary(out, name, words)
        if len(bearers):
            _write_lists(out, name, starts, bearers, postings=postings, documents=documents)
            written.append(name)
    return written


def write_others(out: ArrayWriter, words: Sequence[bytes]) -> list[str]:
    """Write the dictionaries of the other fields of the packed *words*; return their names."""
    others = [name for name in FIELDS if name not in LISTED]
    return [name for name in others if len(_write_dictionary(out, name, words)[1])]


def _write_dictionary(out: ArrayWriter, name: str, words: Sequence[bytes]) -> tuple[Array, Array]:
    """Write the terms of a field and the words that bear them, if any; return these and their starts."""
    place = FIELDS.index(name)
    terms, term_of, word_of = _terms(word.split(FIELD_END)[place] for word in words)
    starts = np.concatenate(([0], np.cumsum(np.bincount(term_of, minlength=len(terms)))))
    if terms:
        write_terms(out, name, terms)
        out.add(f"{name}/word_starts", smallest(starts))
        out.add(f"{name}/words", smallest(word_of))
    return starts, word_of


def _terms(of_word: Iterable[bytes]) -> tuple[list[bytes], Array, Array]:
    """Return the sorted terms of a field, and pairs of term and word in that order."""
    texts: list[bytes] = []
    owners = array("I")
    for word, some in enumerate(of_word):
        if TERM_END in some:
            for text in some.split(TERM_END):
                texts.append(text)
                owners.append(word)
        elif some:
            texts.append(some)
            owners.append(word)
    places = dict.fromkeys(texts, 0)
    distinct = sorted(places)
    places.update(zip(distinct, range(len(distinct)), strict=True))
    numbers = np.fromiter(map(places.__getitem__, texts), np.int64, len(texts))
    order = np.argsort(numbers, kind="stable")
    return distinct, numbers[order], np.array(owners, np.uint32)[order]


def _write_lists(
    out: ArrayWriter, name: str, starts: Array, words: Array, *, postings: WordPostings, documents: int
) -> None:
    at = np.cumsum(postings.sizes) - postings.sizes
    per_pair = postings.sizes[words]
    edges = np.concatenate(([0], np.cumsum(per_pair)))
    lists, weights = ListsWriter(out, name, documents), []
    for first, last in cuts(edges[starts[1:]] - edges[starts[:-1]], CHUNK):
        some = slice(starts[first], starts[last])
        per_term = edges[starts[first + 1 : last + 1]] - edges[starts[first:last]]
        terms, docs, summed = _summed(
            np.repeat(np.arange(last - first), per_term), ranges(at[words[some]], per_pair[some]), postings
        )
        lists.add(docs, np.bincount(terms, minlength=last - first))
        weights.append(smallest(summed))
    lists.write()
    out.add(f"{name}/weights", _joined(weights))


def _joined(chunks: list[Array]) -> Array:
    return np.concatenate(chunks) if chunks else np.zeros(0, np.uint8)


def _summed(terms: Array, places: Array, postings: WordPostings) -> tuple[Array, Array, Array]:
    """Return (term, document, weight) of the postings at *places*, equal pairs added up, sorted."""
    docs, weights = postings.docs[places].astype(np.uint64), postings.weights[places].astype(np.uint64)
    doc_bits, weight_bits = (int(most.max(initial=np.uint64(0))).bit_length() for most in (docs, weights))
    keys = (
        (terms.astype(np.uint64) << np.uint64(doc_bits + weight_bits))
        | (docs << np.uint64(weight_bits))
        | weights
    )
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
