"""Sorted runs to the postings of words: the second half of a build."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.array_file import UnmappedFile, smallest, smallest_type
from index.segment.doc_lists import ListsWriter, cuts, ranges
from index.segment.positions import SUM_BITS
from index.writer.term_lists import TermLists
from index.writer.token_buffer import Run

# Postings merged at a time, some 200 bytes each.
CHUNK = 200_000
# Stretches of positions this long (as a power of 2) that nothing uses are not counted.
HOLE_BITS = 12


class Runs:
    """Sorted runs of the postings of so many *words*, on disk."""

    def __init__(self, paths: Iterable[Path], words: int) -> None:
        self._paths = list(paths)
        self.sizes = np.zeros(words, np.int64)
        """How many postings each word has."""
        self.top_weight = self.top_count = self.top_position = 0
        used: set[int] = set()
        for run in self:
            self.sizes[run.words] += run.sizes
            self.top_weight = max(self.top_weight, int(run.weights.max(initial=0)))
            self.top_count = max(self.top_count, int(run.counts.max(initial=0)))
            self.top_position = max(self.top_position, int(run.positions.max(initial=0)))
            used.update(np.bincount(run.positions >> HOLE_BITS).nonzero()[0].tolist())
        self.holes = _holes(sorted(used))
        """The unused stretches of positions as (first position after it, how long it is)."""

    def __iter__(self) -> Iterator[Run]:
        """Yield each; none is kept in memory, nor its file open."""
        for path in self._paths:
            file = ArrayFile(path)
            yield Run(**{name: file[name] for name in Run.__slots__})

    def merged(self) -> Iterator[tuple[int, Run]]:
        """Yield the postings of ascending words, a bounded number at a time, each after its first word."""
        spans = list(cuts(self.sizes, CHUNK))
        edges = [_edges(run, [last for _, last in spans]) for run in self]
        files = [ArrayFile(path).unmapped() for path in self._paths]
        for number, (first, last) in enumerate(spans):
            parts = [
                _part(file, *theirs[:, number : number + 2].tolist())
                for file, theirs in zip(files, edges, strict=True)
            ]
            yield first, replace(_interleaved(parts), sizes=self.sizes[first:last])


def _edges(run: Run, lasts: Sequence[int]) -> Array:
    """Return where a run is cut before each of the words *lasts*: in its words, postings and positions."""
    words = np.concatenate(([0], run.words.searchsorted(np.array(lasts, run.words.dtype))))
    postings = np.concatenate(([0], np.cumsum(run.sizes, dtype=np.int64)))[words]
    positions = np.concatenate(([0], np.cumsum(run.counts, dtype=np.int64)))[postings]
    return np.array([words, postings, positions])


def _part(file: UnmappedFile, words: list[int], postings: list[int], positions: list[int]) -> Run:
    """Return what a run has between two words each, as places; its words stand beside its postings."""
    read = file.read(
        {
            "words": words,
            "sizes": words,
            "docs": postings,
            "weights": postings,
            "counts": postings,
            "positions": positions,
        }
    )
    return Run(**{**read, "words": np.repeat(read["words"], read["sizes"])})


def _interleaved(parts: Sequence[Run]) -> Run:
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


def write_words(out: ArrayWriter, runs: Runs, documents: int, listed: Sequence[TermLists]) -> None:
    """Write the postings and positions of all words, merged from *runs*, and the lists of terms *listed*."""
    lists = ListsWriter(out, "word", documents)
    weights = out.spool("word/weights", smallest_type(runs.top_weight))
    counts = CountsWriter(out, "word", smallest_type(runs.top_count))
    top = int(closed(np.array([runs.top_position]), runs.holes)[0])
    positions = out.spool("word/positions", smallest_type(top))
    for first, merged in runs.merged():
        lists.add(merged.docs, merged.sizes)
        weights.append(merged.weights)
        counts.add(merged.counts)
        positions.append(closed(merged.positions, runs.holes))
        for by_term in listed:
            by_term.add(first, merged.sizes, merged.docs, merged.weights)
    lists.write()
    for spool in (weights, counts, positions):
        spool.write()
    out.describe(holes={"word": runs.holes})
    for by_term in listed:
        by_term.write()


class CountsWriter:
    """Takes how many positions each posting has, and writes it, and now and then their sum so far."""

    def __init__(self, out: ArrayWriter, name: str, dtype: np.dtype[np.unsignedinteger]) -> None:
        self._out, self._name = out, name
        self._counts = out.spool(f"{name}/counts", dtype)
        self._sums = [np.zeros(1, np.int64)]
        self._rest = np.zeros(0, np.int64)

    def add(self, counts: Array) -> None:
        """Add the counts of the next postings."""
        self._counts.append(counts)
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


# --- Positions without their holes ---------------------------------------------------------------


def _holes(used: Sequence[int]) -> list[list[int]]:
    before = [-1, *used]
    return [
        [b << HOLE_BITS, (b - a - 1) << HOLE_BITS] for a, b in zip(before, used, strict=False) if b - a > 1
    ]


def closed(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions with the holes taken out."""
    plain = positions.astype(np.int64)
    for after, length in reversed(holes):
        plain[positions >= after] -= length
    return plain
