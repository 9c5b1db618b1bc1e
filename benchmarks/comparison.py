"""The tables of ``benchmarks.speed``: all engines, ours relative to each, and our targets."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

OURS = ("ours", "ours-whole")
"""Our searcher, which does the work of the peers, and the whole engine, which has an index of its own."""
PEERS_OF = {
    "ours": ("tantivy", "tantivy-rust", "lucene", "lucene-reordered"),
    "ours-whole": ("tantivy-whole",),
}
"""The peers that do the same work as each of ours."""
MEAN_TARGETS = {"tantivy": 0.8, "tantivy-whole": 0.8}
"""Maximum ratio of our mean time to that of a peer; 1 for peers not named here."""
KIND_TARGET = 1.2
"""Maximum ratio of our mean time to that of a peer for one kind of query."""


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
    """The cost of searching, in one round."""

    open_ms: float
    segments: int
    """0 if the engine has none."""
    memory_mb: float
    """Resident memory after the queries, including mapped files."""
    latencies_ms: dict[str, list[float]]
    """Milliseconds of each query, by kind."""
    per_s: dict[int, float]
    """Queries per second, by number of threads."""
    found: int
    """Sum of the totals of all queries; equal for engines that interpret queries alike."""

    def latencies(self, kind: str = "all") -> list[float]:
        """Return the milliseconds of the queries of a kind, or of all queries."""
        by_kind = self.latencies_ms
        return list(chain.from_iterable(by_kind.values())) if kind == "all" else by_kind[kind]

    def mean(self, kind: str = "all") -> float:
        """Return the mean latency."""
        return statistics.fmean(self.latencies(kind))

    def quantile(self, percent: float, kind: str = "all") -> float:
        """Return a quantile of the latencies."""
        return float(np.percentile(self.latencies(kind), percent))


Measure = Callable[[PeerSearch], float]
"""A figure of one round."""


@dataclass(frozen=True, slots=True)
class PeerResult:
    """The measurements of a peer."""

    name: str
    built: PeerBuild
    rounds: tuple[PeerSearch, ...]

    def median(self, measure: Measure) -> float:
        """Return the median over the rounds."""
        return statistics.median(map(measure, self.rounds))

    def ratios(self, other: "PeerResult", measure: Measure) -> list[float]:
        """Return the ratio of our figure to that of *other*, round by round."""
        return [
            measure(our_round) / measure(their_round)
            for our_round, their_round in zip(self.rounds, other.rounds, strict=False)
        ]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the queries."""
        return sorted(self.rounds[0].latencies_ms)


def mean_of(kind: str) -> Measure:
    """Return the measure of the mean latency of a kind."""
    return lambda search: search.mean(kind)


def p95(search: PeerSearch) -> float:
    """Return the 95th percentile of all latencies."""
    return search.quantile(95)


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
        "| | documents | docs/s built | MB on disk | segments | MB building | open, ms | MB searching "
        "| q/s, 1 thread | 2 threads |"
    )
    yield "|---" * 10 + "|"
    for result in results:
        build, first = result.built, result.rounds[0]
        cells = (
            f"{build.docs:,}",
            f"{build.per_s:,.0f}",
            f"{build.size_mb:,.0f}",
            str(first.segments or "–"),
            f"{build.memory_mb:,.0f}",
            f"{result.median(lambda search: search.open_ms):.1f}",
            f"{result.median(lambda search: search.memory_mb):,.0f}",
            f"{result.median(lambda search: search.per_s[1]):,.0f}",
            f"{result.median(lambda search: search.per_s[2]):,.0f}" if 2 in first.per_s else "–",
        )
        yield f"| {result.name} | {' | '.join(cells)} |"


def _latencies(results: Sequence[PeerResult]) -> Iterator[str]:
    kinds = ("all", *results[0].kinds)
    yield ""
    yield f"| query, ms: mean (p50, p95, p99) | {' | '.join(kinds)} |"
    yield "|---" * (1 + len(kinds)) + "|"
    for result in results:
        cells = []
        for kind in kinds:
            quantiles = ", ".join(
                f"{statistics.median(search.quantile(percent, kind) for search in result.rounds):.2f}"
                for percent in (50, 95, 99)
            )
            cells.append(f"{result.median(mean_of(kind)):.2f} ({quantiles})")
        yield f"| {result.name}, {result.built.docs:,} | {' | '.join(cells)} |"


def _ratios(ours: PeerResult, others: Sequence[PeerResult]) -> Iterator[str]:
    yield ""
    yield (
        f"| {ours.name} at {ours.built.docs:,}, as a share of | mean | p95 | {' | '.join(ours.kinds)} "
        "| docs/s built | size | found |"
    )
    yield "|---" * (6 + len(ours.kinds)) + "|"
    for other in others:
        measures = (mean_of("all"), p95, *map(mean_of, ours.kinds))
        cells = [_format_spread(ours.ratios(other, measure)) for measure in measures]
        cells += [
            f"{ours.built.per_s / other.built.per_s:.3g}",
            f"{_size(ours) / _size(other):.3g}",
            f"{ours.rounds[0].found / other.rounds[0].found:.3g}",
        ]
        yield f"| {other.name}, {other.built.docs:,} | {' | '.join(cells)} |"


