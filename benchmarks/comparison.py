"""The tables of ``benchmarks.speed``: all engines, ours relative to each, and our targets."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

OURS = ("ours", "ours-whole")
"""Our searcher, which does the same work as the peers, and the product's whole engine."""
PEER_OF = {"ours": "tantivy", "ours-whole": "tantivy-whole"}
"""The peer that does the same work as each of ours."""
TARGETS_FROM_DOCS = 200_000
"""Smallest corpus to which the targets apply; below it the fixed cost of a search dominates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerBuild:
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
class PeerSearch:
    """The cost of searching."""

    open_ms: float
    memory_mb: float
    """Resident memory after the queries, including mapped files."""
    latencies_ms: dict[str, list[float]]
    """Milliseconds of each query, by kind."""
    per_s: dict[int, float]
    """Queries per second, by number of threads."""
    found: int
    """Sum of the totals of all queries; equal for engines that interpret queries alike."""


@dataclass(frozen=True, slots=True)
class PeerResult:
    """The measurements of a peer."""

    name: str
    built: PeerBuild
    searched: PeerSearch

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


def report(by_size: Sequence[Sequence[PeerResult]]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    results = list(chain.from_iterable(by_size))
    yield from _resources(results)
    yield from _latencies(results)
    for results_of_size in by_size:
        others = [result for result in results_of_size if result.name not in OURS]
        if others:
            for ours in _our_results(results_of_size):
                yield from _ratios(ours, others)
    yield from _targets(by_size)


def _resources(results: Sequence[PeerResult]) -> Iterator[str]:
    yield ""
    yield (
        "| | documents | docs/s built | MB on disk | MB building | open, ms | MB searching | q/s, 1 thread "
        "| 2 threads |"
    )
    yield "|---" * 9 + "|"
    for result in results:
        build, search = result.built, result.searched
        two = f"{search.per_s[2]:,.0f}" if 2 in search.per_s else "–"
        cells = (
            f"{build.docs:,}",
            f"{build.per_s:,.0f}",
            f"{build.size_mb:,.0f}",
            f"{build.memory_mb:,.0f}",
            f"{search.open_ms:.1f}",
            f"{search.memory_mb:,.0f}",
            f"{search.per_s[1]:,.0f}",
            two,
        )
        yield f"| {result.name} | {' | '.join(cells)} |"


def _latencies(results: Sequence[PeerResult]) -> Iterator[str]:
    kinds = ("all", *sorted(results[0].searched.latencies_ms))
    yield ""
    yield f"| query, ms: mean (p50, p95, p99) | {' | '.join(kinds)} |"
    yield "|---" * (1 + len(kinds)) + "|"
    for result in results:
        cells = []
        for kind in kinds:
            quantiles = ", ".join(f"{value:.2f}" for value in result.quantiles(kind))
            cells.append(f"{result.mean(kind):.2f} ({quantiles})")
        yield f"| {result.name}, {result.built.docs:,} | {' | '.join(cells)} |"


def _ratios(ours: PeerResult, others: Sequence[PeerResult]) -> Iterator[str]:
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


def _size(result: PeerResult) -> float:
    return result.built.size_mb / result.built.docs


def _our_results(results: Sequence[PeerResult]) -> list[PeerResult]:
    return [result for name in OURS if (result := _find_peer(results, name))]


def _find_peer(results: Sequence[PeerResult], name: str) -> PeerResult | None:
    return next((result for result in results if result.name == name), None)


# --- Our targets -------------------------------------------------------------------


def _targets(by_size: Sequence[Sequence[PeerResult]]) -> Iterator[str]:
    large = [
        results_of_size
        for results_of_size in by_size
        if results_of_size and results_of_size[0].built.docs >= TARGETS_FROM_DOCS
    ]
    targets = [target for results_of_size in large for target in _build_targets(results_of_size)]
    targets += [
        target
        for results_of_size in large
        for ours in _our_results(results_of_size)
        for target in _search_targets(ours, results_of_size)
    ]
    for name in OURS:
        targets += _growth_targets(
            [ours for results_of_size in by_size if (ours := _find_peer(results_of_size, name))]
        )
    if targets:
        yield ""
        yield "| target | at most | measured | |"
        yield "|---|---|---|---|"
    for name, limit, value in targets:
        yield f"| {name} | {limit:,g} | {value:,.3g} | {'holds' if value <= limit else 'does not hold'} |"


def _build_targets(results: Sequence[PeerResult]) -> Iterator[tuple[str, float, float]]:
    """Yield the targets of a build: name, limit and measured value."""
    ours = _find_peer(results, "ours")
    if ours is None:
        return
    docs = f"{ours.built.docs:,}"
    if tantivy := _find_peer(results, "tantivy"):
        yield f"size at {docs}, of tantivy's", 1.5, _size(ours) / _size(tantivy)
    if whoosh := _find_peer(results, "whoosh"):
        yield (
            f"time to build {docs}, of Whoosh's for {whoosh.built.docs:,}",
            1 / 20,
            whoosh.built.per_s / ours.built.per_s,
        )
    if fts5 := _find_peer(results, "fts5"):
        yield f"time to build {docs}, of FTS5's", 1, fts5.built.per_s / ours.built.per_s
    if ours.built.docs <= 200_000:
        yield f"MB building {docs}", 1_000, ours.built.memory_mb


def _search_targets(ours: PeerResult, results: Sequence[PeerResult]) -> Iterator[tuple[str, float, float]]:
    """Yield the targets of searching, relative to other engines."""
    name = f"{ours.name} at {ours.built.docs:,}"
    if other := _find_peer(results, PEER_OF[ours.name]):
        kinds = ours.searched.latencies_ms
        yield f"{name}: mean, of {other.name}'s", 1, ours.mean() / other.mean()
        yield f"{name}: p95, of {other.name}'s", 1.5, ours.quantiles()[1] / other.quantiles()[1]
        yield (
            f"{name}: slowest kind, of {other.name}'s",
            3,
            max(ours.mean(kind) / other.mean(kind) for kind in kinds),
        )
    if whoosh := _find_peer(results, "whoosh"):
        yield f"{name}: mean, of Whoosh's at {whoosh.built.docs:,}", 1 / 100, ours.mean() / whoosh.mean()


def _growth_targets(ours: Sequence[PeerResult]) -> Iterator[tuple[str, float, float]]:
    """Yield the targets of a large index, relative to the smallest one measured."""
    if len(ours) < 2:
        return
    smallest, largest = (pick(ours, key=lambda result: result.built.docs) for pick in (min, max))
    name = f"{largest.name} at {largest.built.docs:,}"
    yield f"{name}: ms to open", 300, largest.searched.open_ms
    yield f"{name}: MB resident after the queries", 2_000, largest.searched.memory_mb
    yield f"{name}: mean, divided by that at {smallest.built.docs:,}", 5, largest.mean() / smallest.mean()
