"""The embedded engine and OpenSearch at growing sizes, on one machine, through HTTP.

python -m benchmarks.scale --docs 10000 50000
python -m benchmarks.scale --folder scale --docs 10000 200000 1000000 --cluster-docs 10000 200000 --write

Each size is built by `reindex --full` and searched through `serve`: by one client for the latency, by eight
for the throughput. OpenSearch runs as one node and as three, each a process with a heap of 512 MB; it needs
Java and Maven. The growth is fitted as documents to the power of an exponent: 1 is linear.

With --folder, stores and results are kept there, one file for each engine and size. What has a result is not
measured again, so a run may be stopped and continued, or done in parts; the report shows all results.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import requests

from benchmarks.build import ROOT, family, write_store
from benchmarks.http import driving, serving
from benchmarks.http_clients import Outcome, Search, expected_searches, send_searches
from benchmarks.performance import cpu_s, describe_machine, proportional_mb, write_section
from tests.opensearch.cluster import Cluster, start_cluster

SCALE = ROOT / "docs" / "scale.md"
CLIENTS = 8
PROCESSES = 2
"""Worker processes of `serve`."""
_SAMPLE_EVERY_S = 1.0
MEASURES = {
    "build_s": "build, s",
    "build_cpu_s": "CPU s",
    "build_mb": "MB building",
    "disk_mb": "MB on disk",
    "serve_mb": "MB serving",
    "p50_ms": "p50, ms",
    "p95_ms": "p95, ms",
    "per_s": "req/s, 8 clients",
    "p50_of_8_ms": "p50 of 8, ms",
    "p99_of_8_ms": "p99 of 8, ms",
    "cpu_ms": "CPU ms a search",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an engine at one size: memory (MB) and processor time of our processes and the nodes."""

    engine: str
    docs: int
    build_s: float
    build_cpu_s: float
    build_mb: float
    """The highest sum while building; shared pages count once."""
    disk_mb: float
    """The size of the index without replicas."""
    serve_mb: float
    p50_ms: float
    p95_ms: float
    per_s: float
    p50_of_8_ms: float
    p99_of_8_ms: float
    cpu_ms: float
    """The processor time of a search, while there are eight clients; theirs does not count."""
    errors: int
    machine: str
    """The day, the machine, and its load when the measurement began."""


# --- Measuring -----------------------------------------------------------------------------------


def measure(folder: Path, docs: int, cluster: Cluster | None, seconds: float) -> Cost:
    """Build and search the releases stored in *folder*: in *cluster*, or with the embedded engine."""
    config = folder / "scale.toml"
    nodes = [node.pid for node in cluster.nodes] if cluster else []
    machine = describe_machine()
    config.write_text(_settings(cluster), encoding="utf-8")
    build_s, build_cpu_s, build_mb = _build(config, nodes)
    with serving(config) as (address, process):
        searches = expected_searches(address)
        with driving(address, searches, "new", 0):  # fills the caches, and lets the JVM compile
            time.sleep(seconds)
        with driving(address, searches, "new", 1) as together:
            busy = _busy([*family(process), *nodes], seconds)
        alone = _send_alone(address, searches, seconds)
        serve_mb = sum(map(proportional_mb, [*family(process), *nodes]))
    p50, p95, _ = _quantiles(alone)
    p50_of_8, _, p99_of_8 = _quantiles(together)
    return Cost(
        engine=engine_name(len(nodes)),
        docs=docs,
        build_s=build_s,
        build_cpu_s=build_cpu_s,
        build_mb=build_mb,
        disk_mb=_disk_mb(folder, cluster),
        serve_mb=serve_mb,
        p50_ms=p50,
        p95_ms=p95,
        per_s=together.per_s,
        p50_of_8_ms=p50_of_8,
        p99_of_8_ms=p99_of_8,
        cpu_ms=1000 * busy / together.per_s,
        errors=sum((*alone.errors.values(), *together.errors.values())),
        machine=machine,
    )


def engine_name(nodes: int) -> str:
    """Return the name of OpenSearch on this number of *nodes*; 0: the name of the embedded engine."""
    return f"OpenSearch, {nodes} node{'s' * (nodes > 1)}" if nodes else "embedded"


def _settings(cluster: Cluster | None) -> str:
    lines = ['data_dir = "."', "[index]", "generations_kept = 0"]
    if cluster:
        shards = len(cluster.nodes)
        lines += ['engine = "opensearch"', "[index.opensearch]", f"urls = {json.dumps(cluster.urls)}"]
        lines += ['prefix = "scale"', f"shards = {shards}", "replicas = 0", "timeout_s = 120"]
    return "\n".join([*lines, "[searcher]", f"processes = {PROCESSES}", "answer_s = 60", ""])


def _build(config: Path, nodes: Sequence[int]) -> tuple[float, float, float]:
    """Return the cost of `reindex --full`: seconds, processor time (s), and the highest memory (MB).

    The last two are of its processes and *nodes* together.
    """
    reindex = "from index.reindex import main; main()"
    command = [sys.executable, "-c", reindex, "--config", str(config), "--full"]
    started, spent, highest = time.perf_counter(), _ended_cpu_s() + sum(map(cpu_s, nodes)), 0.0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            highest = max(highest, sum(map(proportional_mb, [*family(process.pid), *nodes])))
            time.sleep(_SAMPLE_EVERY_S)
    if process.returncode:
        raise SystemExit(f"reindex ended with {process.returncode}")
    return time.perf_counter() - started, _ended_cpu_s() + sum(map(cpu_s, nodes)) - spent, highest


