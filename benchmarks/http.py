"""The searches per second and latencies of `serve` over HTTP: at rest, and during `reindex --full`.

python -m benchmarks.http --docs 20000
python -m benchmarks.http --docs 200000 --folder somewhere --write
python -m benchmarks.http --docs 10000 --compare

The releases are those of ``benchmarks.corpus``. Eight clients, in a separate process on the same machine,
send the next search as soon as they have an answer; its number of hits must be that of an idle server. Two
mixes of searches take turns: repeated as in query logs, and never asked before.
``--compare`` measures gunicorn and granian beside `serve`: speed, memory, slow clients, killed workers, a new
index.
"""

import argparse
import json
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain, count
from pathlib import Path

from benchmarks import http_comparison
from benchmarks.build import ROOT, family, write_store
from benchmarks.http_clients import MIXES, Outcome, Search, expected_searches, send_searches
from benchmarks.performance import describe_machine, proportional_mb, write_section
from preses_relizes.shared.signals import sigterm_as_ctrl_c

CLIENTS, ROUNDS, ROUND_S = 8, 5, 10.0
# Clients continue after the new index is in use: its caches are built then.
AFTER_SWAP_S = 10.0


# --- The measurement -----------------------------------------------------------------------------


@contextmanager
def serving(config: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run `serve` with *options* until the block ends; yield its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-c", "from searcher.serve import main; main()"]
    with subprocess.Popen(
        [*command, "--config", config, "--port", port, "--json", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"], process.pid
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def driving(address: str, searches: Sequence[Search], mix: str, turn: int) -> Iterator[Outcome]:
    """Let clients send a mix of searches until the block ends; their outcome is filled in then."""
    outcome = Outcome()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.http", "--drive", address, "--mix", mix, "--turn", str(turn)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps([asdict(search) for search in searches]) + "\n")
        process.stdin.flush()
        yield outcome
        output, _ = process.communicate()
    for name, value in json.loads(output).items():
        setattr(outcome, name, value)


def drive(address: str, searches: Sequence[Search], mix: str, turn: int) -> Outcome:
    """Send searches until the standard input is closed."""
    stopped = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        stopped.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    return send_searches(address, searches, CLIENTS, stopped, mix=mix, turn=turn)


def measure(config: Path) -> tuple[dict[str, list[Outcome]], dict[str, Outcome], float]:
    """Return by mix the outcomes of the rounds at rest, and of a rebuild; and the memory of `serve` in MB."""
    turns = count()
    with serving(config) as (address, process):
        searches = expected_searches(address)
        rounds: dict[str, list[Outcome]] = {mix: [] for mix in MIXES}
        for _ in range(1 + ROUNDS):
            for mix in MIXES:
                with driving(address, searches, mix, next(turns)) as calm:
                    time.sleep(ROUND_S)
                rounds[mix].append(calm)
        memory_mb = sum(map(proportional_mb, family(process)))
        rebuilding: dict[str, Outcome] = {}
        for mix in MIXES:
            with driving(address, searches, mix, next(turns)) as rebuilding[mix]:
                reindex(config)
                time.sleep(AFTER_SWAP_S)
    # The first round warms up.
    return {mix: outcomes[1:] for mix, outcomes in rounds.items()}, rebuilding, memory_mb


def reindex(config: Path) -> None:
    """Rebuild the index, as a user does."""
    command = [sys.executable, "-c", "from index.reindex import main; main()"]
    subprocess.run(
        [*command, "--config", config, "--full"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


# --- The report ----------------------------------------------------------------------------------


def report(
    docs: int, rounds: Mapping[str, Sequence[Outcome]], rebuilding: Mapping[str, Outcome], memory_mb: float
) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield f"{describe_machine()}; {docs:,} releases; memory of `serve`: {memory_mb:,.0f} MB"
    yield ""
    yield "| | requests a second | p50, ms | p95 | p99 | errors |"
    yield "|---|---|---|---|---|---|"
    for mix in MIXES:
        yield _line(f"{mix}, at rest, median of {len(rounds[mix])} × {ROUND_S:.0f} s", rounds[mix])
        while_building = f"`reindex --full` and {AFTER_SWAP_S:.0f} s after, {rebuilding[mix].seconds:.0f} s"
        yield _line(f"{mix}, {while_building}", [rebuilding[mix]])
    outcomes = (*chain.from_iterable(rounds.values()), *rebuilding.values())
    for error, number in sum((Counter(one.errors) for one in outcomes), Counter()).items():
        yield f"\nErrors: {number} × {error}"


def _line(name: str, rounds: Sequence[Outcome]) -> str:
    cuts = [statistics.quantiles(one.latencies_ms, n=100, method="inclusive") for one in rounds]
    columns = [[one.per_s for one in rounds], *([cut[at] for cut in cuts] for at in (49, 94, 98))]
    errors = sum(sum(one.errors.values()) for one in rounds)
    return f"| {name} | {' | '.join(map(_spread, columns))} | {errors} |"


def _spread(values: Sequence[float]) -> str:
    middle = f"{statistics.median(values):.0f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.0f}–{max(values):.0f})"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--docs", type=int, default=20_000)
    options.add_argument("--folder", type=Path, help="folder for store and index; existing ones are reused")
    options.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    options.add_argument("--compare", action="store_true", help="compare with gunicorn and granian")
    options.add_argument("--rounds", type=int, default=6, help="rounds of the comparison")
    options.add_argument("--drive", metavar="ADDRESS", help=argparse.SUPPRESS)
    options.add_argument("--mix", choices=MIXES, help=argparse.SUPPRESS)
    options.add_argument("--turn", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.drive:
        searches = [Search(**one) for one in json.loads(sys.stdin.readline())]
        print(json.dumps(asdict(drive(chosen.drive, searches, chosen.mix, chosen.turn))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        config = prepare(chosen.folder or Path(scratch), chosen.docs)
        if chosen.compare:
            print(describe_machine(), f"{chosen.docs:,} releases", sep="; ")
            with sigterm_as_ctrl_c():  # the servers must end, too
                http_comparison.compare(config, chosen.rounds, lambda: reindex(config))
            return
        lines = list(report(chosen.docs, *measure(config)))
    print("\n".join(lines))
    if chosen.write:
        write_section("benchmarks.http", lines)


def prepare(folder: Path, docs: int) -> Path:
    """Return the settings of a store and its index in *folder*; build what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "releases.sqlite3").exists():
        write_store(folder / "releases.sqlite3", docs)
    config = folder / "http.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    if not (folder / "index" / "CURRENT").exists():
        reindex(config)
    return config


if __name__ == "__main__":
    main()
