"""Time and memory of `reindex --full`, and the delay until a few changed releases are searchable.

python -m benchmarks.build --docs 20000
python -m benchmarks.build --docs 200000 --folder somewhere --write

The releases of ``benchmarks.corpus`` are written to a store first, so the measured processes do not generate
them.
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

from benchmarks.corpus import Corpus, CorpusRelease
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
RELEASES_PER_TRANSACTION = 1_000
CHANGED_RELEASES = 10
# Every eighth commit merges, so this covers several merges.
COMMITS = 24
_SAMPLE_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Build:
    """The cost of a `reindex --full`."""

    processes: int
    wall_s: float
    cpu_s: float
    """CPU time of all its processes."""
    memory_mb: float
    """Peak of the resident memory of all processes; shared pages count once."""
    highest_mb: float
    """Sum of the peaks of the processes; shared pages count several times, and peaks may differ in time."""
    size_mb: float


@dataclass(frozen=True, slots=True)
class Commit:
    """The cost of indexing a few changed releases."""

    commit_ms: float
    """The time from reading the store to syncing the table of contents."""
    open_ms: float
    segments: int


# --- The store -----------------------------------------------------------------------------------


def write_store(path: Path, count: int, *, first: int = 0) -> None:
    """Write the first *count* releases to a store that has the *first* ones of them."""
    releases = islice(Corpus().releases(count), first, None)
    with Store(path) as store:
        while batch := list(islice(releases, RELEASES_PER_TRANSACTION)):
            with store.transaction():
                for release in batch:
                    store.save(stored_release(release), seen=datetime(2026, 1, 1, tzinfo=UTC))


def stored_release(source: CorpusRelease) -> Release:
    """Return a release of the corpus as the store takes it."""
    return Release(
        url=f"https://www.{source.ministry}.gov.lv/lv/jaunums/{source.id}",
        site=source.ministry,
        ministry=source.ministry,
        language="lv",
        title=source.title,
        lead=source.lead,
        body=source.body,
        contact="",
        published=date.fromordinal(source.published),
        published_source="time",
        published_confidence="high",
    )


# --- Building ------------------------------------------------------------------------------------


def build(folder: Path, processes: int) -> Build:
    """Run `reindex --full` on the store in *folder*."""
    config = folder / "config.toml"
    config.write_text(f'data_dir = "."\n[index]\nprocesses = {processes}\n', encoding="utf-8")
    shutil.rmtree(folder / "index", ignore_errors=True)
    times_before, start_s = os.times(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", "from index.reindex import main; main()", "--config", str(config), "--full"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peaks: dict[int, float] = {}
    sum_peak = 0.0
    while process.poll() is None:
        processes_now = family(process.pid)
        for pid in processes_now:
            peaks[pid] = max(peaks.get(pid, 0), memory_mb(pid, "VmHWM"))
        sum_peak = max(sum_peak, sum(map(proportional_mb, processes_now)))
        time.sleep(_SAMPLE_EVERY_S)
    wall_s, times_after = time.perf_counter() - start_s, os.times()
    if process.returncode:
        raise SystemExit(f"reindex ended with {process.returncode}")
    return Build(
        processes=processes,
        wall_s=wall_s,
        cpu_s=sum(times_after[2:4]) - sum(times_before[2:4]),
        memory_mb=sum_peak,
        highest_mb=sum(peaks.values()),
        size_mb=sum(path.stat().st_size for path in (folder / "index").rglob("MAIN_*")) / 1e6,
    )


def family(process: int) -> list[int]:
    """Return a process and its descendants, as Linux lists them."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # the process has ended
        return []
    return [process, *(member for child in children for member in family(int(child)))]


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
        start_s = time.perf_counter()
        update(generation, store, analyzer, since=since)
        committed_s = time.perf_counter()
    WhooshEngine(generation)
    opened_s = time.perf_counter()
    segments = len(IndexReader(open_dir(generation, schema())).segments)
    return Commit(1000 * (committed_s - start_s), 1000 * (opened_s - committed_s), segments)


def _change(store: Store, number: int) -> None:
    with store.transaction():
        for (id_,) in store.rows("SELECT id FROM release ORDER BY number LIMIT ?", CHANGED_RELEASES):
            if stored := store.get(id_):
                release = replace(stored.release, title=f"{stored.release.title} {number}")
                store.save(release, seen=datetime(2026, 1, 2, tzinfo=UTC))


# --- The report ----------------------------------------------------------------------------------


def report(docs: int, builds: list[Build], commit_costs: list[Commit]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield describe_machine()
    yield ""
    columns = "processes | a second | CPU, µs a release | MB at once | highest, added up | MB on disk"
    yield f"| `reindex --full`, releases | {columns} |"
    yield "|---|---|---|---|---|---|---|"
    for cost in builds:
        yield (
            f"| {docs:,} | {cost.processes} | {docs / cost.wall_s:,.0f} | {1e6 * cost.cpu_s / docs:,.0f} "
            f"| {cost.memory_mb:,.0f} | {cost.highest_mb:,.0f} | {cost.size_mb:,.0f} |"
        )
    times = sorted(cost.commit_ms for cost in commit_costs)
    opening = sorted(cost.open_ms for cost in commit_costs)
    yield ""
    yield (
        f"{CHANGED_RELEASES} changed releases at {docs:,}, {len(commit_costs)} times: in the index and "
        "on disk after "
        f"{statistics.median(times):.0f} ms ({times[0]:.0f} to {times[-1]:.0f}), opened in "
        f"{statistics.median(opening):.0f} ms ({opening[0]:.0f} to {opening[-1]:.0f}), "
        f"at most {max(cost.segments for cost in commit_costs)} segments."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="folder for store and index; an existing store is reused")
    parser.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    parser.add_argument("--only", choices=("store", "commits"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temp_dir:
        folder = options.folder or Path(temp_dir)
        folder.mkdir(parents=True, exist_ok=True)
        if options.only == "store":
            write_store(folder / "releases.sqlite3", options.docs)
        elif options.only == "commits":
            print(json.dumps([[cost.commit_ms, cost.open_ms, cost.segments] for cost in commits(folder)]))
        else:
            _measure(folder, options.docs, write=options.write)


def _measure(folder: Path, docs: int, *, write: bool) -> None:
    if not (folder / "releases.sqlite3").exists():
        _run_step(folder, docs, "store")
    builds = [build(folder, processes) for processes in (1, 2)]
    commit_costs = [Commit(*row) for row in json.loads(_run_step(folder, docs, "commits"))]
    lines = list(report(docs, builds, commit_costs))
    print("\n".join(lines))
    if write:
        write_section("benchmarks.build", lines)


def _run_step(folder: Path, docs: int, step: str) -> str:
    """Run a step in a separate process."""
    command = [sys.executable, "-m", "benchmarks.build", "--docs", str(docs), "--folder", str(folder)]
    result = subprocess.run(
        [*command, "--only", step], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return result.stdout


if __name__ == "__main__":
    main()
