"""What clients feel of reloads of `serve`: lost and wrong answers, and latencies, beside those at rest.

python -m benchmarks.reloads --docs 20000 --reloads 200
python -m benchmarks.reloads --folder somewhere --reloads 20 --write

Eight clients of `benchmarks.http` send searches that were never asked before; each must find as many hits as
on an idle server. `serve` is reloaded again and again meanwhile; then it rests for as long.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.build import ROOT, family
from benchmarks.http import driving, prepare
from benchmarks.http_clients import Outcome, expected_searches
from benchmarks.performance import describe_machine, proportional_mb, write_section

SERVE = Path(sys.executable).with_name("serve")


@contextmanager
def kept(config: Path) -> Iterator[tuple[str, int]]:
    """Run `serve` as its user does until the block ends; yield its address and process."""
    command = [SERVE, "--config", config, "--port", str(20_000 + os.getpid() % 10_000), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"], process.pid
        finally:
            process.terminate()


def reload(process: int) -> float:
    """Reload `serve` as systemd does; return the seconds until the new program answered."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "preses_relizes.keeper", str(process)]
    subprocess.run(command, cwd=ROOT, check=True)
    return time.perf_counter() - started


def measure(config: Path, reloads: int) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    with kept(config) as (address, process):
        searches = expected_searches(address)
        idle_mb = _memory_mb(process)
        with driving(address, searches, "new", 0) as reloading:
            seconds = [reload(process) for _ in range(reloads)]
        with driving(address, searches, "new", 1) as resting:
            time.sleep(min(sum(seconds), 60.0))
        after_mb = _memory_mb(process)
    yield f"{describe_machine()}; memory {idle_mb:.0f} MB before the clients, {after_mb:.0f} after them"
    yield ""
    yield "| | answers | lost or wrong | p50, ms | p95 | p99 | longest |"
    yield "|---|---|---|---|---|---|---|"
    yield _line(f"{reloads} reloads, {statistics.median(seconds):.1f} s each", reloading)
    yield _line("none", resting)
    yield from (
        f"\nErrors: {number} × {error}"
        for one in (reloading, resting)
        for error, number in one.errors.items()
    )


def _memory_mb(process: int) -> float:
    return sum(map(proportional_mb, family(process)))


def _line(name: str, outcome: Outcome) -> str:
    cuts = statistics.quantiles(outcome.latencies_ms, n=100, method="inclusive")
    times = " | ".join(f"{value:.0f}" for value in (cuts[49], cuts[94], cuts[98], max(outcome.latencies_ms)))
    return f"| {name} | {len(outcome.latencies_ms):,} | {sum(outcome.errors.values())} | {times} |"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--docs", type=int, default=20_000)
    options.add_argument("--reloads", type=int, default=200)
    options.add_argument("--folder", type=Path, help="folder for store and index; existing ones are reused")
    options.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lines = list(measure(prepare(chosen.folder or Path(scratch), chosen.docs), chosen.reloads))
    print("\n".join(lines))
    if chosen.write:
        write_section("benchmarks.reloads", lines)


if __name__ == "__main__":
    main()
