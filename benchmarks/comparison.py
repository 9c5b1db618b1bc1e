"""The tables of ``benchmarks.speed``: all engines, ours against each, and our targets."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

OURS = ("ours", "ours-whole")
"""Our searcher, which does the same work as the peers, and the product's whole engine."""
HELD_TO = {"ours": "tantivy", "ours-whole": "tantivy-whole"}
"""For each of ours, the peers that do the same work."""
JUDGED_FROM = 200_000
"""Smallest corpus to which the targets apply; below it the fixed cost of a search dominates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The cost of a build."""

    docs: int
    seconds: float
    size_mb: float
    memory_mb: float
    """Peak resident memory, including the corpus if it is generated in the same process."""

    @property
    def per_s(self) -> float:
        """Documents per second."""
        return self.docs / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The cost of searching."""

    open_ms: float
    memory_mb: float
    """Resident memory after the queries, including mapped files."""
    latencies_ms: dict[str, list[float]]
    """Milliseconds of each query, by kind."""
    per_s: dict[int, float]
    """Queries per second, by number of threads."""
    found: int
    """Sum of the totals of all queries; equal for engines that interpret them alike."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements of a peer."""

    name: str
    built: Built
    searched: Searched

    def latencies(self, kind: str = "all") -> list[float]:
        """Return the milliseconds of the queries of a kind, or of all queries."""
        by_kind = self.searched.latencies_ms
        return list(chain.from_iterable(by_kind.values())) if kind == "all" else by_kind[kind]

    def mean(self, kind: str = "all") -> float:
        """Return the mean latency."""
        return statistics.fmean(self.latencies(kind))

    def quantiles(self, kind: str = "all") -> tuple[float, float, float]:
        """Return p50, p95 and p99."""
        p50, p95, p99 = np.percentile(self.latencies(kind), (50, 95, 99)).tolist()
        return p50, p95, p99