def _ended_cpu_s() -> float:
    """Return the processor time of all child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _busy(processes: Sequence[int], seconds: float) -> float:
    """Return, after some *seconds*, how many processors *processes* kept busy meanwhile."""
    before, started = sum(map(cpu_s, processes)), time.perf_counter()
    time.sleep(seconds)
    return (sum(map(cpu_s, processes)) - before) / (time.perf_counter() - started)


def _send_alone(address: str, searches: Sequence[Search], seconds: float) -> Outcome:
    stopped = threading.Event()
    timer = threading.Timer(seconds, stopped.set)
    timer.start()
    # Searches that the clients of the two rounds before have not sent, because answers are cached.
    return send_searches(address, searches, 1, stopped, turn=2 * CLIENTS)


def _quantiles(outcome: Outcome) -> tuple[float, float, float]:
    """Return the median, the 95th and the 99th percentile of the latencies, in ms."""
    if len(outcome.latencies_ms) < 2:
        raise SystemExit(f"too few answers in {outcome.seconds:.0f} s (raise --seconds): {outcome.errors}")
    cuts = statistics.quantiles(outcome.latencies_ms, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _disk_mb(folder: Path, cluster: Cluster | None) -> float:
    if cluster:
        stats = requests.get(f"{cluster.urls[0]}/scale-*/_stats/store", timeout=60).json()
        return float(stats["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6
    return sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file()) / 1e6


# --- The report ----------------------------------------------------------------------------------


def exponent(costs: Sequence[Cost], measure_: str) -> float:
    """Return b of the best fit of a measure by docs ** b (least squares of the logarithms)."""
    points = [(math.log(cost.docs), math.log(max(getattr(cost, measure_), 1e-9))) for cost in costs]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def report(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield from (f"- {cost.engine}, {cost.docs:,} documents: {cost.machine}" for cost in costs)
    yield ""
    yield f"| engine | documents | {' | '.join(MEASURES.values())} | errors |"
    yield "|---" * (len(MEASURES) + 3) + "|"
    for cost in costs:
        values = (f"{getattr(cost, name):,.{0 if getattr(cost, name) >= 20 else 1}f}" for name in MEASURES)
        yield f"| {cost.engine} | {cost.docs:,} | {' | '.join(values)} | {cost.errors} |"
    for engine in dict.fromkeys(cost.engine for cost in costs):
        of_engine = [cost for cost in costs if cost.engine == engine]
        if len({cost.docs for cost in of_engine}) > 1:
            exponents = (f"{exponent(of_engine, name):.2f}" for name in MEASURES)
            yield f"| {engine}: exponent | | {' | '.join(exponents)} | |"


# --- Stored results --------------------------------------------------------------------------------


class Results:
    """The results stored in *folder*, a file for each engine and size."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, nodes: int, docs: int) -> bool:
        """Return whether a size was measured; *nodes* is 0 for the embedded engine."""
        return self._path(engine_name(nodes), docs).exists()

    def keep(self, cost: Cost) -> None:
        """Keep a result."""
        text = json.dumps(asdict(cost), indent=1)
        self._path(cost.engine, cost.docs).write_text(f"{text}\n", encoding="utf-8")
        print(text, file=sys.stderr, flush=True)

    def all(self) -> list[Cost]:
        """Return all results, by engine and size."""
        costs = [Cost(**json.loads(path.read_text(encoding="utf-8"))) for path in self._folder.glob("*.json")]
        return sorted(costs, key=lambda cost: (cost.engine != "embedded", cost.engine, cost.docs))

    def _path(self, engine: str, docs: int) -> Path:
        return self._folder / f"{engine.lower().replace(', ', '-').replace(' ', '-')}-{docs}.json"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=int, nargs="*", default=[10_000], help="sizes of the embedded engine")
    parser.add_argument("--cluster-docs", type=int, nargs="*", help="sizes of OpenSearch; default: the same")
    parser.add_argument("--nodes", type=int, nargs="+", default=[1, 3], help="sizes of the cluster")
    parser.add_argument("--seconds", type=float, default=10, help="seconds of each period of searching")
    parser.add_argument("--folder", type=Path, help="keeps the results here for a later run to continue")
    parser.add_argument("--write", action="store_true", help="write the report to docs/scale.md")
    options = parser.parse_args()
    cluster_docs = options.docs if options.cluster_docs is None else options.cluster_docs
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        results = Results(folder / "results")
        for docs in options.docs:
            if not results.has(0, docs):
                results.keep(measure(_store(folder, docs), docs, None, options.seconds))
        for nodes in options.nodes:
            missing = [docs for docs in cluster_docs if not results.has(nodes, docs)]
            if not missing:
                continue
            with start_cluster([0] * nodes) as cluster:
                for docs in missing:
                    results.keep(measure(_store(folder, docs), docs, cluster, options.seconds))
        lines = list(report(results.all()))
    print("\n".join(lines))
    if options.write:
        write_section("benchmarks.scale", lines, SCALE)


def _store(parent: Path, docs: int) -> Path:
    """Return the folder of a store with *docs* generated releases."""
    folder = parent / f"{docs}"
    if not (folder / "releases.sqlite3").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_store(folder / "releases.sqlite3", docs)
    return folder


if __name__ == "__main__":
    main()
