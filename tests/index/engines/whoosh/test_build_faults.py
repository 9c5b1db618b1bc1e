"""Whatever keeps an index from being built ends in one line, and the index before stays in use."""

import os
import random
import signal
import struct
import subprocess
import sys
import time
import zlib
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import lz4.block
import numpy as np
import pytest

from crawler.store import Store
from index.engines.whoosh.generations import CURRENT
from index.engines.whoosh.indexer import wrap_limit_errors
from index.errors import BuildError
from tests.support.reindexing import SEEN, fill, release, report, shown, use_small_dictionary

pytestmark = pytest.mark.sweep

COUNT = 10

# Runs `reindex` with a limit of the code or of the memory lowered.
LIMITED = """
import resource, sys
import index.segment.doc_lists, index.writer.text_writer, index.reindex

def memory_left(megabytes):
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (megabytes << 20), -1))

exec(sys.argv.pop(1))
index.reindex.main()
"""


def reindex(data: Path, limit: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", LIMITED, limit, "--config", data.parent / "config.toml", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def data(data: Path) -> Path:
    return use_small_dictionary(data)


@pytest.fixture
def indexed(data: Path) -> Path:
    fill(data / "releases.sqlite3", range(COUNT))
    report(data)
    return data


@pytest.mark.parametrize("arguments", [(), ("--full",)])
@pytest.mark.parametrize(
    ("limit", "named"),
    [
        ("index.writer.text_writer.WORDS_MAX = 3", "cannot be built: OverflowError: "),
        ("index.segment.doc_lists.BLOCKS_MAX = 0", "cannot be built: OverflowError: "),
        ("memory_left(48)", ""),  # the store, too, may meet its end
    ],
)
def test_more_than_an_index_or_the_memory_takes_is_one_line(
    indexed: Path, limit: str, named: str, arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    with Store(indexed / "releases.sqlite3") as store:
        for number in range(3):
            text = "a " * 1_500_000 if "memory" in limit else "Teksts."
            store.save(replace(release(f"new-{number}"), body=f"{text}{number}"), seen=SEEN)
    done = reindex(indexed, limit, *arguments)
    told = [line for line in done.stderr.splitlines() if not line.startswith(("Building", "Updating"))]
    assert (done.returncode, len(told)) == (4, 1), done.stderr
    assert told[0].startswith("reindex: /")
    assert named in told[0]
    assert shown(indexed) == before
    assert reindex(indexed, "", *arguments).returncode == 0
    assert len(shown(indexed)) == COUNT + 3


def endless() -> object:
    return endless()


@pytest.mark.parametrize(
    "fault",
    [
        lambda: array("I")[0],
        lambda: dict[str, str]()["a"],
        lambda: 1 / 0,
        lambda: array("I", [1 << 32]),
        lambda: struct.pack("B", 300),
        "\ud800".encode,
        lambda: zlib.decompress(b"no"),
        lambda: lz4.block.decompress(b"no"),
        lambda: np.array([1 << 70], np.uint64),
        lambda: np.zeros(1 << 60),
        lambda: np.zeros(3).reshape(2),
        lambda: bytearray(b"a").extend([300]),
        lambda: "a" * (1 << 62),
        endless,
    ],
)
def test_what_limits_lead_to_is_one_error_that_names_the_folder(
    tmp_path: Path, fault: Callable[[], object]
) -> None:
    with (
        pytest.raises(BuildError, match=rf"^{tmp_path}: cannot be built: \w+: [^\n]+$"),
        wrap_limit_errors(tmp_path),
    ):
        fault()


SHARED = """
from index import reindex
from index.engines.whoosh import builder
builder.WORTHWHILE = 1
reindex.main()
"""


def workers_of(process: int) -> list[int]:
    """Return the processes that *process* spawned to build with it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    spawned = []
    for child in children:
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                spawned.append(int(child))
    return spawned


def wait_for_workers(process: int, count: int) -> list[int]:
    while len(workers := workers_of(process)) < count:
        pass
    return workers


def kill_the_first_worker(process: int) -> None:
    os.kill(wait_for_workers(process, 1)[0], signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the children of a process in /proc")
def test_a_process_that_is_killed_is_one_line(data: Path) -> None:
    fill(data / "releases.sqlite3", range(300))
    with (data.parent / "config.toml").open("a", encoding="utf-8") as config:
        config.write("processes = 2\n")
    command = [sys.executable, "-c", SHARED, "--config", str(data.parent / "config.toml")]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    kill_the_first_worker(running.pid)
    _, said = running.communicate(timeout=60)
    told = [line for line in said.splitlines() if not line.startswith("Building")]
    assert (running.returncode, len(told)) == (4, 1), said
    assert "cannot be built: WorkerError: a worker process was killed by signal 9 " in told[0]
    assert list((data / "index").glob("*.draft")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads the children of a process in /proc")
@pytest.mark.parametrize("seed", range(6))
def test_a_worker_killed_at_any_moment_ends_the_build_in_one_line(data: Path, seed: int) -> None:
    fill(data / "releases.sqlite3", range(300))
    with (data.parent / "config.toml").open("a", encoding="utf-8") as config:
        config.write("processes = 2\n")
    command = [sys.executable, "-c", SHARED, "--config", str(data.parent / "config.toml")]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    drawn = random.Random(seed)
    workers = wait_for_workers(running.pid, 2)
    time.sleep(drawn.uniform(0, 1.5))
    with suppress(ProcessLookupError):  # the build was over before
        os.kill(drawn.choice(workers), signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    lines = [line for line in said.splitlines() if not line.startswith("Building")]
    if running.returncode:
        assert (running.returncode, len(lines)) == (4, 1), said
        assert "a worker process was killed by signal 9" in lines[0]
        assert not (data / "index" / CURRENT).exists()
    else:
        assert (lines, len(shown(data))) == ([], 100)
    assert list((data / "index").glob("*.draft")) == []
