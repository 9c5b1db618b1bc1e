"""How fast we build and search beside stock Whoosh, SQLite FTS5 and tantivy, on one machine in one run.

python -m benchmarks.speed --docs 10000
python -m benchmarks.speed --docs 200000 --peers ours,tantivy,fts5 --write
"""

import argparse
import dataclasses
import json
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.peers import Asked, Peer, fresh, peers

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- benchmarks.speed -->", "<!-- /benchmarks.speed -->"
# Query words are drawn as they come in the texts; what stands in more of them than this is a stop word.
STOP_SHARE = 0.4
KINDS = (("1 word", 1, 0.35), ("2 words", 2, 0.3), ("3 words", 3, 0.15), ("phrase", 2, 0.2))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a peer needed."""

    name: str
    docs: int
    build_s: float
    size_mb: float
    build_mb: float
    """Most memory while building, resident."""
    open_ms: float
    latencies: dict[str, list[float]]
    """Milliseconds of each query by kind."""
    per_s: dict[int, float]
    """Queries a second by number of threads."""


def queries(docs: int, count: int, seed: int = 11) -> list[Asked]:
    """Return deterministic queries: words and phrases out of releases of the corpus."""
    drawn = random.Random(seed)
    sample = list(islice(Corpus().releases(docs), 2_000))
    texts = [(*r.title_tokens.forms, *r.lead_tokens.forms, *r.body_tokens.forms) for r in sample]
    standing: dict[tuple[str, ...], int] = {}
    for text in texts:
        for stem in {forms.stem for forms in text}:
            standing[stem] = standing.get(stem, 0) + 1
    asked: list[Asked] = []
    while len(asked) < count:
        (kind, size, _), text = drawn.choices(KINDS, [share for *_, share in KINDS])[0], drawn.choice(texts)
        if kind == "phrase":
            at = drawn.randrange(len(text) - size)
            words = text[at : at + size]
        else:
            words = drawn.sample(text, size)
        if all(standing[forms.stem] <= STOP_SHARE * len(texts) for forms in words):
            asked.append(Asked(kind, tuple(words)))
    return asked


def measure(peer: Peer, docs: int, asked: Sequence[Asked], folder: Path) -> Measured:
    """Build, open and search; the queries run once to warm up and once for the clock."""
    build_s = peer.build(fresh(folder), Corpus().releases(docs))
    build_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    since = time.perf_counter()
    peer.open(folder)
    open_ms = 1000 * (time.perf_counter() - since)
    for one in asked[len(asked) // 2 :]:
        peer.search(one)
    latencies: dict[str, list[float]] = {}
    for one in asked[: len(asked) // 2]:
        since = time.perf_counter()
        peer.search(one)
        latencies.setdefault(one.kind, []).append(1000 * (time.perf_counter() - since))
    return Measured(
        peer.name, docs, build_s, size / 1e6, build_mb, open_ms, latencies, _throughput(peer, asked)
    )


def _throughput(peer: Peer, asked: Sequence[Asked]) -> dict[int, float]:
    # SQLite's connections and Whoosh's searchers belong to one thread.
    threads = (1, 2) if peer.name in {"ours", "tantivy"} else (1,)
    per_s = {}
    for count in threads:
        since = time.perf_counter()
        with ThreadPoolExecutor(count) as pool:
            if count == 1:
                for one in asked[: len(asked) // 2]:
                    peer.search(one)
            else:
                list(pool.map(peer.search, asked[: len(asked) // 2]))
        per_s[count] = len(asked) // 2 / (time.perf_counter() - since)
    return per_s


def _quantiles(latencies: Sequence[float]) -> tuple[float, float, float, float]:
    cuts = statistics.quantiles(latencies, n=100, method="inclusive")
    return statistics.fmean(latencies), cuts[49], cuts[94], cuts[98]


def report(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {_cpu()}, Python {platform.python_version()}"
    yield ""
    yield "| | documents | docs/s built | MB on disk | MB building | open, ms | q/s, 1 thread | 2 threads |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in measured:
        two = f"{one.per_s[2]:.0f}" if 2 in one.per_s else "–"
        yield (
            f"| {one.name} | {one.docs:,} | {one.docs / one.build_s:,.0f} | {one.size_mb:,.0f} "
            f"| {one.build_mb:,.0f} "
            f"| {one.open_ms:.1f} | {one.per_s[1]:,.0f} | {two} |"
        )
    yield ""
    yield "| query, ms | " + " | ".join(f"{one.name}: mean | p50 | p95 | p99" for one in measured) + " |"
    yield "|---" * (1 + 4 * len(measured)) + "|"
    for kind in ("all", *(kind for kind, *_ in KINDS)):
        cells = []
        for one in measured:
            taken = [t for k, times in one.latencies.items() if kind in {"all", k} for t in times]
            cells.append(" | ".join(f"{value:.2f}" for value in _quantiles(taken)))
        yield f"| {kind} | {' | '.join(cells)} |"
    yield ""
    yield from _ratios(measured)


def _ratios(measured: Sequence[Measured]) -> Iterator[str]:
    ours = next((one for one in measured if one.name == "ours"), None)
    if ours is None:
        return
    for other in measured:
        if other is ours:
            continue
        means = [
            statistics.fmean([t for times in one.latencies.values() for t in times]) for one in (ours, other)
        ]
        size = ours.size_mb / other.size_mb * other.docs / ours.docs
        building = (ours.docs / ours.build_s) / (other.docs / other.build_s)
        yield (
            f"Beside {other.name}: queries take {means[0] / means[1]:.2f} of its time (mean), building goes "
            f"{building:.2f} times as fast, the index is {size:.2f} "
            "of its size."
        )


def _cpu() -> str:
    found = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return f"{len(found)} × {found[0]}" if found else platform.processor()


def main() -> None:
    options = argparse.ArgumentParser(description="Speed beside other engines.")
    options.add_argument("--docs", type=int, default=10_000)
    options.add_argument("--queries", type=int, default=400, help="half to warm up, half for the clock")
    options.add_argument("--peers", default="ours,whoosh,fts5,tantivy")
    options.add_argument("--whoosh-docs", type=int, default=20_000, help="at most so many for stock Whoosh")
    options.add_argument("--folder", type=Path, help="where the indexes go; else a temporary folder")
    options.add_argument("--write", action="store_true", help="put the report in docs/performance.md")
    options.add_argument("--only", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        if chosen.only:
            _measure_one(chosen.only, chosen, folder)
            return
        measured = [_apart(name, folder) for name in chosen.peers.split(",")]
    lines = list(report([one for one in measured if one]))
    print("\n".join(lines))
    if chosen.write:
        _write(lines)


def _apart(name: str, folder: Path) -> Measured | None:
    """Measure a peer in a process of its own, so that memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *sys.argv[1:], "--only", name, "--folder", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    values = json.loads(done.stdout.splitlines()[-1])
    values["per_s"] = {int(threads): rate for threads, rate in values["per_s"].items()}
    return Measured(**values)


def _measure_one(name: str, chosen: argparse.Namespace, folder: Path) -> None:
    [peer] = peers([name])
    docs = min(chosen.docs, chosen.whoosh_docs) if name == "whoosh" else chosen.docs
    found = measure(peer, docs, queries(docs, chosen.queries), folder / name)
    print(json.dumps(dataclasses.asdict(found)))


def _write(lines: Sequence[str]) -> None:
    path = ROOT / "docs" / "performance.md"
    section = "\n".join((BEGIN, *lines, END))
    before = path.read_text(encoding="utf-8") if path.exists() else f"# Performance\n\n{BEGIN}{END}\n"
    head, rest = before.split(BEGIN)
    path.write_text(head + section + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
