"""The time and memory of `reindex --full`, and the delay until a few changed releases are searchable.

python -m benchmarks.build --docs 20000
python -m benchmarks.build --docs 200000 --folder somewhere --write

The releases are those of ``benchmarks.corpus``, written to a store first: nothing of the corpus is in the
processes that are measured.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from benchmarks.corpus import Analysed, Corpus
from benchmarks.performance import describe_machine, memory_mb, proportional_mb, write_section
from crawler.store import Release, Store
from index.analysis import Analyzer
from index.codec import open_dir
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.indexer import update
from index.engines.whoosh.schema import schema
from index.search import IndexReader

ROOT = Path(__file__).parents[1]
SAVED_TOGETHER = 1_000
CHANGED = 10
# Every eighth commit merges, so this covers several merges.
COMMITS = 24
_TOLD_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Build:
    """The cost of a `reindex --full`."""

    processes: int
    wall_s: float
    cpu_s: float
    """CPU time of all its processes."""
    memory_mb: float
    """Peak resident memory of all processes together; shared pages count once."""
    highest_mb: float
    """Sum of each process's own peak; shared pages count several times, and the peaks may differ in time."""
    size_mb: float


@dataclass(frozen=True, slots=True)
class Commit:
    """The cost of indexing a few changed releases."""

    commit_ms: float
    """From reading the store to the synced table of contents."""
    open_ms: float
    segments: int


# --- The store -----------------------------------------------------------------------------------


def write_store(path: Path, count: int) -> None:
    """Write releases to a new store."""
    releases = Corpus().releases(count)
    with Store(path) as store:
        while some := list(islice(releases, SAVED_TOGETHER)):
            with store.transaction():
                for one in some:
                    store.save(_release(one), seen=datetime(2026, 1, 1, tzinfo=UTC))


def _release(one: Analysed) -> Release:
    return Release(
        url=f"https://www.{one.ministry}.gov.lv/lv/jaunums/{one.id}",
        site=one.ministry,
        ministry=one.ministry,
        language="lv",
        title=one.title,
        lead=one.lead,
        body=one.body,
        contact="",
        published=date.fromordinal(one.published),
        published_source="time",
        published_confidence="high",
    )


# --- Building ------------------------------------------------------------------------------------


def build(folder: Path, processes: int) -> Build:
    """Run `reindex --full` on the store in *folder*."""
    config = folder / "config.toml"
    config.write_text(f'data_dir = "."\n[index]\nprocesses = {processes}\n', encoding="utf-8")
    shutil.rmtree(folder / "index", ignore_errors=True)
    before, started = os.times(), time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-c", "from index.reindex import main; main()", "--config", str(config), "--full"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most: dict[int, float] = {}
    together = 0.0
    while running.poll() is None:
        processes_now = family(running.pid)
        for process in processes_now:
            most[process] = max(most.get(process, 0), memory_mb(process, "VmHWM"))
        together = max(together, sum(map(proportional_mb, processes_now)))
        time.sleep(_TOLD_EVERY_S)
    wall_s, after = time.perf_counter() - started, os.times()
    if running.returncode:
        raise SystemExit(f"reindex ended with {running.returncode}")
    return Build(
        processes=processes,
        wall_s=wall_s,
        cpu_s=sum(after[2:4]) - sum(before[2:4]),
        memory_mb=together,
        highest_mb=sum(most.values()),
        size_mb=sum(path.stat().st_size for path in (folder / "index").rglob("MAIN_*")) / 1e6,
    )


def family(process: int) -> list[int]:
    """Return a process and its descendants, as Linux lists them."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # the process has ended
        return []
    return [process, *(one for child in children for one in family(int(child)))]


# --- A few changes -------------------------------------------------------------------------------


def commits(folder: Path) -> list[Commit]:
    """Change some releases and index them, repeatedly, in this process."""
    generation = Generations(folder / "index").current()
    assert generation is not None
    analyzer = Analyzer()
    return [_commit(generation, folder / "releases.sqlite3", analyzer, number) for number in range(COMMITS)]


def _commit(generation: Path, store_path: Path, analyzer: Analyzer, number: int) -> Commit:
    since = WhooshEngine(generation).info().number
    with Store(store_path) as store:
        _change(store, number)
        started = time.perf_counter()
        update(generation, store, analyzer, since=since)
        committed = time.perf_counter()
    WhooshEngine(generation)
    opened = time.perf_counter()
    segments = len(IndexReader(open_dir(generation, schema())).segments)
    return Commit(1000 * (committed - started), 1000 * (opened - committed), segments)


def _change(store: Store, number: int) -> None:
    with store.transaction():
        for (id_,) in store.rows("SELECT id FROM release ORDER BY number LIMIT ?", CHANGED):
            if stored := store.get(id_):
                release = replace(stored.release, title=f"{stored.release.title} {number}")
                store.save(release, seen=datetime(2026, 1, 2, tzinfo=UTC))


# --- The report ----------------------------------------------------------------------------------


def report(docs: int, built: list[Build], committed: list[Commit]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield describe_machine()
    yield ""
    columns = "processes | a second | CPU, µs a release | MB at once | highest, added up | MB on disk"
    yield f"| `reindex --full`, releases | {columns} |"
    yield "|---|---|---|---|---|---|---|"
    for one in built:
        yield (
            f"| {docs:,} | {one.processes} | {docs / one.wall_s:,.0f} | {1e6 * one.cpu_s / docs:,.0f} "
            f"| {one.memory_mb:,.0f} | {one.highest_mb:,.0f} | {one.size_mb:,.0f} |"
        )
    times = sorted(one.commit_ms for one in committed)
    opening = sorted(one.open_ms for one in committed)
    yield ""
    yield (
        f"{CHANGED} changed releases at {docs:,}, {len(committed)} times: in the index and on disk after "
        f"{statistics.median(times):.0f} ms ({times[0]:.0f} to {times[-1]:.0f}), opened in "
        f"{statistics.median(opening):.0f} ms ({opening[0]:.0f} to {opening[-1]:.0f}), "
        f"at most {max(one.segments for one in committed)} segments."
    )


def main() -> None:
    """Run the command."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--docs", type=int, default=20_000)
    options.add_argument(
        "--folder", type=Path, help="folder for store and index; an existing store is reused"
    )
    options.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    options.add_argument("--only", choices=("store", "commits"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen.only == "store":
            write_store(folder / "releases.sqlite3", chosen.docs)
        elif chosen.only == "commits":
            print(json.dumps([[one.commit_ms, one.open_ms, one.segments] for one in commits(folder)]))
        else:
            _measure(folder, chosen.docs, write=chosen.write)


def _measure(folder: Path, docs: int, *, write: bool) -> None:
    if not (folder / "releases.sqlite3").exists():
        _apart(folder, docs, "store")
    built = [build(folder, processes) for processes in (1, 2)]
    committed = [Commit(*one) for one in json.loads(_apart(folder, docs, "commits"))]
    lines = list(report(docs, built, committed))
    print("\n".join(lines))
    if write:
        write_section("benchmarks.build", lines)


def _apart(folder: Path, docs: int, what: str) -> str:
    """Run a step in a separate process."""
    command = [sys.executable, "-m", "benchmarks.build", "--docs", str(docs), "--folder", str(folder)]
    done = subprocess.run([*command, "--only", what], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
