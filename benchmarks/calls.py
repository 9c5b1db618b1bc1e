"""The number of calls of a search, by kind of query: most of its cost in a small index, on any machine.

python -m benchmarks.calls --docs 10000 --write

Counts the calls of Python and C functions once all caches are warm; operators and indexing are not counted.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from cProfile import Profile
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.peers.engine import PeerQuery
from benchmarks.peers.ours import OurEngine, OurSearcher
from benchmarks.performance import describe_machine, write_section
from benchmarks.speed import KINDS, queries

# Runs of each query; the quickest was disturbed least.
RUNS = 5


def count_calls(engine: OurSearcher, asked: Sequence[PeerQuery]) -> tuple[float, float]:
    """Return the mean number of calls of a query, and how many of them are NumPy's."""
    profile = Profile()
    for query in asked:
        profile.runcall(engine.search, query)
    entries = profile.getstats()
    of_numpy = [entry for entry in entries if isinstance(entry.code, str) and "numpy" in entry.code]
    counts = [sum(entry.callcount for entry in counted) for counted in (entries, of_numpy)]
    return counts[0] / len(asked), counts[1] / len(asked)


def least_ms(engine: OurSearcher, asked: Sequence[PeerQuery]) -> float:
    """Return the mean processor time of a query, each in its quickest run."""
    return statistics.fmean(min(_cpu_ms(engine, query) for _ in range(RUNS)) for query in asked)


def _cpu_ms(engine: OurSearcher, query: PeerQuery) -> float:
    start_s = time.thread_time()
    engine.search(query)
    return 1000 * (time.thread_time() - start_s)


def report(folder: Path, asked: Sequence[PeerQuery]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield f"| calls a query (of NumPy), CPU ms | {' | '.join(kind for kind, *_ in KINDS)} |"
    yield "|---" * (1 + len(KINDS)) + "|"
    for engine in (OurSearcher(), OurEngine()):
        engine.open(folder)
        for query in asked:
            engine.search(query)
        cells = []
        for kind, *_ in KINDS:
            of_kind = [query for query in asked if query.kind == kind]
            calls, of_numpy = count_calls(engine, of_kind)
            cells.append(f"{calls:,.0f} ({of_numpy:,.0f}), {least_ms(engine, of_kind):.2f}")
        yield f"| {engine.name} | {' | '.join(cells)} |"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--docs", type=int, default=10_000)
    options.add_argument("--queries", type=int, default=240)
    options.add_argument("--folder", type=Path, help="folder of the index; an existing one is reused")
    options.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            OurSearcher().build(folder, Corpus().releases(chosen.docs), commit_every=0)
        lines = [describe_machine(), "", *report(folder, queries(chosen.docs, chosen.queries))]
    print("\n".join(lines))
    if chosen.write:
        write_section(f"benchmarks.calls {chosen.docs}", lines)


if __name__ == "__main__":
    main()
