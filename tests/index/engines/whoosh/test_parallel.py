import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.store import Store, StoreError
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import DICTIONARY
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import CURRENT
from index.engines.whoosh.indexer import build
from index.engines.whoosh.parallel import Partition, build_shared, partition
from index.query import Everything, Query
from tests.index.conftest import SEEN, Save
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import child, first_line
from tests.support.engines import faults
from tests.support.reindexing import fill, said, shown, use_small_dictionary

pytestmark = pytest.mark.sweep

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)


def split_in_two(folder: Path, store: Store, before: Path) -> list[Partition]:
    return partition(folder, store, dictionary=DICTIONARY, cached=before, processes=2)


def test_two_processes_build_what_one_builds(
    save: Save, store: Store, analyzer: Analyzer, tmp_path: Path
) -> None:
    for number in range(30):
        save(f"{number}", title=f"Ziņa {number}", body="Valsts ieņēmumu dienests (VID) informē.")
    store.hide("https://iem.example/7", seen=SEEN)
    folder_of_one, folder_of_two = tmp_path / "one", tmp_path / "two"
    folder_of_one.mkdir()
    folder_of_two.mkdir()
    alone = build(folder_of_one, store, analyzer)
    progress: list[int] = []
    shared = build_shared(
        folder_of_two,
        store,
        analyzer,
        split_in_two(folder_of_two, store, tmp_path / "none"),
        on_progress=progress.append,
    )
    assert (shared.added, shared.removed, shared.number) == (alone.added, alone.removed, alone.number)
    assert [(d.short, d.releases) for d in shared.definitions] == [("VID", 29)]
    assert sum(progress) == 30
    assert faults(folder_of_two, analyzer, releases=29) == []
    engines = WhooshEngine(folder_of_one), WhooshEngine(folder_of_two)
    hits, others = ({hit.id: hit.title for hit in engine.search(EVERYTHING).hits} for engine in engines)
    assert hits == others
    assert [path for path in folder_of_two.iterdir() if path.is_dir()] == []


def test_changes_during_a_build_are_indexed_once(
    save: Save, store: Store, analyzer: Analyzer, tmp_path: Path
) -> None:
    for number in range(10):
        save(f"{number}", title=f"Ziņa {number}")
    parts = split_in_two(tmp_path, store, tmp_path / "none")
    save("3", title="Labota ziņa")
    save("11", title="Jauna ziņa")
    build_shared(tmp_path, store, analyzer, parts, on_progress=lambda _: None)
    titles = [hit.title.text for hit in WhooshEngine(tmp_path).search(EVERYTHING).hits]
    assert len(titles) == 11
    assert {"Labota ziņa", "Jauna ziņa"} < set(titles)


def test_an_error_in_a_worker_is_raised(save: Save, store: Store, analyzer: Analyzer, tmp_path: Path) -> None:
    save("a")
    parts = split_in_two(tmp_path, store, tmp_path / "none")
    store.path.unlink()
    with pytest.raises(StoreError, match="no releases yet"):
        build_shared(tmp_path, store, analyzer, parts, on_progress=lambda _: None)


WAITING = """
import sys
from pathlib import Path
from index.engines.whoosh.parallel import Partition, _start

folder = Path(sys.argv[1])
dictionary = Path(sys.argv[2])
part = Partition(
    folder=folder / "share", store=folder / "store", dictionary=dictionary, cached=folder, since=0, until=1
)
with _start(part) as worker:
    print(worker.process.pid, flush=True)
    worker.receive()
"""


def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "vocabulary")  # the worker blocks when it reads this
    command = [sys.executable, "-c", WAITING, tmp_path, DICTIONARY]
    with child(command, stdout=subprocess.PIPE) as waiting:
        assert int(first_line(waiting)) != waiting.pid
        waiting.kill()
        # The worker holds the same pipe, which ends when both processes have ended.
        waiting.communicate(timeout=DEADLINE_S)


SHARED = """
from index import reindex
from index.engines.whoosh import builder
builder.WORTHWHILE = 1
reindex.main()
"""


@pytest.fixture
def two_processes(data: Path) -> Path:
    """Return a data directory whose releases two processes index."""
    use_small_dictionary(data)
    fill(data / "releases.sqlite3", range(300))
    with (data.parent / "config.toml").open("a", encoding="utf-8") as config:
        config.write("processes = 2\n")
    return data


def workers_of(process: int) -> list[int]:
    """Return the processes that *process* spawned to build with it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    spawned = []
    for one in children:
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes():
                spawned.append(int(one))
    return spawned


def wait_for_workers(process: int, count: int) -> list[int]:
    workers: list[int] = []

    def have_come() -> bool:
        workers[:] = workers_of(process)
        return len(workers) >= count

    wait_until(have_come)
    return workers


def wait_for_cpu_time(process: int, seconds: float) -> None:
    """Wait until *process* has worked for *seconds*, or has ended."""
    ticks = seconds * os.sysconf("SC_CLK_TCK")
    with suppress(FileNotFoundError, ProcessLookupError):
        while True:
            state, *fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
            # The 14th and 15th field of the file: user and system time.
            if state in "ZX" or int(fields[10]) + int(fields[11]) >= ticks:
                return


def kill_the_first_worker(process: int) -> None:
    os.kill(wait_for_workers(process, 1)[0], signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads the children of a process in /proc")
def test_a_worker_killed_at_its_start_ends_the_build_in_one_line(two_processes: Path) -> None:
    data = two_processes
    command = [sys.executable, "-c", SHARED, "--config", str(data.parent / "config.toml")]
    with child(command, stderr=subprocess.PIPE) as running:
        kill_the_first_worker(running.pid)
        _, stderr = running.communicate(timeout=DEADLINE_S)
    lines = said(stderr)
    assert (running.returncode, len(lines)) == (4, 1), stderr
    assert "cannot be built: WorkerError: a worker process was killed by signal 9 " in lines[0]
    assert list((data / "index").glob("*.draft")) == []


@pytest.mark.long_sweep
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads the children of a process in /proc")
@pytest.mark.parametrize("seed", range(6))
def test_a_worker_killed_at_any_moment_ends_the_build_in_one_line(two_processes: Path, seed: int) -> None:
    data = two_processes
    command = [sys.executable, "-c", SHARED, "--config", str(data.parent / "config.toml")]
    rng = random.Random(seed)
    with child(command, stderr=subprocess.PIPE) as running:
        worker = rng.choice(wait_for_workers(running.pid, 2))
        wait_for_cpu_time(worker, rng.uniform(0, 1.5))
        with suppress(ProcessLookupError):  # the build was faster
            os.kill(worker, signal.SIGKILL)
        _, stderr = running.communicate(timeout=DEADLINE_S)
    lines = said(stderr)
    if running.returncode:
        assert (running.returncode, len(lines)) == (4, 1), stderr
        assert "a worker process was killed by signal 9" in lines[0]
        assert not (data / "index" / CURRENT).exists()
    else:
        assert (lines, len(shown(data))) == ([], 100)
    assert list((data / "index").glob("*.draft")) == []
