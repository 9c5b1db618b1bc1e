"""A build that fails ends in one line, and the old index stays in use."""

import struct
import subprocess
import sys
import zlib
from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zstandard

from crawler.store import Store
from index.engines.whoosh.indexer import wrap_limit_errors
from index.errors import BuildError
from tests.support.reindexing import SEEN, fill, release, report, run, shown, use_small_dictionary

pytestmark = pytest.mark.sweep

COUNT = 10

# Runs `reindex` with a lowered limit of the code, or of the memory.
LIMITED = """
import resource, sys
import index.segment.doc_lists, index.writer.text_writer, index.reindex

def memory_left(megabytes):
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (megabytes << 20), -1))

exec(sys.argv.pop(1))
index.reindex.main()
"""


def reindex_limited(data: Path, limit: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
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
        ("memory_left(48)", ""),  # the store may be the one that runs out of memory
    ],
)
def test_exceeding_a_limit_or_the_memory_is_one_line(
    indexed: Path, limit: str, named: str, arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    with Store(indexed / "releases.sqlite3") as store:
        for number in range(3):
            text = "a " * 1_500_000 if "memory" in limit else "Teksts."
            store.save(replace(release(f"new-{number}"), body=f"{text}{number}"), seen=SEEN)
    result = reindex_limited(indexed, limit, *arguments)
    lines = [line for line in result.stderr.splitlines() if not line.startswith(("Building", "Updating"))]
    assert (result.returncode, len(lines)) == (4, 1), result.stderr
    assert lines[0].startswith("reindex: /")
    assert named in lines[0]
    assert shown(indexed) == before
    assert run(indexed, *arguments).returncode == 0
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
        lambda: zstandard.decompress(b"no"),
        lambda: np.array([1 << 70], np.uint64),
        lambda: np.zeros(1 << 60),
        lambda: np.zeros(3).reshape(2),
        lambda: bytearray(b"a").extend([300]),
        lambda: "a" * (1 << 62),
        endless,
    ],
)
def test_an_exceeded_limit_is_one_error_that_names_the_folder(
    tmp_path: Path, fault: Callable[[], object]
) -> None:
    with (
        pytest.raises(BuildError, match=rf"^{tmp_path}: cannot be built: \w+: [^\n]+$"),
        wrap_limit_errors(tmp_path),
    ):
        fault()