def report(by_size: Sequence[Sequence[Measured]]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    measured = list(chain.from_iterable(by_size))
    yield from _needs(measured)
    yield from _latencies(measured)
    for same in by_size:
        others = [one for one in same if one.name not in OURS]
        if others:
            for ours in _of_ours(same):
                yield from _ratios(ours, others)
    yield from _bars(by_size)


def _needs(measured: Sequence[Measured]) -> Iterator[str]:
    yield ""
    yield (
        "| | documents | docs/s built | MB on disk | MB building | open, ms | MB searching | q/s, 1 thread "
        "| 2 threads |"
    )
    yield "|---" * 9 + "|"
    for one in measured:
        built, searched = one.built, one.searched
        two = f"{searched.per_s[2]:,.0f}" if 2 in searched.per_s else "–"
        cells = (
            f"{built.docs:,}",
            f"{built.per_s:,.0f}",
            f"{built.size_mb:,.0f}",
            f"{built.memory_mb:,.0f}",
            f"{searched.open_ms:.1f}",
            f"{searched.memory_mb:,.0f}",
            f"{searched.per_s[1]:,.0f}",
            two,
        )
        yield f"| {one.name} | {' | '.join(cells)} |"


def _latencies(measured: Sequence[Measured]) -> Iterator[str]:
    kinds = ("all", *sorted(measured[0].searched.latencies_ms))
    yield ""
    yield f"| query, ms: mean (p50, p95, p99) | {' | '.join(kinds)} |"
    yield "|---" * (1 + len(kinds)) + "|"
    for one in measured:
        cells = []
        for kind in kinds:
            quantiles = ", ".join(f"{value:.2f}" for value in one.quantiles(kind))
            cells.append(f"{one.mean(kind):.2f} ({quantiles})")
        yield f"| {one.name}, {one.built.docs:,} | {' | '.join(cells)} |"


def _ratios(ours: Measured, others: Sequence[Measured]) -> Iterator[str]:
    kinds = sorted(ours.searched.latencies_ms)
    yield ""
    yield (
        f"| {ours.name} at {ours.built.docs:,}, as a share of | mean | p95 | {' | '.join(kinds)} "
        "| docs/s built | size | found |"
    )
    yield "|---" * (6 + len(kinds)) + "|"
    for other in others:
        shares = [
            ours.mean() / other.mean(),
            ours.quantiles()[1] / other.quantiles()[1],
            *(ours.mean(kind) / other.mean(kind) for kind in kinds),
            ours.built.per_s / other.built.per_s,
            _size(ours) / _size(other),
            ours.searched.found / other.searched.found,
        ]
        yield f"| {other.name}, {other.built.docs:,} | {' | '.join(f'{share:.3g}' for share in shares)} |"


def _size(one: Measured) -> float:
    return one.built.size_mb / one.built.docs


def _of_ours(measured: Sequence[Measured]) -> list[Measured]:
    return [one for name in OURS if (one := _find_peer(measured, name))]


def _find_peer(measured: Sequence[Measured], name: str) -> Measured | None:
    return next((one for one in measured if one.name == name), None)


# --- Our targets -------------------------------------------------------------------


def _bars(by_size: Sequence[Sequence[Measured]]) -> Iterator[str]:
    judged = [same for same in by_size if same and same[0].built.docs >= JUDGED_FROM]
    found = [bar for same in judged for bar in _build_targets(same)]
    found += [bar for same in judged for ours in _of_ours(same) for bar in _search_targets(ours, same)]
    for name in OURS:
        found += _growth_targets([ours for same in by_size if (ours := _find_peer(same, name))])
    if found:
        yield ""
        yield "| bar | at most | measured | |"
        yield "|---|---|---|---|"
    for what, most, value in found:
        yield f"| {what} | {most:,g} | {value:,.3g} | {'holds' if value <= most else 'does not hold'} |"


def _build_targets(same: Sequence[Measured]) -> Iterator[tuple[str, float, float]]:
    """Yield the targets of a build: name, limit and measured value."""
    ours = _find_peer(same, "ours")
    if ours is None:
        return
    docs = f"{ours.built.docs:,}"
    if tantivy := _find_peer(same, "tantivy"):
        yield f"size at {docs}, of tantivy's", 1.5, _size(ours) / _size(tantivy)
    if whoosh := _find_peer(same, "whoosh"):
        yield (
            f"time to build {docs}, of Whoosh's for {whoosh.built.docs:,}",
            1 / 20,
            whoosh.built.per_s / ours.built.per_s,
        )
    if fts5 := _find_peer(same, "fts5"):
        yield f"time to build {docs}, of FTS5's", 1, fts5.built.per_s / ours.built.per_s
    if ours.built.docs <= 200_000:
        yield f"MB building {docs}", 1_000, ours.built.memory_mb


def _search_targets(ours: Measured, same: Sequence[Measured]) -> Iterator[tuple[str, float, float]]:
    """Yield the targets of searching, relative to other engines."""
    what = f"{ours.name} at {ours.built.docs:,}"
    if other := _find_peer(same, HELD_TO[ours.name]):
        kinds = ours.searched.latencies_ms
        yield f"{what}: mean, of {other.name}'s", 1, ours.mean() / other.mean()
        yield f"{what}: p95, of {other.name}'s", 1.5, ours.quantiles()[1] / other.quantiles()[1]
        yield (
            f"{what}: slowest kind, of {other.name}'s",
            3,
            max(ours.mean(kind) / other.mean(kind) for kind in kinds),
        )
    if whoosh := _find_peer(same, "whoosh"):
        yield f"{what}: mean, of Whoosh's at {whoosh.built.docs:,}", 1 / 100, ours.mean() / whoosh.mean()


def _growth_targets(ours: Sequence[Measured]) -> Iterator[tuple[str, float, float]]:
    """Yield the targets of a large index, relative to the smallest one measured."""
    if len(ours) < 2:
        return
    smallest, largest = (edge(ours, key=lambda one: one.built.docs) for edge in (min, max))
    what = f"{largest.name} at {largest.built.docs:,}"
    yield f"{what}: ms to open", 300, largest.searched.open_ms
    yield f"{what}: MB resident after the queries", 2_000, largest.searched.memory_mb
    yield f"{what}: mean, of that at {smallest.built.docs:,}", 5, largest.mean() / smallest.mean()