def _format_spread(ratios: Sequence[float]) -> str:
    """Return the median, and the lowest and highest of several."""
    spread = f" ({min(ratios):.2g}–{max(ratios):.2g})" if len(ratios) > 1 else ""
    return f"{statistics.median(ratios):.3g}{spread}"


def _size(result: PeerResult) -> float:
    return result.built.size_mb / result.built.docs


def _our_results(results: Sequence[PeerResult]) -> list[PeerResult]:
    return [result for name in OURS if (result := _find_peer(results, name))]


def _find_peer(results: Sequence[PeerResult], name: str) -> PeerResult | None:
    return next((result for result in results if result.name == name), None)


# --- Our targets -------------------------------------------------------------------

Target = tuple[str, float, float]
"""Its name, the limit and the measured value."""


def _targets(by_size: Sequence[Sequence[PeerResult]]) -> Iterator[str]:
    targets: list[Target] = []
    for results in by_size:
        targets += _build_targets(results)
        for ours in _our_results(results):
            targets += _memory_targets(ours)
            targets += _search_targets(ours, results)
    for name in OURS:
        targets += _growth_targets([ours for results in by_size if (ours := _find_peer(results, name))])
    if targets:
        yield ""
        yield "| target | at most | measured | |"
        yield "|---|---|---|---|"
    for name, limit, value in targets:
        yield f"| {name} | {limit:,g} | {value:,.3g} | {'holds' if value <= limit else 'does not hold'} |"


def _build_targets(results: Sequence[PeerResult]) -> Iterator[Target]:
    """Yield the targets of a build that does the same work as the peers."""
    ours = _find_peer(results, "ours")
    if ours is None:
        return
    docs = f"{ours.built.docs:,}"
    if tantivy := _find_peer(results, "tantivy"):
        yield f"size at {docs}, of tantivy's", 1.1, _size(ours) / _size(tantivy)
        yield f"time to build {docs}, of tantivy's", 1 / 0.8, tantivy.built.per_s / ours.built.per_s
    if whoosh := _find_peer(results, "whoosh"):
        whoosh_docs = f"{whoosh.built.docs:,}"
        yield (
            f"time to build {docs}, of Whoosh's for {whoosh_docs}",
            1 / 20,
            whoosh.built.per_s / ours.built.per_s,
        )
    if fts5 := _find_peer(results, "fts5"):
        yield f"time to build {docs}, of FTS5's", 1, fts5.built.per_s / ours.built.per_s


def _memory_targets(ours: PeerResult) -> Iterator[Target]:
    """Yield the target of memory while building."""
    if ours.built.docs <= 200_000:
        yield f"{ours.name}: MB building {ours.built.docs:,}", 1_000, ours.built.memory_mb


def _search_targets(ours: PeerResult, results: Sequence[PeerResult]) -> Iterator[Target]:
    """Yield the targets of searching, relative to other engines."""
    name = f"{ours.name} at {ours.built.docs:,}"
    for peer in PEERS_OF[ours.name]:
        if other := _find_peer(results, peer):
            mean = statistics.median(ours.ratios(other, mean_of("all")))
            kinds = [statistics.median(ours.ratios(other, mean_of(kind))) for kind in ours.kinds]
            yield f"{name}: mean, of {peer}'s", MEAN_TARGETS.get(peer, 1.0), mean
            yield f"{name}: slowest kind, of {peer}'s", KIND_TARGET, max(kinds)
    if whoosh := _find_peer(results, "whoosh"):
        mean = statistics.median(ours.ratios(whoosh, mean_of("all")))
        yield f"{name}: mean, of Whoosh's at {whoosh.built.docs:,}", 1 / 100, mean


def _growth_targets(ours: Sequence[PeerResult]) -> Iterator[Target]:
    """Yield the targets of a large index, relative to the smallest one measured."""
    if len(ours) < 2:
        return
    smallest, largest = (pick(ours, key=lambda result: result.built.docs) for pick in (min, max))
    name, mean = f"{largest.name} at {largest.built.docs:,}", mean_of("all")
    yield f"{name}: ms to open", 300, largest.median(lambda search: search.open_ms)
    yield f"{name}: MB resident after the queries", 1_000, largest.median(lambda search: search.memory_mb)
    yield (
        f"{name}: mean, divided by that at {smallest.built.docs:,}",
        5,
        largest.median(mean) / smallest.median(mean),
    )
