"""Merges sorted runs into the postings of words: the second half of a build."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.array_file import smallest_type, write_arrays
from index.segment.doc_lists import DocListsWriter, expand_ranges, split_by_size
from index.segment.positions import PositionCountsWriter
from index.segment.small_numbers import WEIGHT_BITS, SmallNumbersWriter
from index.writer.term_lists import UnionLists
from index.writer.token_buffer import SortedRun
from index.writer.unmapped_file import UnmappedFile

# Postings merged at a time, about 200 bytes each.
CHUNK = 200_000
# Unused ranges of positions are removed in units of 2 ** HOLE_BITS.
HOLE_BITS = 12


def write_run(path: Path, run: SortedRun) -> None:
    """Write a run as arrays."""
    write_arrays(path, {name: getattr(run, name) for name in SortedRun.__slots__})


def read_run(path: Path) -> SortedRun:
    """Return a run; its arrays are those of the file."""
    file = ArrayFile(path)
    return SortedRun(**{name: file[name] for name in SortedRun.__slots__})


def renumber_run(path: Path, numbers: Array) -> None:
    """Write a run anew, sorted by the new *numbers* of its words."""
    run = read_run(path)
    words, sizes = numbers[run.words], run.sizes.astype(np.int64)
    order = np.argsort(words)
    first_postings = np.cumsum(sizes) - sizes
    postings = expand_ranges(first_postings[order], sizes[order])
    counts = np.add.reduceat(run.counts.astype(np.int64), first_postings)
    positions = expand_ranges((np.cumsum(counts) - counts)[order], counts[order])
    renumbered = SortedRun(
        words=words[order],
        sizes=run.sizes[order],
        docs=run.docs[postings],
        weights=run.weights[postings],
        counts=run.counts[postings],
        positions=run.positions[positions],
    )
    path.unlink()  # the arrays of *run* are mapped
    write_run(path, renumbered)


class SortedRuns:
    """Sorted runs on disk; *words* is the size of the vocabulary."""

    def __init__(self, paths: Iterable[Path], words: int) -> None:
        self._paths = list(paths)
        self.sizes = np.zeros(words, np.int64)
        """The document frequency of each word."""
        self.top_weight = self.top_position = 0
        used_units: set[int] = set()
        for run in self:
            self.sizes[run.words] += run.sizes
            self.top_weight = max(self.top_weight, int(run.weights.max(initial=0)))
            self.top_position = max(self.top_position, int(run.positions.max(initial=0)))
            used_units.update(np.bincount(run.positions >> HOLE_BITS).nonzero()[0].tolist())
        self.holes = holes_between(sorted(used_units))
        """The unused ranges of positions, as (first position after the range, its length)."""

    def __iter__(self) -> Iterator[SortedRun]:
        """Yield each run; its file and arrays can be closed afterwards."""
        return map(read_run, self._paths)

    def merge(self) -> Iterator[tuple[int, SortedRun]]:
        """Yield consecutive ranges of words, each with its first word and its postings, in bounded memory."""
        spans = list(split_by_size(self.sizes, CHUNK))
        edges = [_edges(run, [last for _, last in spans]) for run in self]
        files = [UnmappedFile(ArrayFile(path)) for path in self._paths]
        for number, (first, last) in enumerate(spans):
            parts = [
                _part(file, *run_edges[:, number : number + 2].tolist())
                for file, run_edges in zip(files, edges, strict=True)
            ]
            yield first, replace(_interleave(parts), sizes=self.sizes[first:last])


def _edges(run: SortedRun, lasts: Sequence[int]) -> Array:
    """Return the cuts of a run before each of the words *lasts*: in its words, postings and positions."""
    words = np.concatenate(([0], run.words.searchsorted(np.array(lasts, run.words.dtype))))
    postings = np.concatenate(([0], np.cumsum(run.sizes, dtype=np.int64)))[words]
    positions = np.concatenate(([0], np.cumsum(run.counts, dtype=np.int64)))[postings]
    return np.array([words, postings, positions])


def _part(file: UnmappedFile, words: list[int], postings: list[int], positions: list[int]) -> SortedRun:
    """Return a slice of a run, with one word number per posting."""
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
    return SortedRun(**{**read, "words": np.repeat(read["words"], read["sizes"])})


def _interleave(parts: Sequence[SortedRun]) -> SortedRun:
    words = np.concatenate([part.words for part in parts])
    # A stable sort keeps the documents of a word ascending, and is fast on nearly sorted input.
    order = np.argsort(words, kind="stable")
    counts = np.concatenate([part.counts for part in parts]).astype(np.int64)
    starts = np.cumsum(counts) - counts
    positions = np.concatenate([part.positions for part in parts])
    return SortedRun(
        words=words[order],
        sizes=words[:0],
        docs=np.concatenate([part.docs for part in parts])[order].astype(np.int64),
        weights=np.concatenate([part.weights for part in parts])[order],
        counts=counts[order],
        positions=positions[expand_ranges(starts[order], counts[order])],
    )


def write_words(out: ArrayWriter, runs: SortedRuns, documents: int, unions: UnionLists) -> None:
    """Write the postings and positions of all words, merged from *runs*, and the lists of *unions*."""
    lists = DocListsWriter(out, "word", documents)
    weights = SmallNumbersWriter(out, "word/weights", WEIGHT_BITS)
    counts = PositionCountsWriter(out, "word")
    top = int(remove_holes(np.array([runs.top_position]), runs.holes)[0])
    positions = out.spool("word/positions", smallest_type(top))
    for first, merged in runs.merge():
        lists.add(merged.docs, merged.sizes)
        weights.append(merged.weights)
        counts.add(merged.counts, merged.sizes)
        positions.append(remove_holes(merged.positions, runs.holes))
        unions.add(first, merged.sizes, merged.docs, merged.weights)
    lists.write()
    for spool in (weights, counts, positions):
        spool.write()
    out.describe(holes={"word": runs.holes})
    unions.write()


# --- Positions without their holes ---------------------------------------------------------------


def holes_between(used_units: Sequence[int]) -> list[list[int]]:
    """Return the holes between the ascending *used_units*: the position after each, and its length."""
    before = [-1, *used_units]
    return [
        [b << HOLE_BITS, (b - a - 1) << HOLE_BITS]
        for a, b in zip(before, used_units, strict=False)
        if b - a > 1
    ]


def remove_holes(positions: Array, holes: list[list[int]]) -> Array:
    """Return positions without the holes."""
    plain = positions.astype(np.int64)
    for after, length in reversed(holes):
        plain[positions >= after] -= length
    return plain
