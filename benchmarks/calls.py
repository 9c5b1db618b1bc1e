"""The number of calls of a search, by kind of query and by module: most of its cost in a small index.

python -m benchmarks.calls --docs 10000 --write

Counts the calls of Python and C functions once all caches are warm, the same on any machine; operators and
indexing are not counted. A C function counts to the module that calls it.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from cProfile import Profile
from pathlib import Path
from types import CodeType
from typing import Any

from benchmarks.corpus import Corpus
from benchmarks.peers.engine import PeerQuery
from benchmarks.peers.ours import OurEngine, OurSearcher
from benchmarks.performance import describe_machine, write_section
from benchmarks.speed import KINDS, queries

# Runs of each query; the quickest was disturbed least.
RUNS = 5
# Modules with a smaller share of the time, whatever the kind of query, are left out of the table.
SHARE_MIN = 0.03
_PROJECT = Path(__file__).parents[1]


def count_calls(engine: OurSearcher, asked: Sequence[PeerQuery]) -> tuple[float, float]:
    """Return the mean number of calls of a query, and how many of them are NumPy's."""
    profile = Profile()
    for query in asked:
        profile.runcall(engine.search, query)
    entries = profile.getstats()
    of_numpy = [entry for entry in entries if isinstance(entry.code, str) and "numpy" in entry.code]
    counts = [sum(entry.callcount for entry in counted) for counted in (entries, of_numpy)]
    return counts[0] / len(asked), counts[1] / len(asked)


def cost_of_modules(engine: OurSearcher, asked: Sequence[PeerQuery]) -> Mapping[str, tuple[float, float]]:
    """Return the calls of each module a query, and its share of the processor time."""
    profile = Profile(time.thread_time)
    for query in asked:
        profile.runcall(engine.search, query)
    calls, seconds = Counter[str](), Counter[str]()
    for entry in profile.getstats():
        if not isinstance(entry.code, CodeType):
            continue
        module = _module(entry.code)
        for part in (entry, *_called_builtins(entry)):
            calls[module] += part.callcount
            seconds[module] += part.inlinetime
    total = seconds.total()
    return {module: (calls[module] / len(asked), seconds[module] / total) for module in calls}


def _called_builtins(entry: Any) -> Iterable[Any]:  # cProfile has no public type for these
    return (called for called in entry.calls or () if isinstance(called.code, str))


def _module(code: CodeType) -> str:
    """Return the module of our own that *code* is in, "others" for any other."""
    path = Path(code.co_filename)
    if not path.is_relative_to(_PROJECT) or "site-packages" in path.parts:
        return "others"
    return str(path.relative_to(_PROJECT).with_suffix(""))


def least_ms(engine: OurSearcher, asked: Sequence[PeerQuery]) -> float:
    """Return the mean processor time of a query, each in its quickest run."""
    return statistics.fmean(min(_cpu_ms(engine, query) for _ in range(RUNS)) for query in asked)


def _cpu_ms(engine: OurSearcher, query: PeerQuery) -> float:
    start_s = time.thread_time()
    engine.search(query)
    return 1000 * (time.thread_time() - start_s)


def report(folder: Path, asked: Sequence[PeerQuery]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    kinds = {kind: [query for query in asked if query.kind == kind] for kind, *_ in KINDS}
    engines = (OurSearcher(), OurEngine())
    for engine in engines:
        engine.open(folder)
        for query in asked:
            engine.search(query)
    yield from _head("calls a query (of NumPy), CPU ms", kinds)
    for engine in engines:
        cells = []
        for of_kind in kinds.values():
            calls, of_numpy = count_calls(engine, of_kind)
            cells.append(f"{calls:,.0f} ({of_numpy:,.0f}), {least_ms(engine, of_kind):.2f}")
        yield f"| {engine.name} | {' | '.join(cells)} |"
    for engine in engines:
        yield ""
        yield from _head(f"{engine.name}: calls a query, share of CPU time", kinds)
        costs = [cost_of_modules(engine, of_kind) for of_kind in kinds.values()]
        largest = {
            module: max(cost.get(module, (0, 0))[1] for cost in costs) for cost in costs for module in cost
        }
        for module in sorted(largest, key=largest.__getitem__, reverse=True):
            if largest[module] >= SHARE_MIN:
                cells = ["{:,.0f}, {:.0%}".format(*cost.get(module, (0, 0))) for cost in costs]
                yield f"| {module} | {' | '.join(cells)} |"


def _head(title: str, kinds: Iterable[str]) -> Iterator[str]:
    yield f"| {title} | {' | '.join(kinds)} |"
    yield "|---" * (1 + len(KINDS)) + "|"


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
            OurEngine().build(folder, Corpus().releases(chosen.docs), commit_every=0)
        lines = [describe_machine(), "", *report(folder, queries(chosen.docs, chosen.queries))]
    print("\n".join(lines))
    if chosen.write:
        write_section(f"benchmarks.calls {chosen.docs}", lines)


if __name__ == "__main__":
    main()
