"""The judged queries among releases of real sentences, each new to the process, beside other engines.

python -m benchmarks.natural --docs 20000
python -m benchmarks.natural --docs 100000 --folder somewhere --write

The store has the sample releases, about which the queries ask, and those of ``benchmarks.natural_corpus``.
Ours answers through the app, as the API does, with everything that the product adds: counts, facets,
suggestions, related words. The others are what a user would pick instead. They get the plain words of the
same queries, all of which must occur: OpenSearch (one node, one shard, over HTTP) returns ten hits, the exact
total, marks and two facets; tantivy hits, total and passages.

The report also says how many blocks of postings a query decodes, as the first of its process, beside those
that the searches decode whose hits it shows: all others are counts.
"""

import argparse
import math
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask

from benchmarks.build import RELEASES_PER_TRANSACTION
from benchmarks.http import reindex
from benchmarks.natural_corpus import releases, words_of
from benchmarks.natural_peers import PEERS, PlainEngine
from benchmarks.performance import cpu_s, describe_machine, publish_report
from benchmarks.relevance import SETS, SampleCorpus, load_queries
from crawler.store import Release, Store
from index.query import Query
from index.search import Searcher, TopDocs
from searcher import create_app
from searcher.server import collector

# Asked before the clock starts, so that no query pays for opening the index.
WARM_UP = ("lapa", "gada diena", '"ir jau"', "budžets ministrija:FM")
QUANTILES = (50, 95, 99)
# No query should decode more times the blocks of what it shows; the report names the worst.
BLOCKS_RATIO_MAX, WORST = 2, 5


@dataclass(frozen=True, slots=True)
class NaturalQuery:
    """A judged query and its kind."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """The time of each query in ms, in the order of the queries."""

    name: str
    times_ms: Sequence[float]
    cpu_ms: float
    """The processor time of a query in the mean, of the engine and of us who ask it."""

    def of(self, queries: Sequence[NaturalQuery], kind: str) -> list[float]:
        """Return the times of the queries of *kind*."""
        return [ms for ms, query in zip(self.times_ms, queries, strict=True) if query.kind == kind]


@dataclass(frozen=True, slots=True)
class QueryBlocks:
    """The blocks of postings that a query decodes, and those that the searches decode whose hits it shows."""

    text: str
    decoded: int
    shown: int

    @property
    def ratio(self) -> float:
        """How many times the blocks of what is shown are decoded."""
        return self.decoded / max(1, self.shown)


# --- The store -----------------------------------------------------------------------------------


def prepare(folder: Path, docs: int) -> Path:
    """Return the settings of a store of *docs* releases in *folder*, and its index; make what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "natural.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    if not (folder / "index" / "CURRENT").exists():
        (folder / "releases.sqlite3").unlink(missing_ok=True)
        write_store(folder, docs)
        reindex(config)
    return config


def write_store(folder: Path, docs: int) -> None:
    """Write the sample releases and *docs* of real sentences to a store in *folder*."""
    SampleCorpus(folder)
    source = releases(docs)
    with Store(folder / "releases.sqlite3") as store:
        while batch := list(islice(source, RELEASES_PER_TRANSACTION)):
            with store.transaction():
                for release in batch:
                    store.save(release, seen=datetime(2026, 1, 1, tzinfo=UTC))


def stored_releases(folder: Path) -> Iterator[Release]:
    """Yield the releases of the store in *folder*."""
    with Store.open_readonly(folder / "releases.sqlite3") as store:
        yield from (stored.release for stored in store.changes_since(0))


def vocabulary(docs: int) -> list[tuple[int, int, int]]:
    """Return the numbers of releases, words and different words at a hundredth, a tenth and all of *docs*."""
    marks = {max(1, docs // 100), max(1, docs // 10), docs}
    seen: set[str] = set()
    count, curve = 0, []
    for number, release in enumerate(releases(docs), 1):
        words = words_of(f"{release.title} {release.lead} {release.body}")
        count += len(words)
        seen.update(words)
        if number in marks:
            curve.append((number, count, len(seen)))
    return curve


# --- Measuring -----------------------------------------------------------------------------------


def judged_queries() -> list[NaturalQuery]:
    """Return the judged queries of all sets, each once; in place of a kind the name of the set."""
    found = {
        query.text: NaturalQuery(query.text, query.kind or name)
        for name in SETS
        for query in load_queries(name)
    }
    return list(found.values())


def time_app(app: Flask, queries: Sequence[NaturalQuery]) -> EngineTimes:
    """Ask the app each of *queries* once."""
    client = app.test_client()

    def ask(text: str) -> None:
        answer = client.get("/api/v1/search", query_string={"q": text})
        if answer.status_code != 200:
            raise SystemExit(f"{text}: {answer.status}")

    for text in WARM_UP:
        ask(text)
    collector.settle()  # as `serve` does when it is warm
    return _time_all("ours", [partial(ask, query.text) for query in queries], {os.getpid()})


def count_blocks(app: Flask, queries: Sequence[NaturalQuery]) -> list[QueryBlocks]:
    """Return the blocks of each of *queries*."""
    client, counted = app.test_client(), []
    searches: list[tuple[Searcher, Query]] = []
    search = Searcher.search

    def record(searcher: Searcher, query: Query, **options: Any) -> TopDocs:
        found = search(searcher, query, **options)
        if found.docs:
            searches.append((searcher, query))
        return found

    with patch.object(Searcher, "search", record):
        client.get("/api/v1/search")
        searcher = searches[0][0]
        for query in queries:
            searches.clear()
            del searcher.core  # with all that it keeps of earlier queries
            client.get("/api/v1/search", query_string={"q": query.text})
            decoded = searcher.core.blocks_decoded
            del searcher.core
            for _, asked in searches:
                search(searcher, asked)
            counted.append(QueryBlocks(query.text, decoded, searcher.core.blocks_decoded))
    return counted


def time_peer(engine: PlainEngine, queries: Sequence[NaturalQuery]) -> EngineTimes:
    """Ask *engine* the plain words of each query once."""
    for text in WARM_UP:
        engine.search(words_of(text))
    asks = [partial(engine.search, words_of(query.text)) for query in queries]
    return _time_all(engine.name, asks, {os.getpid(), engine.process})


def _time_all(name: str, asks: Sequence[Callable[[], object]], processes: Collection[int]) -> EngineTimes:
    before_s = sum(map(cpu_s, processes))
    times_ms = list(map(_time_ms, asks))
    return EngineTimes(name, times_ms, 1000 * (sum(map(cpu_s, processes)) - before_s) / len(asks))


def _time_ms(ask: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - start_s)


# --- The report ----------------------------------------------------------------------------------


def report(
    queries: Sequence[NaturalQuery],
    engines: Sequence[EngineTimes],
    blocks: Sequence[QueryBlocks],
    curve: Sequence[tuple[int, int, int]],
) -> Iterator[str]:
    """Yield the lines of a Markdown report; *engines* begin with ours."""
    yield f"| {len(queries)} queries, ms | mean | p50 | p95 | p99 | worst | CPU, mean |"
    yield "|---" * 7 + "|"
    for engine in engines:
        values = (*summary(engine.times_ms), engine.cpu_ms)
        yield f"| {engine.name} | {' | '.join(f'{value:.1f}' for value in values)} |"
    yield ""
    kinds = _losing_first(queries, engines)
    yield f"| mean (worst), ms | queries | {' | '.join(engine.name for engine in engines)} |"
    yield "|---" * (2 + len(engines)) + "|"
    for kind, times in kinds.items():
        cells = (f"{statistics.fmean(of_kind):.1f} ({max(of_kind):.1f})" for of_kind in times)
        yield f"| {kind} | {len(times[0])} | {' | '.join(cells)} |"
    yield ""
    if blocks:
        yield from _describe_blocks(blocks)
        yield ""
    steps = ", ".join(
        f"{words:,} words at {docs:,} releases ({different:,} different)" for docs, words, different in curve
    )
    yield f"Vocabulary: {steps}; Heaps exponent {heaps_exponent(curve):.2f}."


def _describe_blocks(blocks: Sequence[QueryBlocks]) -> Iterator[str]:
    """Yield how many *blocks* queries decode beside those of what they show, and which decode most."""
    decoded, shown = (
        statistics.fmean(counts) for counts in zip(*((one.decoded, one.shown) for one in blocks), strict=True)
    )
    above = sum(one.ratio > BLOCKS_RATIO_MAX for one in blocks)
    yield (
        f"Blocks of postings decoded by a query that is the first of its process: {decoded:.0f} in the mean, "
        f"{shown:.0f} for what it shows; {above} of {len(blocks)} decode more than {BLOCKS_RATIO_MAX} times "
        "as many."
    )
    worst = sorted(blocks, key=lambda one: one.ratio, reverse=True)[:WORST]
    yield "Most: " + ", ".join(f"*{one.text}* {one.decoded} of {one.shown}" for one in worst) + "."


def summary(times_ms: Sequence[float]) -> tuple[float, ...]:
    """Return mean, quantiles and worst."""
    cuts = statistics.quantiles(times_ms, n=100, method="inclusive")
    return (statistics.fmean(times_ms), *(cuts[percent - 1] for percent in QUANTILES), max(times_ms))


def heaps_exponent(curve: Sequence[tuple[int, int, int]]) -> float:
    """Return the exponent of the growth of the vocabulary over the last step of *curve*."""
    (_, words, different), (_, more_words, more_different) = curve[-2:]
    return math.log(more_different / different) / math.log(more_words / words)


def _losing_first(
    queries: Sequence[NaturalQuery], engines: Sequence[EngineTimes]
) -> Mapping[str, list[list[float]]]:
    """Return the times of each engine by kind; first those in which we do worst beside the next engine."""
    by_kind: dict[str, list[list[float]]] = defaultdict(list)
    for kind in sorted({query.kind for query in queries}):
        by_kind[kind] = [engine.of(queries, kind) for engine in engines]

    def loss(kind: str) -> float:
        ours, *others = map(statistics.fmean, by_kind[kind])
        return ours / others[0] if others else ours

    return {kind: by_kind[kind] for kind in sorted(by_kind, key=loss, reverse=True)}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument(
        "--folder", type=Path, help="keeps store and index of each size; existing ones are used"
    )
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=PEERS, help="default: all")
    parser.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    options = parser.parse_args()
    queries = judged_queries()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.folder or Path(scratch)) / str(options.docs)
        head = describe_machine()
        config = prepare(folder, options.docs)
        engines = [time_app(create_app(config), queries)]
        blocks = count_blocks(create_app(config), queries)  # a new app, which remembers no answer
        for name in options.peers:
            with PEERS[name](stored_releases(folder)) as engine:
                engines.append(time_peer(engine, queries))
    lines = [head, "", *report(queries, engines, blocks, vocabulary(options.docs))]
    publish_report(f"benchmarks.natural {options.docs}", lines, write=options.write)


if __name__ == "__main__":
    main()
